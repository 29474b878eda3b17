import { fromHex } from '../../shared/bytes.ts';

/** BLAKE3 of the room contract that River ships (snapshot of August 2026): it names the contract of every new room. */
export const ROOM_CONTRACT_CODE_HASH = fromHex(
  'e765339ba3039f937256f4b6f7e8683d43f90e158f5d80f0dd45afdca69911e5',
);
