import { equalBytes } from '../shared/bytes.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { RoomParameters } from './room-state/parameters.ts';
import type { AuthorizedMessage } from './room-state/messages.ts';
import type { RoomDelta, RoomField, RoomState } from './room-state/room-state.ts';
import type { RoomSummary } from './room-state/summary.ts';
import { afterDelta, checkRoom } from './rules/apply.ts';
import { RuleBroken } from './rules/context.ts';
import { deltaForSummary } from './rules/delta.ts';
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

const NO_CHANGES: RoomChanges = { fields: new Set(), messagesAdded: [], messagesRemoved: [] };

function guarded<T>(during: RoomError['during'], run: () => T): Result<T, RoomError> {
  try {
    return ok(run());
  } catch (error) {
    if (!(error instanceof RuleBroken)) throw error;
    return err({ type: 'InvalidUpdateWithInfo', during, reason: error.message });
  }
}

/** States whose every signature and rule was checked, with the fields they had then: lists are never changed in place. */
const verifiedStates = new WeakMap<
  RoomState,
  { readonly fields: RoomState; readonly owner: Uint8Array }
>();

const verifiedFields = (state: RoomState, params: RoomParameters): RoomState | undefined => {
  const verified = verifiedStates.get(state);
  return verified && equalBytes(verified.owner, params.owner) ? verified.fields : undefined;
};

const markVerified = (state: RoomState, params: RoomParameters): void => {
  verifiedStates.set(state, { fields: { ...state }, owner: params.owner });
};

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
    checkRoom(state, params, memo, verifiedFields(state, params));
    markVerified(state, params);
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
  markVerified(state, params);
}

export const summarize: (state: RoomState) => RoomSummary = summarizeRoom;

/** What `state` has for a replica with that summary; null when nothing. */
export const delta: (state: RoomState, summary: RoomSummary) => RoomDelta | null = deltaForSummary;

/**
 * Applies a delta to `state`, in place, as the room's contract does, and verifies the result. When it is refused, `state` is as it
 * was. The cost is that of the delta plus a walk over ids; records that were verified before are not verified again.
 *
 * An applied delta without content still cleans the room up (drops banned and idle members, say), as in River.
 */
export function applyDelta(
  state: RoomState,
  params: RoomParameters,
  update: RoomDelta,
  memo: SignatureMemo,
): Result<RoomChanges, RoomError> {
  const applied = guarded('apply', () => afterDelta(state, params, update, memo));
  if (!applied.ok) return applied;
  const next = applied.value;
  const before = verifiedFields(state, params);
  const checked = guarded('verify', () => checkRoom(next, params, memo, before));
  if (!checked.ok) return checked;
  const changes = changesBetween(state, next);
  Object.assign(state, next);
  markVerified(state, params);
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

function changesBetween(before: RoomState, after: RoomState): RoomChanges {
  const fields = new Set<RoomField>();
  for (const field of Object.keys(after) as RoomField[]) {
    if (before[field] !== after[field]) fields.add(field);
  }
  if (!fields.has('recentMessages')) return { fields, messagesAdded: [], messagesRemoved: [] };
  const had = new Set(before.recentMessages);
  const has = new Set(after.recentMessages);
  return {
    fields,
    messagesAdded: after.recentMessages.filter((message) => !had.has(message)),
    messagesRemoved: before.recentMessages.filter((message) => !has.has(message)),
  };
}
