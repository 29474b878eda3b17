import { equalBytes } from '../shared/bytes.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { RoomParameters } from './room-state/parameters.ts';
import type { AuthorizedMessage } from './room-state/messages.ts';
import type { RoomDelta, RoomField, RoomState } from './room-state/room-state.ts';
import type { RoomSummary } from './room-state/summary.ts';
import { advance, checkRoom } from './rules/apply.ts';
import { RuleBroken } from './rules/context.ts';
import { deltaForSummary } from './rules/delta.ts';
import { handOn, without, type MessagesPlaced } from './rules/message-index.ts';
import { summarizeRoom } from './rules/summarize.ts';
import { collectDeltaSignatures, collectSignatures } from './signatures/collect.ts';
import type { SignatureMemo } from './signatures/memo.ts';

/** Why a state or an update is refused: a rule of the room's contract. `reason` begins with the path of what is wrong. */
export interface RoomError {
  readonly type: 'InvalidUpdateWithInfo';
  /** `verify`: the state itself (or the one that would result) is not valid. */
  readonly during: 'apply' | 'verify';
  readonly reason: string;
}

/** What an update did to a state. */
export interface RoomChanges {
  readonly fields: ReadonlySet<RoomField>;
  readonly messagesAdded: readonly AuthorizedMessage[];
  readonly messagesRemoved: readonly AuthorizedMessage[];
}

export const NO_CHANGES: RoomChanges = {
  fields: new Set(),
  messagesAdded: [],
  messagesRemoved: [],
};

function guarded<T>(during: RoomError['during'], run: () => T): Result<T, RoomError> {
  try {
    return ok(run());
  } catch (error) {
    if (!(error instanceof RuleBroken)) throw error;
    return err({ type: 'InvalidUpdateWithInfo', during, reason: error.message });
  }
}

/** What is known of a state: the fields it had when it was verified (lists are never changed in place). */
interface Known {
  readonly fields: RoomState;
  readonly owner: Uint8Array;
  /** An empty delta would not change it. */
  readonly isSettled: boolean;
}

const knownStates = new WeakMap<RoomState, Known>();

function knownOf(state: RoomState, params: RoomParameters): Known | undefined {
  const known = knownStates.get(state);
  return known && equalBytes(known.owner, params.owner) ? known : undefined;
}

const markVerified = (state: RoomState, params: RoomParameters, isSettled: boolean): void => {
  knownStates.set(state, { fields: { ...state }, owner: params.owner, isSettled });
};

/** The settledness of a state whose fields may have been replaced by others since. */
const isStillSettled = (state: RoomState, known: Known | undefined): boolean =>
  known !== undefined &&
  known.isSettled &&
  (Object.keys(state) as RoomField[]).every((field) => state[field] === known.fields[field]);

/**
 * Whether the contract would call the state valid: every signature and every rule. Verify the signatures ahead with `preverify`,
 * or each unknown one costs about 2 ms here.
 */
export function verifyRoom(
  state: RoomState,
  params: RoomParameters,
  memo: SignatureMemo,
): Result<void, RoomError> {
  return guarded('verify', () => {
    const known = knownOf(state, params);
    checkRoom(state, params, memo, known?.fields);
    markVerified(state, params, isStillSettled(state, known));
  });
}

/** Verifies all signatures of a state, in parallel, so that `verifyRoom` finds them known. */
export const preverify = (
  state: RoomState,
  params: RoomParameters,
  memo: SignatureMemo,
): Promise<void> => memo.verifyAll(collectSignatures(state, params));

/** As `preverify`, for a delta that is to be applied to `state`. */
export const preverifyDelta = (
  delta: RoomDelta,
  state: RoomState,
  params: RoomParameters,
  memo: SignatureMemo,
): Promise<void> => memo.verifyAll(collectDeltaSignatures(delta, state, params));

/** Takes a state as verified that was before: one that this app itself has verified and stored. */
export function trustRoom(state: RoomState, params: RoomParameters, memo: SignatureMemo): void {
  memo.trust(collectSignatures(state, params));
  markVerified(state, params, false);
}

export const summarize: (state: RoomState) => RoomSummary = summarizeRoom;

/** What `state` has for a replica with that summary; null when nothing. */
export const delta: (state: RoomState, summary: RoomSummary) => RoomDelta | null = deltaForSummary;

/**
 * Applies a delta to `state`, in place, as the room's contract does, and verifies the result. When it is refused, `state` is as it
 * was. Records that were verified before are not verified again. Messages alone cost what they are, whatever the size of the room, once
 * an update has left it as the contract would leave it; other updates walk over the room's ids.
 *
 * An applied delta without content still cleans the room up (drops banned and idle members, say), as in River.
 */
export function applyDelta(
  state: RoomState,
  params: RoomParameters,
  update: RoomDelta,
  memo: SignatureMemo,
): Result<RoomChanges, RoomError> {
  const known = knownOf(state, params);
  const isSettled = isStillSettled(state, known);
  const applied = guarded('apply', () => advance(state, params, update, memo, isSettled));
  if (!applied.ok) return applied;
  const { room: next, onlyPlaced } = applied.value;
  const checked = guarded('verify', () =>
    checkRoom(next, params, memo, known?.fields, onlyPlaced?.added),
  );
  if (!checked.ok) return checked;
  const changes = onlyPlaced ? changesOf(onlyPlaced) : changesBetween(state, next);
  if (onlyPlaced) handOn(state.recentMessages, onlyPlaced);
  Object.assign(state, next);
  markVerified(state, params, applied.value.isSettled);
  return ok(changes);
}

/**
 * Merges what `other` has and `state` lacks into `state`, in place, as `applyDelta` does. Nothing to merge changes nothing: not even
 * the clean-up runs.
 */
export function merge(
  state: RoomState,
  params: RoomParameters,
  other: RoomState,
  memo: SignatureMemo,
): Result<RoomChanges, RoomError> {
  const news = delta(other, summarize(state));
  return news === null ? ok(NO_CHANGES) : applyDelta(state, params, news, memo);
}

const changesOf = ({ added, removed }: MessagesPlaced): RoomChanges =>
  added.length + removed.length === 0
    ? NO_CHANGES
    : { fields: new Set(['recentMessages']), messagesAdded: added, messagesRemoved: removed };

function changesBetween(before: RoomState, after: RoomState): RoomChanges {
  const fields = new Set<RoomField>();
  for (const field of Object.keys(after) as RoomField[]) {
    if (before[field] !== after[field]) fields.add(field);
  }
  if (!fields.has('recentMessages')) return { fields, messagesAdded: [], messagesRemoved: [] };
  return {
    fields,
    messagesAdded: without(after.recentMessages, before.recentMessages),
    messagesRemoved: without(before.recentMessages, after.recentMessages),
  };
}
