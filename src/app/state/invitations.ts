import {
  awaitingOwn,
  awaitingRoom,
  isAwaiting,
  type AwaitedRoom,
} from '../../persist/awaiting-room.ts';
import { composeJoining, type JoinDeps } from '../../persist/join.ts';
import type { LoadedRoom } from '../../persist/loaded-room.ts';
import { viewOf } from '../../persist/listing.ts';
import type { WholeRoomChange } from '../../persist/whole-room.ts';
import { editRoom, presenceDelta } from '../../river/edits/author.ts';
import { describeEditRefused, type EditRefused } from '../../river/edits/refused.ts';
import {
  checkInvitation,
  parseInvitation,
  type Invitation,
  type InvitationError,
} from '../../river/invitation.ts';
import { verifyingKeyOf } from '../../river/keys.ts';
import type { SignatureMemo } from '../../river/signatures/memo.ts';
import type { RoomKey } from '../../shared/brand.ts';
import { equalBytes, toBase58 } from '../../shared/bytes.ts';
import { err, ok, unreachable, type Result } from '../../shared/result.ts';
import { handle } from '../../river/names/handle.ts';
import type { AcceptChoice, InvitationOffer } from './people-api.ts';
import { ROOM_CONTRACT_CODE_HASH } from './room-contract.ts';
import { text } from './text.ts';

export const roomOfInvitation = ({ room }: Invitation): RoomKey => toBase58(room) as RoomKey;

/** Reads what somebody has pasted or opened; the error is a sentence. */
export function readInvitationText(given: string): Result<Invitation, string> {
  const read = parseInvitation(given.trim());
  return read.ok ? read : err(problem(read.error));
}

function problem(error: InvitationError): string {
  switch (error.type) {
    case 'NotAnInvitation':
      return `This is no invitation: ${error.reason}.`;
    case 'Undecodable':
      return 'This does not read as an invitation. It may have been cut off when it was copied.';
    case 'WrongKey':
      return 'The key in this invitation is not the one that was invited. It can’t be used.';
    default:
      return unreachable(error);
  }
}

/**
 * What an invitation would do, given what is stored here. A key that can still act in the room is never replaced; one that can't
 * is replaced only when the person says so.
 */
export function offerOf(
  invitation: Invitation,
  stored: LoadedRoom | undefined,
  memo: SignatureMemo,
  wasDeclined: boolean,
): Result<InvitationOffer, string> {
  const room = roomOfInvitation(invitation);
  const suggestedName = handle(verifyingKeyOf(invitation.inviteeSigningKey));
  if (!stored) return ok({ type: 'new', room, suggestedName, wasDeclined });
  const name = isAwaiting(stored.state) ? text.people.awaitingName : viewOf(stored).name;
  const held = whyUnusable(stored, invitation, memo);
  if (held === undefined) {
    const type = stored.status === 'present' ? 'already-here' : 'come-back';
    return ok({ type, room, name });
  }
  const reason = describeEditRefused(held);
  if (!isAwaiting(stored.state)) {
    const status = checkInvitation(invitation, stored.state, stored.params.owner, memo);
    if (status.type === 'forged') return err('Nobody in the room has signed this invitation.');
    if (status.type === 'inviter-gone') {
      return err('Whoever made this invitation is no longer in the room, so it has no worth now.');
    }
  }
  return ok({ type: 'replace', room, name, reason, suggestedName });
}

/** Why the key that is held for the room can't act in it; undefined when it can. */
export function whyUnusable(
  { state, own }: LoadedRoom,
  invitation: Invitation,
  memo: SignatureMemo,
): EditRefused | undefined {
  if (own.selfSk && equalBytes(own.selfSk, invitation.inviteeSigningKey)) return undefined;
  if (own.selfSk && isAwaiting(state)) return undefined;
  const room = editRoom(state, own, memo);
  if (!room.ok) return room.error;
  const presence = presenceDelta(room.value);
  return presence.ok ? undefined : presence.error;
}

export const OTHER_KEY: EditRefused = {
  type: 'NotAllowed',
  reason: 'Another key of yours is held for this room.',
};

/** The change that accepting makes; `undefined` when the person is in the room already. */
export function acceptance(
  invitation: Invitation,
  stored: LoadedRoom | undefined,
  { nickname, replace }: AcceptChoice,
  deps: JoinDeps,
): Result<WholeRoomChange | undefined, EditRefused> {
  const awaited: AwaitedRoom = {
    owner: invitation.room,
    selfSk: invitation.inviteeSigningKey,
    authorizedMember: invitation.invitee,
    inviteChain: [],
    memberInfo: null,
    nickname,
    secrets: invitation.roomSecrets,
    contractCodeHash: ROOM_CONTRACT_CODE_HASH,
  };
  if (!stored) return ok({ type: 'store', data: awaitingRoom(awaited), joined: true });
  if (whyUnusable(stored, invitation, deps.memo) === undefined) {
    return stored.status === 'present' ? ok(undefined) : comingBack(stored, deps);
  }
  if (!replace) {
    return err(OTHER_KEY);
  }
  const own = awaitingOwn(awaited);
  if (isAwaiting(stored.state)) return ok({ type: 'come-back', own, delta: null });
  const join = composeJoining(stored.state, own, deps);
  return join.ok ? ok({ type: 'come-back', ...join.value }) : join;
}

/** A leave is taken back: with the key that was held, and a join event where the room has let the person go. */
export function comingBack(
  stored: LoadedRoom,
  deps: JoinDeps,
): Result<WholeRoomChange, EditRefused> {
  if (isAwaiting(stored.state)) return ok({ type: 'come-back', own: stored.own, delta: null });
  const join = composeJoining(stored.state, stored.own, deps);
  // whoever can't write any more may still read what is here
  if (!join.ok) return ok({ type: 'come-back', own: stored.own, delta: null });
  const { delta } = join.value;
  return ok({ type: 'come-back', own: stored.own, delta });
}
