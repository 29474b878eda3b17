import { encode } from '../../src/river/cbor/codec.ts';
import { memberId } from '../../src/river/ids.ts';
import { sign } from '../../src/river/keys.ts';
import { member as memberCodec } from '../../src/river/room-state/members.ts';
import { message as messageCodec } from '../../src/river/room-state/messages.ts';
import { roomParameters } from '../../src/river/room-state/parameters.ts';
import { roomState, type RoomState } from '../../src/river/room-state/room-state.ts';
import { edgeSigners, type EdgeSigner } from '../../src/river/testing/edge-signatures.ts';
import { fresh, owner, params, said } from '../../src/river/testing/small-room.ts';
import { both, type Contract } from './contracts.ts';
import type { Tally } from './tally.ts';

/** Messages per signer: with a torsion component every eighth one or so is valid. */
const MESSAGES = 16;

/** A room with one member and one message, signed in an odd way. */
function roomWith(signer: EdgeSigner, secs: number): RoomState {
  const member = { ownerMemberId: owner.id, invitedBy: owner.id, memberVk: signer.key };
  const { message: template } = said(owner, secs);
  const message = { ...template, author: memberId(signer.key) };
  return {
    ...fresh(),
    members: [{ member, signature: sign(encode(memberCodec, member), owner.seed) }],
    recentMessages: [{ message, signature: signer.sign(encode(messageCodec, message)) }],
  };
}

/** Keys and signatures on which Ed25519 libraries differ: Weir must say what River says. */
export async function checkSignatures(
  river: Contract,
  weir: Contract,
  tally: Tally,
): Promise<void> {
  tally.begin('odd signatures');
  const parameters = encode(roomParameters, params);
  for (const signer of edgeSigners()) {
    for (let secs = 0; secs < MESSAGES; secs++) {
      const state = encode(roomState, roomWith(signer, secs));
      await both(
        `signature: ${signer.name}`,
        river,
        weir,
        (contract) => contract.validate(parameters, state),
        tally.compare.bind(tally),
      );
    }
  }
}
