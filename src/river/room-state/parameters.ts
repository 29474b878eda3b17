import { struct } from '../cbor/struct.ts';
import { memberId, type MemberId } from '../ids.ts';
import { verifyingKey, type VerifyingKey } from '../keys.ts';

/** The contract's parameters (`ChatRoomParametersV1`): the owner's key names the room. */
export interface RoomParameters {
  readonly owner: VerifyingKey;
}

export const roomParameters = struct<RoomParameters>({ owner: verifyingKey });

export const ownerIdOf = ({ owner }: RoomParameters): MemberId => memberId(owner);
