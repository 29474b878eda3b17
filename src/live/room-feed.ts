import type { NodeConnection } from '../freenet/client.ts';
import type { Unsolicited } from '../freenet/connection.ts';
import { contractKeyOf } from '../freenet/keys.ts';
import type { UpdateData } from '../freenet/types.ts';
import { isAwaiting } from '../persist/awaiting-room.ts';
import {
  beginSearch,
  followPointer,
  pointerOf,
  type SearchedRoom,
} from '../persist/begin-search.ts';
import type { WeirDatabase } from '../persist/database.ts';
import { MARKER_STORES, owedMarkers, raiseUnlessOwed } from '../persist/dirty-markers.ts';
import type { LoadedRoom } from '../persist/loaded-room.ts';
import { mergeNews, type NewsOutcome, type RoomNews } from '../persist/merge-news.ts';
import { RoomCache } from '../persist/room-cache.ts';
import { encode } from '../river/cbor/codec.ts';
import { roomParameters } from '../river/room-state/parameters.ts';
import type { RoomState } from '../river/room-state/room-state.ts';
import { roomSummary } from '../river/room-state/summary.ts';
import { delta, summarize } from '../river/room.ts';
import type { SignatureMemo } from '../river/signatures/memo.ts';
import type { RoomKey } from '../shared/brand.ts';
import { equalBytes, fromBase58, id32FromBase58, toBase58, toHex } from '../shared/bytes.ts';
import type { Clock } from '../shared/clock.ts';
import type { Random } from '../shared/random.ts';
import { arrive } from '../persist/arrival.ts';
import { newsOf, stateNews, type NewsRefusal } from './room-news.ts';

/** Rooms read at once. */
const WAVE = 4;
/** Notifications may be lost: a room is read again so often. */
const REREAD_MS = 120_000;
/** A room that is not on the node yet, or could not be read, is looked for at growing intervals between these. */
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 15_000;
/** What a node has sent and was refused makes its room be read again, but not more often than this. */
const REREAD_AFTER_MS = 5_000;
/** Whether news are due for the delegate is looked up so often. */
const NEWS_CHECK_MS = 30_000;

export interface FeedDeps {
  readonly db: WeirDatabase;
  readonly clock: Clock;
  readonly random: Random;
  readonly memo: SignatureMemo;
  /** These rooms' rows have changed. */
  readonly changed: (rooms: readonly RoomKey[]) => void;
  /** There is something to bring to the node. */
  readonly owed: () => void;
  /** A room was read whole, or something that was not here has come into it. The room is good until the call returns. */
  readonly heard?: (room: LoadedRoom, how: 'read' | 'changed') => void;
  /** A node told something of a room that is not true, or can't be read. It was not taken. */
  readonly refused: (room: RoomKey, refusal: NewsRefusal) => void;
}

interface Watched {
  readonly room: RoomKey;
  readonly instance: Uint8Array;
  /** Everything about one room happens in turn. */
  tail: Promise<void>;
  /** The newest notification that waits for its turn: it says all that earlier ones did. */
  pending: UpdateData | undefined;
  readAt: number;
  /** When it is to be read again. */
  dueAt: number;
  /** How long it was last waited for a room that is not there; 0 for one that is. */
  waitMs: number;
  /** The contract's summary when it was last found to lack something. */
  offered: Uint8Array | undefined;
}

/**
 * The rooms' contracts over one connection: each is read once and subscribed to, and what changes is merged into the database.
 *
 * Nothing that a node says is believed: signatures and rules are verified before anything is written. Notifications may be
 * lost, so rooms are to be read again now and then.
 */
export class RoomFeed {
  readonly #deps: FeedDeps;
  readonly #connection: NodeConnection;
  readonly #codeHash: Uint8Array;
  readonly #cache: RoomCache;
  /** By instance id, hex. */
  #watched = new Map<string, Watched>();
  #newsCheckedAt = 0;

  /** @param codeHash of the room contract, 32 bytes */
  constructor(deps: FeedDeps, connection: NodeConnection, codeHash: Uint8Array) {
    this.#deps = deps;
    this.#connection = connection;
    this.#codeHash = codeHash;
    this.#cache = new RoomCache(deps.db, deps.memo);
  }

  /** To be called with everything that the connection was not asked for. */
  receive(message: Unsolicited): void {
    if (message.type !== 'UpdateNotification') return;
    const watched = this.#watched.get(toHex(message.key.instance));
    if (!watched) return; // a room that was left
    const isScheduled = watched.pending !== undefined;
    watched.pending = message.update;
    if (!isScheduled) void this.#inTurn(watched, () => this.#takePending(watched));
  }

  /** Reads rooms that are new here; forgets those that were left. Never rejects. */
  roomsChanged(): Promise<void> {
    return this.#orEnd(async () => {
      await this.#refresh();
      await this.#readDue();
    });
  }

  /** Reads the rooms whose time has come. Resolves when all are done, or the connection has ended. Never rejects. */
  readDue(): Promise<void> {
    return this.#orEnd(() => this.#readDue());
  }

  async #refresh(): Promise<void> {
    const rows = await this.#deps.db.read(['rooms'], (tx) => tx.objectStore('rooms').getAll());
    const before = this.#watched;
    this.#watched = new Map();
    for (const { room, status } of rows) {
      const owner = id32FromBase58(room);
      if (status !== 'present' || !owner) continue;
      const { instance } = contractKeyOf(this.#codeHash, encode(roomParameters, { owner }));
      const id = toHex(instance);
      this.#watched.set(id, before.get(id) ?? fresh(room, instance));
    }
  }

  async #readDue(): Promise<void> {
    const now = this.#deps.clock.now();
    const due = [...this.#watched.values()].filter(
      ({ dueAt }) => dueAt <= now || dueAt > now + REREAD_MS, // a clock that jumped back means now
    );
    for (const watched of due) watched.dueAt = now + REREAD_MS;
    for (let i = 0; i < due.length; i += WAVE) {
      const wave = due.slice(i, i + WAVE);
      await Promise.all(wave.map((watched) => this.#inTurn(watched, () => this.#read(watched))));
    }
    await this.#wakeForNews(now);
  }

  /** Resolves when nothing that has arrived so far waits any more. */
  async settled(): Promise<void> {
    await Promise.all([...this.#watched.values()].map(({ tail }) => tail));
  }

  #inTurn(watched: Watched, job: () => Promise<void>): Promise<void> {
    watched.tail = watched.tail.then(() => this.#orEnd(job));
    return watched.tail;
  }

  /** Where this browser's storage fails, the connection ends, and everything is begun anew later. */
  async #orEnd(job: () => Promise<void>): Promise<void> {
    try {
      await job();
    } catch {
      this.#connection.close();
    }
  }

  async #read(watched: Watched): Promise<void> {
    const isListening = await this.#readOnce(watched);
    const now = this.#deps.clock.now();
    watched.readAt = now;
    watched.waitMs = isListening
      ? 0
      : Math.min(Math.max(watched.waitMs * 2, FIRST_WAIT_MS), LONGEST_WAIT_MS);
    watched.dueAt = now + (isListening ? REREAD_MS : watched.waitMs);
  }

  /** @returns whether the room's changes will be told */
  async #readOnce(watched: Watched): Promise<boolean> {
    const { room, instance } = watched;
    // registered by the read itself, so that nothing falls between reading and subscribing
    const got = await this.#connection.get({ instance, subscribe: true });
    if (!got.ok) return false;
    if (got.value.type === 'NotFound' || got.value.state.length === 0) {
      await this.#search(watched);
      await this.#offer(watched, undefined);
      return false;
    }
    const news = stateNews(got.value.state);
    if (!news.ok) {
      this.#deps.refused(room, news.error);
      return false;
    }
    const held = news.value.state;
    if (isAwaiting(held)) await this.#search(watched);
    const merged = await this.#take(watched, news.value);
    if (merged?.type !== 'merged') return false;
    this.#deps.heard?.(merged.room, 'read');
    await this.#follow(watched, held);
    // from here on only what is not here yet is told
    const summary = encode(roomSummary, summarize(merged.room.state));
    const subscribed = await this.#connection.subscribe({ instance, summary });
    if (delta(merged.room.state, summarize(held)) !== null) await this.#offer(watched, held);
    return subscribed.ok;
  }

  async #takePending(watched: Watched): Promise<void> {
    const update = watched.pending;
    watched.pending = undefined;
    if (!update) return;
    const news = newsOf(update);
    if (!news.ok) this.#deps.refused(watched.room, news.error);
    else if (news.value === null) return;
    const taken = news.ok && news.value ? await this.#take(watched, news.value) : undefined;
    const isStale = taken === undefined || taken.type === 'awaiting';
    if (isStale && this.#deps.clock.now() - watched.readAt >= REREAD_AFTER_MS) {
      await this.#read(watched);
    }
  }

  /** @returns undefined when it was refused */
  async #take(watched: Watched, news: RoomNews): Promise<NewsOutcome | undefined> {
    const { db, memo, clock, changed, refused } = this.#deps;
    const { room } = watched;
    const outcome = await mergeNews({ db, memo, clock, cache: this.#cache }, room, news);
    if (outcome.type === 'refused') {
      refused(room, outcome.refusal);
      return undefined;
    }
    if (outcome.type === 'merged' && outcome.changed) {
      changed([room]);
      this.#deps.heard?.(outcome.room, 'changed');
    }
    if (outcome.type === 'awaiting' && news.type === 'state') {
      return this.#arrived(watched, news.state);
    }
    return outcome;
  }

  async #arrived(watched: Watched, state: RoomState): Promise<NewsOutcome | undefined> {
    const { changed, owed, refused } = this.#deps;
    const arrived = await arrive({ ...this.#deps, committed: changed }, watched.room, state);
    if (!arrived.ok) {
      refused(watched.room, arrived.error);
      return undefined;
    }
    if (arrived.value) owed();
    const loaded = await this.#cache.get(watched.room);
    return loaded.ok && loaded.value
      ? { type: 'merged', room: loaded.value, changed: true }
      : undefined;
  }

  /** The room may lie under an earlier contract. Begun before anything is put where it is missing. */
  async #search(watched: Watched): Promise<void> {
    const { db, clock, owed } = this.#deps;
    if (await beginSearch(db, this.#searched(watched), clock.now())) owed();
  }

  /** The room may have moved on to another contract. @param held verified */
  async #follow(watched: Watched, held: RoomState): Promise<void> {
    const { db, clock, owed } = this.#deps;
    const pointer = pointerOf(held);
    if (pointer === undefined) return;
    if (await followPointer(db, this.#searched(watched), pointer, clock.now())) owed();
  }

  #searched({ room, instance }: Watched): SearchedRoom {
    const owner = fromBase58(room);
    return { room, owner, codeHash: this.#codeHash, target: toBase58(instance) };
  }

  /**
   * Marks a room whose contract lacks something that is here, or is not there at all. Once for what the contract holds: some
   * things it will never take (rooms disagree about who is still a member, say).
   */
  async #offer(watched: Watched, held: RoomState | undefined): Promise<void> {
    const { db, clock, owed } = this.#deps;
    const { room } = watched;
    const summary = held ? encode(roomSummary, summarize(held)) : new Uint8Array();
    if (watched.offered && equalBytes(watched.offered, summary)) return;
    const loaded = await this.#cache.get(room);
    if (!loaded.ok || !loaded.value || isAwaiting(loaded.value.state)) return;
    watched.offered = summary;
    await db.write(MARKER_STORES, 'strict', (tx) =>
      raiseUnlessOwed(tx, 'contracts', room, clock.now()),
    );
    owed();
  }

  /** News that the delegate has been waiting for long enough are due now. */
  async #wakeForNews(now: number): Promise<void> {
    if (now - this.#newsCheckedAt < NEWS_CHECK_MS) return;
    this.#newsCheckedAt = now;
    const { db, owed } = this.#deps;
    const due = await db.read(['dirty'], (tx) => owedMarkers(tx, 'rooms', now));
    if (due.some(({ level }) => level === 'cache')) owed();
  }
}

const fresh = (room: RoomKey, instance: Uint8Array): Watched => ({
  room,
  instance,
  tail: Promise.resolve(),
  pending: undefined,
  readAt: 0,
  dueAt: 0,
  waitMs: 0,
  offered: undefined,
});
