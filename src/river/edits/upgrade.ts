import { err, ok, type Result } from '../../shared/result.ts';
import { encode } from '../cbor/codec.ts';
import { sign } from '../keys.ts';
import { ownerIdOf } from '../room-state/parameters.ts';
import { EMPTY_DELTA, type RoomDelta } from '../room-state/room-state.ts';
import { upgrade as upgradeCodec, type AuthorizedUpgrade } from '../room-state/upgrade.ts';
import { upgradeClaim } from '../signatures/claims.ts';
import type { EditRoom } from './author.ts';
import type { EditRefused } from './refused.ts';

/** Points everyone to the contract that the room has moved to. @param newChatroomAddress its instance id, 32 bytes */
export function composeUpgrade(
  room: EditRoom,
  newChatroomAddress: Uint8Array,
): Result<RoomDelta, EditRefused> {
  const { state, params, author, memo } = room;
  if (!author.isOwner) return err({ type: 'NotOwner' });
  const version = (state.upgrade?.upgrade.version ?? 0) + 1;
  if (version > 255) {
    return err({ type: 'BreaksRule', reason: 'The room has no further upgrade version.' });
  }
  const unsigned = { ownerMemberId: ownerIdOf(params), version, newChatroomAddress };
  const upgrade: AuthorizedUpgrade = {
    upgrade: unsigned,
    signature: sign(encode(upgradeCodec, unsigned), author.signingKey),
  };
  memo.trust([upgradeClaim(upgrade, params.owner)]);
  return ok({ ...EMPTY_DELTA, upgrade });
}
