/**
 * River's room contract by Weir's own code: what the embedded node decides where it was not given the contract's module.
 *
 * A real node runs the module. Rooms come out the same (scripts/conformance.ts compares the two).
 */
import type { UpdateModification, ValidateResult } from '../../src/freenet/guest-abi.ts';
import type { UpdateData } from '../../src/freenet/types.ts';
import { decode, encode, type Codec } from '../../src/river/cbor/codec.ts';
import { roomParameters, type RoomParameters } from '../../src/river/room-state/parameters.ts';
import {
  roomDelta,
  roomState,
  type RoomDelta,
  type RoomState,
} from '../../src/river/room-state/room-state.ts';
import { roomSummary } from '../../src/river/room-state/summary.ts';
import { delta, summarize, verifyRoom } from '../../src/river/room.ts';
import { afterDelta } from '../../src/river/rules/apply.ts';
import { RuleBroken } from '../../src/river/rules/context.ts';
import { SignatureMemo } from '../../src/river/signatures/memo.ts';
import { equalBytes, fromHex, toHex } from '../../src/shared/bytes.ts';
import type { Result } from '../../src/shared/result.ts';
import { err, ok } from '../../src/shared/result.ts';
import type { ContractRules } from './contract-rules.ts';
import { nativeVerifier } from './ed25519-verifier.ts';
import { KeptRooms } from './kept-rooms.ts';

/** BLAKE3 of River's room contract as of September 2026. */
export const ROOM_CONTRACT_CODE_HASH = fromHex(
  'e765339ba3039f937256f4b6f7e8683d43f90e158f5d80f0dd45afdca69911e5',
);

/** Rules that need no guest's thread. */
export type ImmediateRules = { readonly [K in keyof ContractRules]: Immediate<ContractRules[K]> };

type Immediate<F> = F extends (...args: infer A) => infer R
  ? (...args: A) => Exclude<R, Promise<unknown>>
  : never;

/** The rules of contracts whose module the node does not need. */
export type BuiltInRules = (codeHash: Uint8Array) => ContractRules | undefined;

/** River's room contract, and no other. */
export function riverRules(): (codeHash: Uint8Array) => ImmediateRules | undefined {
  const rules = new RiverRules();
  return (codeHash) => (equalBytes(codeHash, ROOM_CONTRACT_CODE_HASH) ? rules : undefined);
}

/**
 * Source of the four entry points and their order of reading: river: contracts/room-contract/src/lib.rs. As there, an update is
 * not verified: the node asks `validate` about what comes out.
 */
class RiverRules implements ImmediateRules {
  readonly #memo = new SignatureMemo(nativeVerifier());
  /** By parameters (hex). */
  readonly #kept = new KeptRooms();

  validate(params: Uint8Array, state: Uint8Array): Result<ValidateResult, string> {
    if (state.length === 0) return ok({ type: 'Valid' });
    const room = this.#read(params, state);
    if (!room.ok) return room;
    const parameters = read(roomParameters, params, 'parameters');
    if (!parameters.ok) return parameters;
    const verified = verifyRoom(room.value, parameters.value, this.#memo);
    return verified.ok
      ? ok({ type: 'Valid' })
      : err(`InvalidUpdateWithInfo: State verification failed: ${verified.error.reason}`);
  }

  update(
    params: Uint8Array,
    state: Uint8Array,
    updates: readonly UpdateData[],
  ): Result<UpdateModification, string> {
    const parameters = read(roomParameters, params, 'parameters');
    if (!parameters.ok) return parameters;
    const room = this.#read(params, state);
    if (!room.ok) return room;
    let current = room.value;
    for (const [i, update] of updates.entries()) {
      const next = this.#apply(parameters.value, current, update, `updates[${i}]`);
      if (!next.ok) return next;
      current = next.value;
    }
    const bytes = encode(roomState, current);
    this.#kept.keep(toHex(params), bytes, current);
    return ok({ newState: bytes, related: [] });
  }

  summarize(params: Uint8Array, state: Uint8Array): Result<Uint8Array, string> {
    if (state.length === 0) return ok(state);
    const parameters = read(roomParameters, params, 'parameters');
    if (!parameters.ok) return parameters;
    const room = this.#read(params, state);
    return room.ok ? ok(encode(roomSummary, summarize(room.value))) : room;
  }

  delta(params: Uint8Array, state: Uint8Array, summary: Uint8Array): Result<Uint8Array, string> {
    const parameters = read(roomParameters, params, 'parameters');
    if (!parameters.ok) return parameters;
    const room = this.#read(params, state);
    if (!room.ok) return room;
    const held = read(roomSummary, summary, 'summary');
    if (!held.ok) return held;
    const news = delta(room.value, held.value);
    return ok(news === null ? new Uint8Array() : encode(roomDelta, news));
  }

  #apply(
    params: RoomParameters,
    room: RoomState,
    update: UpdateData,
    name: string,
  ): Result<RoomState, string> {
    const news = newsOf(room, update, name);
    if (!news.ok) return news;
    if (news.value === null) return ok(room);
    try {
      return ok(afterDelta(room, params, news.value, this.#memo));
    } catch (error) {
      if (!(error instanceof RuleBroken)) throw error;
      return err(`InvalidUpdateWithInfo: ${error.message}`);
    }
  }

  #read(params: Uint8Array, state: Uint8Array): Result<RoomState, string> {
    const name = toHex(params);
    const kept = this.#kept.get(name, state);
    if (kept) return ok(kept);
    const room = read(roomState, state, 'room_state');
    if (room.ok) this.#kept.keep(name, state, room.value);
    return room;
  }
}

/** What an update brings to a room; null when nothing. */
function newsOf(
  room: RoomState,
  update: UpdateData,
  name: string,
): Result<RoomDelta | null, string> {
  switch (update.type) {
    case 'Delta':
      return update.delta.length === 0 ? ok(null) : read(roomDelta, update.delta, name);
    case 'State': {
      const other = read(roomState, update.state, name);
      return other.ok ? ok(delta(other.value, summarize(room))) : other;
    }
    case 'RelatedState':
      return ok(null);
    default:
      return err('InvalidUpdate');
  }
}

function read<T>(codec: Codec<T>, bytes: Uint8Array, name: string): Result<T, string> {
  const value = decode(codec, bytes, name);
  return value.ok ? value : err(`Deser: ${value.error.message}`);
}
