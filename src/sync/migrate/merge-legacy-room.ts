import { isAwaiting } from '../../persist/awaiting-room.ts';
import { changeWrite, newRoomWrite, type LoadedRoom } from '../../persist/loaded-room.ts';
import type { RoomWrite } from '../../persist/room-store.ts';
import { ofPresentContract } from '../../river/present-contract.ts';
import { merge, NO_CHANGES, preverify, verifyRoom } from '../../river/room.ts';
import { selfKeyOf, type OwnRoomData, type RoomData } from '../../river/room-data.ts';
import { encodeOwn } from '../../river/room-parts.ts';
import type { SignatureMemo } from '../../river/signatures/memo.ts';
import type { RoomKey } from '../../shared/brand.ts';
import { equalBytes, fromBase58, toBase58 } from '../../shared/bytes.ts';
import type { Decision } from './ranks.ts';

/** Why what an earlier delegate holds is no valid room, where it is none: every signature and rule must hold. */
export async function whyInvalid(
  memo: SignatureMemo,
  room: RoomKey,
  { ownerVk, roomState }: RoomData,
): Promise<string | undefined> {
  if (!equalBytes(ownerVk, fromBase58(room))) return 'owner_vk: it is another room’s';
  if (isAwaiting(roomState)) return undefined;
  const params = { owner: ownerVk };
  await preverify(roomState, params, memo);
  const verified = verifyRoom(roomState, params, memo);
  return verified.ok ? undefined : verified.error.reason;
}

/** What taking a copy in changes. */
export interface Prepared {
  readonly rows: RoomWrite;
  /** An identity that is used no more, or that was never. */
  readonly loser?: OwnRoomData;
}

/** A room that is not here. @param codeHash BLAKE3 of the room contract of now */
export function created(
  codeHash: Uint8Array,
  room: RoomKey,
  data: RoomData,
  { status }: Decision,
): Prepared {
  const rows = newRoomWrite(room, { ...data, ...ofPresentContract(data, codeHash) });
  return { rows: { ...rows, status: status === 'present' ? 'present' : 'left' } };
}

/**
 * Merges a copy into a room that is here; `held` is changed by it.
 *
 * @returns why the copy can't be merged, where it can't
 */
export function merged(
  { memo, codeHash }: { readonly memo: SignatureMemo; readonly codeHash: Uint8Array },
  held: LoadedRoom,
  data: RoomData,
  { status, copyFirst }: Decision,
): Prepared | string {
  const { roomState, ...copied } = data;
  const theirs = ofPresentContract(copied, codeHash);
  const [mine, other] = [identityOf(held.own), identityOf(theirs)];
  const isSame = mine === undefined || other === undefined || mine === other;
  const own = copyFirst ? united(theirs, held.own, isSame) : united(held.own, theirs, isSame);
  const loser = isSame ? undefined : copyFirst ? held.own : theirs;
  held.status = status === 'present' ? 'present' : 'left';
  if (isAwaiting(held.state) && !isAwaiting(roomState)) {
    // the room arrives; for a person whom it does not know, it arrives by its contract instead
    if (!isSame && !copyFirst) return { rows: changeWrite(held, NO_CHANGES, false), loser: theirs };
    const whole = newRoomWrite(held.room, { ...own, roomState }, held);
    const rows: RoomWrite = {
      ...whole,
      status: held.status,
      remove: 'all',
    };
    return { rows, ...(loser && { loser }) };
  }
  let changes = NO_CHANGES;
  if (!isAwaiting(roomState)) {
    const result = merge(held.state, held.params, roomState, memo);
    if (!result.ok) return `it can’t be merged: ${result.error.reason}`;
    changes = result.value;
  }
  const ownChanged = !equalBytes(encodeOwn(own), encodeOwn(held.own));
  held.own = own;
  return { rows: changeWrite(held, changes, ownChanged), ...(loser && { loser }) };
}

/** Fields that belong to an identity are only filled from a copy with the same one; secrets belong to the room. */
function united(first: OwnRoomData, second: OwnRoomData, isSame: boolean): OwnRoomData {
  const secrets = new Map(second.invitationSecrets);
  for (const [version, secret] of first.invitationSecrets) secrets.set(version, secret);
  const invitationSecrets = [...secrets].sort(([a], [b]) => a - b);
  const selfNickname = first.selfNickname ?? second.selfNickname;
  if (!isSame) return { ...first, selfNickname, invitationSecrets };
  return {
    ...first,
    selfNickname,
    invitationSecrets,
    selfSk: first.selfSk ?? second.selfSk,
    selfVk: first.selfVk ?? second.selfVk,
    selfAuthorizedMember: first.selfAuthorizedMember ?? second.selfAuthorizedMember,
    inviteChain: first.inviteChain.length > 0 ? first.inviteChain : second.inviteChain,
    selfMemberInfo: first.selfMemberInfo ?? second.selfMemberInfo,
    previousContractKey: first.previousContractKey ?? second.previousContractKey,
  };
}

/** The person's public key in the room, base58. */
export function identityOf(own: Pick<OwnRoomData, 'selfSk' | 'selfVk'>): string | undefined {
  const key = selfKeyOf(own);
  return key === null ? undefined : toBase58(key);
}
