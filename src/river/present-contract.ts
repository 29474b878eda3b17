import { equalBytes } from '../shared/bytes.ts';
import { encode } from './cbor/codec.ts';
import { contractKey, roomContractKey } from './contract-key.ts';
import type { OwnRoomData } from './room-data.ts';

/**
 * Rooms of earlier contracts move to the present one; where they lay is kept in `previous_contract_key`. The same data where it is
 * there already. Source: river: ui/src/room_data.rs.
 *
 * @param codeHash of the room contract of now, 32 bytes
 */
export function ofPresentContract<T extends OwnRoomData>(own: T, codeHash: Uint8Array): T {
  const present = roomContractKey(codeHash, own.ownerVk);
  const same = equalBytes(encode(contractKey, present), encode(contractKey, own.contractKey));
  return same ? own : { ...own, contractKey: present, previousContractKey: own.contractKey };
}
