import { err, ok, type Result } from '../shared/result.ts';
import { decode, encode, type Codec } from './cbor/codec.ts';
import type { DecodeError } from './cbor/errors.ts';
import { roomParameters, type RoomParameters } from './room-state/parameters.ts';
import { roomDelta, roomState, type RoomDelta, type RoomState } from './room-state/room-state.ts';
import { roomSummary } from './room-state/summary.ts';
import { preverify, preverifyDelta, delta, summarize, verifyRoom } from './room.ts';
import { afterDelta } from './rules/apply.ts';
import { RuleBroken } from './rules/context.ts';
import type { SignatureMemo } from './signatures/memo.ts';

// The room contract's four entry points, bytes in and bytes out: what a node calls. River: contracts/room-contract/src/lib.rs.

/** One update of `update_state`, by the names of freenet-stdlib's `UpdateData`. Only the first two kinds are looked into. */
export type ContractUpdate =
  | { readonly kind: 'state' | 'delta'; readonly data: Uint8Array }
  | {
      readonly kind:
        | 'state_and_delta'
        | 'related_state'
        | 'related_delta'
        | 'related_state_and_delta';
    };

/** The contract's errors by the names of freenet-stdlib. */
export type ContractError =
  | { readonly type: 'Deser'; readonly reason: string }
  | { readonly type: 'InvalidUpdate' }
  | { readonly type: 'InvalidUpdateWithInfo'; readonly reason: string };

function read<T>(codec: Codec<T>, bytes: Uint8Array, name: string): Result<T, ContractError> {
  const value: Result<T, DecodeError> = decode(codec, bytes, name);
  return value.ok ? value : err({ type: 'Deser', reason: value.error.message });
}

/** A contract that has no state yet (zero bytes) is valid. */
export async function validateState(
  params: Uint8Array,
  state: Uint8Array,
  memo: SignatureMemo,
): Promise<Result<void, ContractError>> {
  if (state.length === 0) return ok(undefined);
  const room = read(roomState, state, 'room_state');
  if (!room.ok) return room;
  const parameters = read(roomParameters, params, 'parameters');
  if (!parameters.ok) return parameters;
  await preverify(room.value, parameters.value, memo);
  const verified = verifyRoom(room.value, parameters.value, memo);
  if (verified.ok) return verified;
  return err({ type: 'InvalidUpdateWithInfo', reason: verified.error.reason });
}

/**
 * The new state's bytes. Like River's it does not verify the result: a node calls `validateState` on it and discards the update when
 * that fails.
 */
export async function updateState(
  params: Uint8Array,
  state: Uint8Array,
  updates: readonly ContractUpdate[],
  memo: SignatureMemo,
): Promise<Result<Uint8Array, ContractError>> {
  const parameters = read(roomParameters, params, 'parameters');
  if (!parameters.ok) return parameters;
  const room = read(roomState, state, 'room_state');
  if (!room.ok) return room;
  let current = room.value;
  for (const [i, update] of updates.entries()) {
    const next = await applyUpdate(parameters.value, current, update, i, memo);
    if (!next.ok) return next;
    current = next.value;
  }
  return ok(encode(roomState, current));
}

async function applyUpdate(
  params: RoomParameters,
  room: RoomState,
  update: ContractUpdate,
  index: number,
  memo: SignatureMemo,
): Promise<Result<RoomState, ContractError>> {
  let news: RoomDelta | null;
  switch (update.kind) {
    case 'related_state':
      return ok(room);
    case 'delta': {
      if (update.data.length === 0) return ok(room);
      const decoded = read(roomDelta, update.data, `updates[${index}]`);
      if (!decoded.ok) return decoded;
      news = decoded.value;
      break;
    }
    case 'state': {
      const other = read(roomState, update.data, `updates[${index}]`);
      if (!other.ok) return other;
      news = delta(other.value, summarize(room));
      break;
    }
    case 'state_and_delta':
    case 'related_delta':
    case 'related_state_and_delta':
      return err({ type: 'InvalidUpdate' });
  }
  if (news === null) return ok(room);
  await preverifyDelta(news, room, params, memo);
  try {
    return ok(afterDelta(room, params, news, memo));
  } catch (error) {
    if (!(error instanceof RuleBroken)) throw error;
    return err({ type: 'InvalidUpdateWithInfo', reason: error.message });
  }
}

/** The summary's bytes; of zero bytes of state zero bytes. */
export function summarizeState(
  params: Uint8Array,
  state: Uint8Array,
): Result<Uint8Array, ContractError> {
  if (state.length === 0) return ok(state);
  const parameters = read(roomParameters, params, 'parameters');
  if (!parameters.ok) return parameters;
  const room = read(roomState, state, 'room_state');
  return room.ok ? ok(encode(roomSummary, summarize(room.value))) : room;
}

/** The delta's bytes for a replica with that summary; zero bytes when there is nothing to send. */
export function getStateDelta(
  params: Uint8Array,
  state: Uint8Array,
  summary: Uint8Array,
): Result<Uint8Array, ContractError> {
  const parameters = read(roomParameters, params, 'parameters');
  if (!parameters.ok) return parameters;
  const room = read(roomState, state, 'room_state');
  if (!room.ok) return room;
  const held = read(roomSummary, summary, 'summary');
  if (!held.ok) return held;
  const news = delta(room.value, held.value);
  return ok(news === null ? new Uint8Array() : encode(roomDelta, news));
}
