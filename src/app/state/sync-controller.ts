import {
  decodeBroadcast,
  CHANNEL,
  type Broadcast,
  type NudgeReason,
} from '../../bridge/messages.ts';
import type { WeirDatabase } from '../../persist/database.ts';
import { FLUSH_STORES, flushNews, markersOf } from '../../persist/dirty-markers.ts';
import { laneIn } from '../../persist/lanes.ts';
import { migrationIn } from '../../persist/migration.ts';
import { openSearchesIn } from '../../persist/room-search.ts';
import type { Millis } from '../../shared/brand.ts';
import { LiveValue } from '../../shared/live-query.ts';
import { Rereader } from './rereader.ts';
import { withRefusals } from './room-refusals.ts';
import type { MigrationStatus, SyncApi, SyncStatus } from './api.ts';
import { migrationStatus, nextAskOf } from './live-migration.ts';
import { nextSearchOf, roomSearches, type RoomSearches } from './live-room-search.ts';
import { part } from './part.ts';
import { nextTryOf, syncStatus, withPath, type SyncFacts } from './live-sync.ts';

/** While the node is away, a visible page looks for it this often: a version probe on loopback costs next to nothing. */
const PROBE_MS = 3_000;
/** A killed worker can't say that it has stopped: its word is good for this long. */
const SYNCING_MS = 30_000;

const STORES = [
  'dirty',
  'lanes',
  'quarantine',
  'generations',
  'settings',
  'rooms',
  'room_searches',
] as const;

/**
 * The page's side of syncing: it shows what the database says, and nudges whoever drains. It decides nothing and sends
 * nothing itself, so closing it at any moment loses nothing.
 */
export class SyncController implements SyncApi {
  readonly status = new LiveValue<SyncStatus>();
  readonly migration = new LiveValue<MigrationStatus>();
  readonly searches = new LiveValue<RoomSearches>();
  /** What the status was derived from; the room list derives its own from the same facts. */
  readonly facts = new LiveValue<SyncFacts>();
  readonly #db: WeirDatabase;
  readonly #roomCodeHash: () => Promise<Uint8Array>;
  readonly #channel = new BroadcastChannel(CHANNEL);
  readonly #listeners = new Set<(message: Broadcast) => void>();
  #nudge: (reason: NudgeReason) => void = () => {};
  #syncing = false;
  #syncingEnd: ReturnType<typeof setTimeout> | undefined;
  #pageDrains = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #probe: ReturnType<typeof setInterval> | undefined;
  readonly #reader = new Rereader(() => this.#read());

  /** @param roomCodeHash BLAKE3 of the room contract of now; rejects when the host does not answer */
  constructor(db: WeirDatabase, roomCodeHash: () => Promise<Uint8Array>) {
    this.#db = db;
    this.#roomCodeHash = roomCodeHash;
    this.#channel.addEventListener('message', (event) => {
      const message = decodeBroadcast(event.data);
      if (message) this.receive(message);
    });
  }

  /** Begins to nudge: `nudge` wakes the worker, or runs the page's own engine. */
  start(nudge: (reason: NudgeReason) => void, pageDrains: boolean): void {
    this.#nudge = nudge;
    this.#pageDrains = pageDrains;
    addEventListener('online', () => nudge('online'));
    document.addEventListener('visibilitychange', () => {
      this.#watchNode();
      if (document.visibilityState === 'visible') void this.refresh(); // the database may have been deleted meanwhile
      else void this.#flush();
    });
    addEventListener('pagehide', () => void this.#flush());
    document.addEventListener('freeze', () => void this.#flush());
    addEventListener('pageshow', (event) => {
      if (event.persisted) nudge('start'); // back from the back/forward cache: what was missed is in the database
    });
    void this.refresh();
    nudge('start');
  }

  /** Every broadcast of the origin, this page's own included. */
  listen(listener: (message: Broadcast) => void): void {
    this.#listeners.add(listener);
  }

  /** Tells the other pages and this one. */
  tell(message: Broadcast): void {
    this.#channel.postMessage(message);
    this.receive(message);
  }

  receive(message: Broadcast): void {
    if (message.type === 'syncing') this.#setSyncing(message.active);
    for (const listener of this.#listeners) listener(message);
    if (message.type !== 'loaded') void this.refresh();
  }

  #setSyncing(active: boolean): void {
    this.#syncing = active;
    clearTimeout(this.#syncingEnd);
    if (!active) return;
    this.#syncingEnd = setTimeout(() => {
      this.#syncing = false;
      void this.refresh();
    }, SYNCING_MS);
  }

  edited(): void {
    this.#nudge('edit');
    void this.refresh();
  }

  retry(): void {
    this.#nudge('retry');
  }

  async searchAgain(): Promise<void> {
    const { searchOlderData } = await part(() => import('./search-older.ts'));
    await searchOlderData(this.#db, await this.#roomCodeHash());
    this.#nudge('retry');
    await this.refresh();
  }

  /**
   * This page may never be shown again: news that wait for the delegate wait no longer. One local transaction, which a closing page
   * can still begin; the worker does the rest, now or when it starts again.
   */
  async #flush(): Promise<void> {
    const flushed = await this.#db.write(FLUSH_STORES, 'relaxed', (tx) =>
      flushNews(tx, 'rooms', Date.now()),
    );
    if (flushed) this.#nudge('edit');
  }

  /** Reads markers and lane again; calls while a read is under way share the next one. */
  refresh(): Promise<void> {
    return this.#reader.refresh();
  }

  async #read(): Promise<void> {
    const { markers, lane, contracts, outbound, aside, migration, searches, searching } =
      await this.#db.read(STORES, async (tx) => ({
        markers: await markersOf(tx, 'rooms'),
        lane: await laneIn(tx, 'rooms'),
        contracts: {
          markers: await markersOf(tx, 'contracts'),
          lane: await laneIn(tx, 'contracts'),
        },
        outbound: {
          markers: await markersOf(tx, 'outbound-dms'),
          lane: await laneIn(tx, 'outbound-dms'),
        },
        aside: await tx.objectStore('quarantine').getAll(),
        migration: await migrationIn(tx),
        searches: await openSearchesIn(tx),
        searching: await laneIn(tx, 'earlier-rooms'),
      }));
    const facts: SyncFacts = {
      ...withPath({ markers: withRefusals(markers, contracts.markers), lane }, outbound),
      setAside: aside.filter((row) => !row.resolved).map((row) => row.reason),
      syncing: this.#syncing,
      pageDrains: this.#pageDrains,
    };
    this.facts.set(facts);
    this.status.set(syncStatus(facts));
    this.migration.set(migrationStatus(migration));
    this.searches.set(roomSearches(searches));
    const nextSearch = nextSearchOf(searches, searching.failure?.nextTryAt, Date.now());
    this.#schedule([facts, contracts, outbound], [nextAskOf(migration), nextSearch]);
  }

  /** A worker's own timers die with it: the page wakes it when the back-off ends. */
  #schedule(
    paths: readonly Pick<SyncFacts, 'markers' | 'lane'>[],
    nextAsks: readonly (Millis | undefined)[],
  ): void {
    clearTimeout(this.#timer);
    const times = [...paths.map(nextTryOf), ...nextAsks].filter((time) => time !== undefined);
    if (times.length > 0) {
      const at = Math.min(...times);
      this.#timer = setTimeout(() => this.#nudge('timer'), Math.max(0, at - Date.now()) + 50);
    }
    this.#watchNode();
  }

  /** Looks for a node that is away, so that what is stored here leaves as soon as it is back. */
  #watchNode(): void {
    const away = this.facts.current?.lane.failure?.code === 'node-unreachable';
    const wanted = away && document.visibilityState === 'visible';
    if (wanted && this.#probe === undefined) {
      this.#probe = setInterval(() => void this.#lookForNode(), PROBE_MS);
    } else if (!wanted && this.#probe !== undefined) {
      clearInterval(this.#probe);
      this.#probe = undefined;
    }
  }

  async #lookForNode(): Promise<void> {
    try {
      const response = await fetch('/v1/version', { cache: 'no-store' });
      if (response.ok) this.#nudge('node-back');
    } catch {
      // still away: that is what the status says
    }
  }
}
