import type { Broadcast } from '../../bridge/messages.ts';
import { arrive } from '../../persist/arrival.ts';
import { isAwaiting } from '../../persist/awaiting-room.ts';
import { pointerOf, type SearchedRoom } from '../../persist/begin-search.ts';
import type { WeirDatabase, WriteTx } from '../../persist/database.ts';
import { MARKER_STORES, raiseMarker } from '../../persist/dirty-markers.ts';
import type { Alongside } from '../../persist/edit-queue.ts';
import { checkEpoch } from '../../persist/lanes.ts';
import { mergeNews, type NewsRefused } from '../../persist/merge-news.ts';
import { RoomCache } from '../../persist/room-cache.ts';
import { recordContract } from '../../persist/room-search.ts';
import type { EarlierContract } from '../../persist/earlier-rows.ts';
import { decode } from '../../river/cbor/codec.ts';
import { selfKeyOf } from '../../river/room-data.ts';
import { roomState, type RoomState } from '../../river/room-state/room-state.ts';
import { preverify, verifyRoom } from '../../river/room.ts';
import type { SignatureMemo } from '../../river/signatures/memo.ts';
import { equalBytes } from '../../shared/bytes.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Random } from '../../shared/random.ts';
import type { Result } from '../../shared/result.ts';
import { nextAskAt } from '../backoff.ts';
import type { Silence } from '../contract-link.ts';

export interface EarlierDeps {
  readonly db: WeirDatabase;
  readonly clock: Clock;
  readonly random: Random;
  readonly memo: SignatureMemo;
  readonly epoch: number;
  readonly tell: (message: Broadcast) => void;
}

/** What was answered about an earlier contract becomes its verdict, together with what it gives, in one fenced transaction. */
export class EarlierAnswers {
  readonly #deps: EarlierDeps;
  readonly #cache: RoomCache;

  constructor(deps: EarlierDeps) {
    this.#deps = deps;
    this.#cache = new RoomCache(deps.db, deps.memo);
  }

  /**
   * Bytes from a contract are hostile until every signature and rule of the room holds. The upgrade pointer is followed, and never
   * merged: what is brought forward must not point to where it is brought.
   *
   * @returns whether the room has something new by it
   */
  async take(
    searched: SearchedRoom,
    contract: EarlierContract,
    answered: Result<Uint8Array | undefined, Silence>,
  ): Promise<boolean> {
    if (!answered.ok) return this.#record(searched, silent(contract, answered.error, this.#deps));
    if (answered.value === undefined || answered.value.length === 0) {
      return this.#record(searched, this.#judged(contract, 'absent'));
    }
    const decoded = decode(roomState, answered.value, 'room_state');
    if (!decoded.ok) return this.#invalid(searched, contract, decoded.error.message);
    const state = decoded.value;
    if (isAwaiting(state)) return this.#record(searched, this.#judged(contract, 'absent'));
    const params = { owner: searched.owner };
    await preverify(state, params, this.#deps.memo);
    const verified = verifyRoom(state, params, this.#deps.memo);
    if (!verified.ok) return this.#invalid(searched, contract, verified.error.reason);
    return this.#merge(searched, contract, state);
  }

  async #merge(
    searched: SearchedRoom,
    contract: EarlierContract,
    held: RoomState,
  ): Promise<boolean> {
    const { db, clock, random, memo, epoch, tell } = this.#deps;
    const { room, target } = searched;
    const pointer = pointerOf(held);
    const found: EarlierContract = {
      ...this.#judged(contract, 'merged'),
      ...(await this.#pointerOwed(searched, contract, pointer)),
    };
    const alongside: Alongside = {
      stores: ['room_searches', 'lanes', ...MARKER_STORES],
      async write(tx, _token, now) {
        await checkEpoch(tx, 'earlier-rooms', epoch);
        const { seq } = await raiseMarker(tx, 'contracts', room, now);
        await recordContract(tx, [room, target], { ...found, seq }, pointer);
      },
    };
    const state: RoomState = { ...held, upgrade: null };
    const deps = { db, memo, clock, alongside, cache: this.#cache };
    const merged = await mergeNews(deps, room, { type: 'state', state });
    switch (merged.type) {
      case 'absent':
        return false; // left meanwhile: nothing is concluded
      case 'refused':
        return this.#notMerged(searched, contract, merged.refusal);
      case 'awaiting': {
        const committed = (): void => tell({ type: 'rooms-changed', rooms: [room] });
        const arrived = await arrive(
          { db, memo, clock, random, committed, alongside },
          room,
          state,
        );
        if (!arrived.ok) return this.#notMerged(searched, contract, arrived.error);
        return true;
      }
      case 'merged':
        if (!merged.changed) return this.#record(searched, found, pointer);
        tell({ type: 'rooms-changed', rooms: [room] });
        return true;
    }
  }

  /** The owner tells whoever still looks there where the room is now. */
  async #pointerOwed(
    { room, target }: SearchedRoom,
    { codeHash }: EarlierContract,
    pointer: string | undefined,
  ): Promise<Pick<EarlierContract, 'pointer'>> {
    if (pointer === target) return { pointer: 'there' };
    const loaded = await this.#cache.get(room);
    const own = loaded.ok ? loaded.value?.own : undefined;
    const self = own?.selfSk ? selfKeyOf(own) : null;
    const isOwner = self !== null && own !== undefined && equalBytes(self, own.ownerVk);
    return isOwner && codeHash !== undefined ? { pointer: 'owed' } : {};
  }

  /** What can be told only of this browser is asked again; what breaks the room's rules is not. */
  #notMerged(
    searched: SearchedRoom,
    contract: EarlierContract,
    refusal: NewsRefused,
  ): Promise<boolean> {
    switch (refusal.type) {
      case 'RefusedByRules':
        return this.#invalid(searched, contract, refusal.reason);
      case 'RowsUndecodable': {
        const reason = `the room can’t be read in this browser (${refusal.path}: ${refusal.reason})`;
        return this.#record(searched, silent(contract, { reason }, this.#deps));
      }
      case 'Busy': {
        const reason = 'the room is being edited all the time';
        return this.#record(searched, silent(contract, { reason }, this.#deps));
      }
    }
  }

  #invalid(searched: SearchedRoom, contract: EarlierContract, why: string): Promise<boolean> {
    const reason = `what it holds is not a valid room (${why})`;
    return this.#record(searched, { ...this.#judged(contract, 'invalid'), reason });
  }

  #judged(contract: EarlierContract, verdict: EarlierContract['verdict']): EarlierContract {
    const { reason: _reason, nextTryAt: _nextTryAt, ...rest } = contract;
    return { ...rest, verdict, attempts: contract.attempts + 1, at: this.#deps.clock.now() };
  }

  async #record(
    { room, target }: SearchedRoom,
    contract: EarlierContract,
    pointer?: string,
  ): Promise<false> {
    const { db, epoch } = this.#deps;
    await db.write(['room_searches', 'lanes'], 'strict', async (tx: WriteTx) => {
      await checkEpoch(tx, 'earlier-rooms', epoch);
      await recordContract(tx, [room, target], contract, pointer);
    });
    return false;
  }
}

/** No answer is never an absence: the contract stays open and is asked again. */
function silent(
  contract: EarlierContract,
  { reason }: Silence,
  { clock, random }: Pick<EarlierDeps, 'clock' | 'random'>,
): EarlierContract {
  const at = clock.now();
  return {
    ...contract,
    verdict: 'silent',
    reason,
    attempts: contract.attempts + 1,
    at,
    nextTryAt: nextAskAt(contract.attempts, at, random.unit()),
  };
}
