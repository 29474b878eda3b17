import { pointerOf, type SearchedRoom } from '../../persist/begin-search.ts';
import { loadRoom } from '../../persist/loaded-room.ts';
import { checkEpoch } from '../../persist/lanes.ts';
import { recordContract } from '../../persist/room-search.ts';
import type { EarlierContract } from '../../persist/earlier-rows.ts';
import { decode, encode } from '../../river/cbor/codec.ts';
import { editRoom } from '../../river/edits/author.ts';
import { composeUpgrade } from '../../river/edits/upgrade.ts';
import { roomDelta, roomState } from '../../river/room-state/room-state.ts';
import { preverify, verifyRoom } from '../../river/room.ts';
import { fromBase58, fromHex } from '../../shared/bytes.ts';
import { ok, type Result } from '../../shared/result.ts';
import { nextAskAt } from '../backoff.ts';
import type { ContractLink } from '../contract-link.ts';
import type { LinkFailure } from '../node-link.ts';
import type { EarlierDeps } from './ask-contract.ts';

/**
 * Publishes the owner's pointer in an earlier contract: whoever still looks there learns where the room is. Only to be called once
 * the contract of now is proved to hold the room.
 *
 * @returns an error when the connection is of no more use
 */
export async function pointOnward(
  deps: EarlierDeps,
  link: ContractLink,
  searched: SearchedRoom,
  contract: EarlierContract,
): Promise<Result<void, LinkFailure>> {
  const { room, target, owner } = searched;
  const { memo } = deps;
  const { codeHash } = contract;
  const got = await link.getAt(fromBase58(contract.id));
  if (!got.ok) return record(deps, searched, waiting(contract, got.error.reason, deps));
  const held = decode(roomState, got.value ?? new Uint8Array(), 'room_state');
  const own = await loadRoom(deps.db, room, memo);
  if (!held.ok || !own.ok || !own.value || codeHash === undefined) {
    const reason = 'it does not hold the room any more';
    return record(deps, searched, refused(contract, reason));
  }
  const state = held.value;
  await preverify(state, { owner }, memo);
  const verified = verifyRoom(state, { owner }, memo);
  if (verified.ok && pointerOf(state) === target) return record(deps, searched, there(contract));
  const edit = editRoom(state, own.value.own, memo);
  const composed = verified.ok && edit.ok && composeUpgrade(edit.value, fromBase58(target));
  if (!composed || !composed.ok) {
    return record(deps, searched, refused(contract, 'a pointer can’t be made for it'));
  }
  const updated = await link.updateAt(owner, fromHex(codeHash), encode(roomDelta, composed.value));
  if (!updated.ok) return updated; // it may have been taken: the next read tells
  const { value } = updated;
  if (value.type === 'refused') return record(deps, searched, refused(contract, value.text));
  // an answer's second copy may be an earlier update's: only the contract itself proves the pointer
  const after = await link.getAt(fromBase58(contract.id));
  const now = after.ok ? decode(roomState, after.value ?? new Uint8Array(), 'room_state') : after;
  return now.ok && pointerOf(now.value) === target
    ? record(deps, searched, there(contract))
    : record(deps, searched, waiting(contract, 'it was not seen there yet', deps));
}

function there(contract: EarlierContract): EarlierContract {
  const { reason: _reason, nextTryAt: _nextTryAt, ...rest } = contract;
  return { ...rest, pointer: 'there' };
}

const refused = (contract: EarlierContract, reason: string): EarlierContract => ({
  ...contract,
  pointer: 'refused',
  reason: `the pointer to the room’s new place was not taken (${reason})`,
});

const waiting = (
  contract: EarlierContract,
  reason: string,
  { clock, random }: EarlierDeps,
): EarlierContract => ({
  ...contract,
  reason,
  nextTryAt: nextAskAt(0, clock.now(), random.unit()),
});

async function record(
  { db, epoch }: EarlierDeps,
  { room, target }: SearchedRoom,
  contract: EarlierContract,
): Promise<Result<void, LinkFailure>> {
  await db.write(['room_searches', 'lanes'], 'strict', async (tx) => {
    await checkEpoch(tx, 'earlier-rooms', epoch);
    await recordContract(tx, [room, target], contract);
  });
  return ok(undefined);
}
