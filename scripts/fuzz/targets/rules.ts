import { decode, encode } from '../../../src/river/cbor/codec.ts';
import { roomParameters, type RoomParameters } from '../../../src/river/room-state/parameters.ts';
import {
  EMPTY_DELTA,
  roomDelta,
  roomState,
  type RoomDelta,
  type RoomState,
} from '../../../src/river/room-state/room-state.ts';
import { roomSummary } from '../../../src/river/room-state/summary.ts';
import {
  applyDelta,
  delta as deltaFor,
  merge,
  summarize,
  verifyRoom,
  type RoomChanges,
  type RoomError,
} from '../../../src/river/room.ts';
import { SignatureMemo } from '../../../src/river/signatures/memo.ts';
import type { SignatureVerifier } from '../../../src/river/signatures/verifier.ts';
import { equalBytes, fromHex } from '../../../src/shared/bytes.ts';
import type { Result } from '../../../src/shared/result.ts';
import { roomStateVectors } from '../corpus.ts';
import { finding, loadedFrom, type Form, type Input, type Target } from '../target.ts';

/** Every signature counts as good: a changed record would never reach the rules otherwise. */
const anySignature: SignatureVerifier = {
  kind: 'javascript',
  verify: () => Promise.resolve(true),
  verifySync: () => true,
};

const written = (state: RoomState): Uint8Array => encode(roomState, state);

function checkError({ type, during, reason }: RoomError): void {
  if (type !== 'InvalidUpdateWithInfo' || !['apply', 'verify'].includes(during) || reason === '') {
    finding(`an incomplete error: ${type}, ${during}, "${reason}"`);
  }
}

/** A room that took an update is valid, is written and read the same, and has nothing to tell itself. */
function checkResult(
  state: RoomState,
  params: RoomParameters,
  { messagesAdded, messagesRemoved }: RoomChanges,
  had: number,
): void {
  const verified = verifyRoom({ ...state }, params, new SignatureMemo(anySignature));
  if (!verified.ok) finding(`the result is not valid: ${verified.error.reason}`);
  if (had + messagesAdded.length - messagesRemoved.length !== state.recentMessages.length) {
    finding('the messages told as added and removed do not add up');
  }
  const bytes = written(state);
  const again = decode(roomState, bytes);
  if (!again.ok) return finding(`the result is not read again: ${again.error.message}`);
  if (!equalBytes(written(again.value), bytes))
    finding('the result is written differently the second time');
  const summary = encode(roomSummary, summarize(state));
  if (!equalBytes(encode(roomSummary, summarize(again.value)), summary))
    finding('another summary after reading');
  const held = decode(roomSummary, summary);
  if (!held.ok) return finding(`its summary is not read: ${held.error.message}`);
  if (deltaFor(state, held.value) !== null) finding('a room has news for itself');
}

/** Takes params, a state, and what `run` applies to it; a refusal leaves the state as it was. */
const updateForm = (
  name: string,
  run: (
    state: RoomState,
    params: RoomParameters,
    bytes: Uint8Array,
    memo: SignatureMemo,
  ) => Result<RoomChanges, RoomError> | undefined,
): Form => ({
  name,
  check: ([
    paramBytes = new Uint8Array(),
    stateBytes = new Uint8Array(),
    update = new Uint8Array(),
  ]) => {
    const params = decode(roomParameters, paramBytes);
    const state = decode(roomState, stateBytes);
    if (!params.ok || !state.ok) return 'refused';
    const memo = new SignatureMemo(anySignature);
    const verified = verifyRoom(state.value, params.value, memo);
    if (!verified.ok) checkError(verified.error);
    const before = written(state.value);
    const had = state.value.recentMessages.length;
    const applied = run(state.value, params.value, update, memo);
    if (applied?.ok !== true) {
      if (applied) checkError(applied.error);
      if (!equalBytes(written(state.value), before))
        finding('refused, and yet the state has changed');
      return 'refused';
    }
    // nothing to merge leaves even an invalid room as it is
    if (!verified.ok && applied.value.fields.size === 0) return 'refused';
    checkResult(state.value, params.value, applied.value, had);
    return 'accepted';
  },
});

const apply = updateForm('apply', (state, params, bytes, memo) => {
  const news = decode(roomDelta, bytes);
  return news.ok ? applyDelta(state, params, news.value, memo) : undefined;
});

const mergeForm = updateForm('merge', (state, params, bytes, memo) => {
  const other = decode(roomState, bytes);
  return other.ok ? merge(state, params, other.value, memo) : undefined;
});

/**
 * A room that is settled takes messages on a short way, past most of the rules: it must lead where the long one does, and an empty
 * delta must change nothing more.
 */
const shortWay: Form = {
  name: 'short way',
  check: ([
    paramBytes = new Uint8Array(),
    stateBytes = new Uint8Array(),
    update = new Uint8Array(),
  ]) => {
    const params = decode(roomParameters, paramBytes);
    const state = decode(roomState, stateBytes);
    const news = decode(roomDelta, update);
    if (!params.ok || !state.ok || !news.ok) return 'refused';
    const memo = new SignatureMemo(anySignature);
    const run = (room: RoomState, delta: RoomDelta): Result<RoomChanges, RoomError> =>
      applyDelta(room, params.value, delta, memo);
    const settled = state.value;
    for (let i = 0; i < 3; i++) if (!run(settled, EMPTY_DELTA).ok) return 'refused';
    const fresh = decode(roomState, written(settled));
    if (!fresh.ok) return finding(`a settled room is not read: ${fresh.error.message}`);
    const messages = { ...EMPTY_DELTA, recentMessages: news.value.recentMessages };
    const short = run(settled, messages);
    const long = run(fresh.value, messages);
    if (short.ok !== long.ok) finding('the short way has another verdict');
    if (!equalBytes(written(settled), written(fresh.value)))
      finding('the short way leads elsewhere');
    if (!short.ok) return 'refused';
    run(settled, EMPTY_DELTA);
    run(fresh.value, EMPTY_DELTA);
    if (!equalBytes(written(settled), written(fresh.value))) finding('not as settled as it says');
    return 'accepted';
  },
};

/** The delta for whatever a replica says it has is one that can be written. */
const tell: Form = {
  name: 'tell',
  check: ([, stateBytes = new Uint8Array(), summaryBytes = new Uint8Array()]) => {
    const state = decode(roomState, stateBytes);
    const summary = decode(roomSummary, summaryBytes);
    if (!state.ok || !summary.ok) return 'refused';
    const news = deltaFor(state.value, summary.value);
    if (news === null) return 'refused';
    const again = decode(roomDelta, encode(roomDelta, news));
    if (!again.ok) return finding(`its own delta is refused: ${again.error.message}`);
    return 'accepted';
  },
};

/** The contract's rules on states, updates and summaries that went wrong. */
export const rules: Target = {
  name: 'rules',
  format: 'cbor',
  load: () => {
    const { cases } = roomStateVectors();
    const updates = (kind: string): Input[] =>
      cases.flatMap(({ params, state, updates: list = [] }) =>
        list
          .filter((update) => update.kind === kind)
          .map(({ data = '' }) => [params, state, data].map(fromHex)),
      );
    const told = cases.flatMap(({ params, state, summary }) =>
      summary === undefined ? [] : [[params, state, summary].map(fromHex)],
    );
    return loadedFrom([
      { form: apply, seeds: updates('delta') },
      { form: mergeForm, seeds: updates('state') },
      { form: shortWay, seeds: updates('delta') },
      { form: tell, seeds: told },
    ]);
  },
};
