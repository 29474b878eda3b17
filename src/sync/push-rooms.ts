import { isAwaiting } from '../persist/awaiting-room.ts';
import { beginSearch, followPointer, pointerOf } from '../persist/begin-search.ts';
import type { WeirDatabase, WriteTx } from '../persist/database.ts';
import { failMarker, owedMarkers, settleMarker } from '../persist/dirty-markers.ts';
import { checkEpoch, nextIteration } from '../persist/lanes.ts';
import { mergeNews, type MergeNewsDeps, type NewsRefused } from '../persist/merge-news.ts';
import { isDurable, writeReceipt } from '../persist/receipts.ts';
import { RoomCache } from '../persist/room-cache.ts';
import { readRoom, ROOM_STORES } from '../persist/room-store.ts';
import type { FailureCode, Receipt } from '../persist/schema.ts';
import { decodeStored } from '../persist/stored-room.ts';
import { decode, encode } from '../river/cbor/codec.ts';
import type { VerifyingKey } from '../river/keys.ts';
import { roomDelta, roomState, type RoomState } from '../river/room-state/room-state.ts';
import { roomSummary } from '../river/room-state/summary.ts';
import { applyDelta, delta, preverify, summarize, trustRoom, verifyRoom } from '../river/room.ts';
import type { SignatureMemo } from '../river/signatures/memo.ts';
import type { RoomKey } from '../shared/brand.ts';
import { id32FromBase58 } from '../shared/bytes.ts';
import type { Result } from '../shared/result.ts';
import type { Clock } from '../shared/clock.ts';
import type { Random } from '../shared/random.ts';
import type { Broadcast } from '../bridge/messages.ts';
import { isDue, nextFailure } from './backoff.ts';
import type { ContractLink, PushOutcome } from './contract-link.ts';
import type { LinkFailure } from './node-link.ts';
import { valueHash } from './value-hash.ts';

/** Rooms whose states are in memory at once. */
const WAVE = 4;

export interface PushContext {
  readonly db: WeirDatabase;
  readonly clock: Clock;
  readonly random: Random;
  readonly memo: SignatureMemo;
  readonly link: ContractLink;
  readonly epoch: number;
  /** Try rooms whose back-off has not ended. */
  readonly forced: boolean;
  readonly tell: (message: Broadcast) => void;
}

export type PushResult =
  /** No room was due: nothing was sent. */
  | { readonly type: 'idle' }
  /** Every due room has its receipt; some may be refusals. */
  | { readonly type: 'done' }
  /** The connection is of no more use: what was sent on it may or may not have been taken. */
  | { readonly type: 'broken'; readonly failure: LinkFailure };

/** What one room's try ended with; written as its receipt. */
interface Ending {
  readonly room: RoomKey;
  readonly target: string;
  readonly coverage: number;
  readonly outcome: Receipt['outcome'];
  readonly sentence?: string;
  /** What the contract holds now, where that is known. */
  readonly held?: RoomState;
  /** The connection is of no more use. */
  readonly broken?: LinkFailure;
}

/**
 * One iteration over the rooms with changes that their contracts lack: read the contract's state, merge what is news, compute
 * what the contract lacks from the rows as they are now, and send that as **one** update (the whole state where there is no
 * contract yet). Nothing is replayed: an update that was lost, or arrived after all, is found out by reading.
 */
export async function pushRooms(context: PushContext): Promise<PushResult> {
  const { db, clock, epoch, forced, link } = context;
  const now = clock.now();
  const markers = await db.read(['dirty'], (tx) => owedMarkers(tx, 'contracts', now));
  const due = markers.filter((marker) => forced || isDue(marker.failure, now));
  if (due.length === 0) return { type: 'idle' };
  const push = new Push(context, await nextIteration(db, 'contracts', epoch));
  for (let i = 0; i < due.length; i += WAVE) {
    const wave = due.slice(i, i + WAVE).map((marker) => push.room(marker.key as RoomKey));
    const endings = (await Promise.all(wave)).filter((ending) => ending !== undefined);
    await push.record(endings);
    const broken = endings.find((ending) => ending.broken)?.broken;
    if (broken) {
      link.close();
      return { type: 'broken', failure: broken };
    }
  }
  return { type: 'done' };
}

class Push {
  readonly #context: PushContext;
  readonly #iterId: number;
  readonly #news: MergeNewsDeps;

  constructor(context: PushContext, iterId: number) {
    const { db, memo, clock, epoch } = context;
    this.#context = context;
    this.#iterId = iterId;
    const guard = (tx: WriteTx) => checkEpoch(tx, 'contracts', epoch);
    this.#news = { db, memo, clock, guard, cache: new RoomCache(db, memo) };
  }

  /** @returns undefined when the marker is gone */
  async room(room: RoomKey): Promise<Ending | undefined> {
    const owner = id32FromBase58(room);
    if (!owner) {
      const sentence = `“${room}” is not the name of a room.`;
      return this.#failed(room, '', 'local-undecodable', sentence);
    }
    const target = this.#context.link.targetOf(owner);
    const got = await this.#context.link.get(owner);
    if (!got.ok) return this.#broken(room, target, got.error);
    const isThere = got.value !== undefined && got.value.length > 0;
    const held = isThere ? decode(roomState, got.value, 'room_state') : undefined;
    if (held?.ok === false) return this.#invalid(room, target, held.error.message);
    if (!held || isAwaiting(held.value)) {
      const { db, link, clock } = this.#context;
      const searched = { room, owner, target, codeHash: link.codeHash };
      await beginSearch(db, searched, clock.now()); // before the put: afterwards it is there
      return this.#put(room, owner, target);
    }
    return this.#update(room, owner, target, held.value);
  }

  /** Nobody has the room's contract, or it was put without a room in it: it begins with the state as it is here. */
  async #put(room: RoomKey, owner: VerifyingKey, target: string): Promise<Ending | undefined> {
    const mine = await this.#snapshot(room, owner, target);
    if (!mine || 'outcome' in mine) return mine;
    const state = forward(mine.state, target);
    const put = await this.#context.link.put(owner, encode(roomState, state));
    return { ...mine, ...(await this.#outcome(owner, put, state)) };
  }

  /** @param held what the contract holds, not verified yet */
  async #update(
    room: RoomKey,
    owner: VerifyingKey,
    target: string,
    held: RoomState,
  ): Promise<Ending | undefined> {
    const { link, memo, tell } = this.#context;
    const params = { owner };
    await preverify(held, params, memo);
    const verified = verifyRoom(held, params, memo);
    if (!verified.ok) return this.#invalid(room, target, verified.error.reason);
    await this.#follow(room, owner, target, held);

    const merged = await mergeNews(this.#news, room, { type: 'state', state: held });
    if (merged.type === 'refused') {
      return this.#failed(room, target, 'merge-failed', wordsOf(merged.refusal));
    }
    if (merged.type === 'merged' && merged.changed) tell({ type: 'rooms-changed', rooms: [room] });

    const mine = await this.#snapshot(room, owner, target);
    if (!mine || 'outcome' in mine) return mine;
    const news = delta(forward(mine.state, target), summarize(held));
    if (news === null) return { ...mine, outcome: 'unchanged', held };
    const applied = applyDelta(held, params, news, memo); // as the contract will
    if (!applied.ok) return { ...mine, ...refusal(applied.error.reason) };
    const updated = await link.update(owner, encode(roomDelta, news));
    return { ...mine, ...(await this.#outcome(owner, updated, held)) };
  }

  /**
   * What an answer is worth. None says which request it answers: it may be the second copy of an earlier one's. So what counts is
   * what it says of the room, and where that is nothing, or too little, the room is read again.
   *
   * @param state that the contract has when it has taken the change
   */
  async #outcome(
    owner: VerifyingKey,
    pushed: Result<PushOutcome, LinkFailure>,
    state: RoomState,
  ): Promise<Pick<Ending, 'outcome' | 'sentence' | 'broken' | 'held'>> {
    if (!pushed.ok) return unknown(pushed.error);
    if (pushed.value.type === 'refused') return refusal(pushed.value.text);
    const said = decode(roomSummary, pushed.value.summary, 'summary');
    if (said.ok && delta(state, said.value) === null) return { outcome: 'stored', held: state };
    const got = await this.#context.link.get(owner);
    if (!got.ok) return unknown(got.error);
    const read = got.value && decode(roomState, got.value, 'room_state');
    const isThere = read?.ok === true && delta(state, summarize(read.value)) === null;
    return isThere ? { outcome: 'stored', held: state } : unknown(NOT_THERE);
  }

  /** The room may have moved on to a contract that is newer than this version of Weir. */
  async #follow(
    room: RoomKey,
    owner: VerifyingKey,
    target: string,
    held: RoomState,
  ): Promise<void> {
    const pointer = pointerOf(held);
    if (pointer === undefined) return;
    const { db, link, clock } = this.#context;
    const searched = { room, owner, target, codeHash: link.codeHash };
    await followPointer(db, searched, pointer, clock.now());
  }

  /**
   * Marker and rows in one transaction: every change up to `coverage` is in the state, whatever is committed from then on. What
   * lies in the database was verified before it was written.
   */
  async #snapshot(
    room: RoomKey,
    owner: VerifyingKey,
    target: string,
  ): Promise<
    | {
        readonly room: RoomKey;
        readonly target: string;
        readonly coverage: number;
        state: RoomState;
      }
    | Ending
    | undefined
  > {
    const { db, memo } = this.#context;
    const read = await db.read([...ROOM_STORES, 'dirty'], async (tx) => ({
      marker: await tx.objectStore('dirty').get(['contracts', room]),
      stored: await readRoom(tx, room),
    }));
    if (!read.marker) return undefined;
    const coverage = read.marker.seq;
    const decoded = read.stored && decodeStored(read.stored);
    if (!decoded?.ok) {
      const where = decoded
        ? `${decoded.error.path}: ${decoded.error.reason}`
        : 'its rows are missing';
      const sentence = `The room can’t be read in this browser (${where}), so it was not sent.`;
      return { room, target, coverage, outcome: 'local-undecodable', sentence };
    }
    const { state } = decoded.value;
    if (isAwaiting(state)) return undefined; // nothing of the room is here: its arrival marks it again
    trustRoom(state, { owner }, memo);
    return { room, target, coverage, state };
  }

  #invalid(room: RoomKey, target: string, reason: string): Promise<Ending> {
    const sentence = `What your node holds as this room is not a valid room (${reason}). Nothing was sent or taken.`;
    return this.#failed(room, target, 'remote-undecodable', sentence);
  }

  async #broken(room: RoomKey, target: string, broken: LinkFailure): Promise<Ending> {
    return { ...(await this.#failed(room, target, broken.code, broken.sentence)), broken };
  }

  /** A failure before any snapshot was taken: it is every caller's answer up to now. */
  async #failed(
    room: RoomKey,
    target: string,
    outcome: FailureCode,
    sentence: string,
  ): Promise<Ending> {
    const marker = await this.#context.db.read(['dirty'], (tx) =>
      tx.objectStore('dirty').get(['contracts', room]),
    );
    return { room, target, coverage: marker?.seq ?? 0, outcome, sentence };
  }

  /** Receipts, markers and bases in one fenced transaction: the only place where a success is written. */
  async record(all: readonly Ending[]): Promise<void> {
    const endings = all.filter(({ coverage }) => coverage > 0); // of a room that was left meanwhile nobody asks
    if (endings.length === 0) return;
    const { db, epoch } = this.#context;
    const hashes = await Promise.all(
      endings.map(async ({ held }) => held && valueHash(encode(roomSummary, summarize(held)))),
    );
    await db.write(['lanes', 'receipts', 'dirty', 'base'], 'strict', async (tx) => {
      await checkEpoch(tx, 'contracts', epoch);
      for (const [i, ending] of endings.entries()) await this.#write(tx, ending, hashes[i]);
    });
  }

  async #write(tx: WriteTx, ending: Ending, hash: string | undefined): Promise<void> {
    const { clock, random } = this.#context;
    const { room, target, coverage, outcome, sentence } = ending;
    const at = clock.now();
    const receipt: Receipt = {
      path: 'contracts',
      key: room,
      iterId: this.#iterId,
      target,
      coverage,
      outcome,
      ...(sentence !== undefined && { error: sentence }),
      at,
    };
    await writeReceipt(tx, receipt);
    if (!isDurable(receipt)) {
      const marker = await tx.objectStore('dirty').get(['contracts', room]);
      const code = outcome as FailureCode;
      const failure = nextFailure(marker?.failure, code, sentence ?? '', at, random.unit());
      await failMarker(tx, 'contracts', room, failure);
      return;
    }
    await settleMarker(tx, 'contracts', room, coverage, at);
    await tx.objectStore('base').put({
      path: 'contracts',
      key: room,
      target,
      generation: 0n,
      valueHash: hash ?? '',
      coverage,
      at,
    });
  }
}

/** A pointer to where the state is brought would lead in a circle: it is left out. */
const forward = (state: RoomState, target: string): RoomState =>
  pointerOf(state) === target ? { ...state, upgrade: null } : state;

const NOT_THERE: LinkFailure = {
  code: 'unknown',
  sentence: 'Your node answered, but the room has not got what was sent; it will be tried again.',
};

const refusal = (reason: string): Pick<Ending, 'outcome' | 'sentence'> => ({
  outcome: 'room-refused',
  sentence: `The room does not take what was written here: ${reason === '' ? 'it gave no reason' : reason}.`,
});

const unknown = (broken: LinkFailure): Pick<Ending, 'outcome' | 'sentence' | 'broken'> => ({
  outcome: broken.code,
  sentence: broken.sentence,
  broken,
});

function wordsOf(refusal: NewsRefused): string {
  switch (refusal.type) {
    case 'RefusedByRules':
      return `What others have written in this room can’t be merged: ${refusal.reason}.`;
    case 'RowsUndecodable':
      return `The room can’t be read in this browser (${refusal.path}: ${refusal.reason}).`;
    case 'Busy':
      return 'The room is being edited all the time; it will be tried again.';
  }
}
