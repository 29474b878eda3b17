import { ROOM_CONTRACT_CODE_HASH as HASH } from '../../river/room-contracts.ts';
import { fromHex } from '../../shared/bytes.ts';

/** The code hash of the contract that new rooms live under, 32 bytes. */
export const ROOM_CONTRACT_CODE_HASH = fromHex(HASH);
