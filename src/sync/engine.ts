import type { Broadcast, NudgeReason } from '../bridge/messages.ts';
import type { Clock } from '../shared/clock.ts';
import type { SignatureMemo } from '../river/signatures/memo.ts';
import type { Random } from '../shared/random.ts';
import type { Result } from '../shared/result.ts';
import type { WeirDatabase } from '../persist/database.ts';
import { owedMarkers } from '../persist/dirty-markers.ts';
import { FencedError, laneOf, setLaneFailure, takeEpoch } from '../persist/lanes.ts';
import { storageError } from '../persist/database.ts';
import { isDue, nextFailure } from './backoff.ts';
import { coalesceSave, newCoalesceState } from './coalesce.ts';
import { importRoom } from './import-room.ts';
import { fireLoadRoomsRequest } from './load-rooms.ts';
import type { LinkFailure, NodeLink } from './node-link.ts';
import { REQUEST_BOUND, saveRoomsToDelegate } from './save-rooms.ts';

/** A burst is over when no edit has come for this long and no page is working on one… */
const QUIET_MS = 250;
const EDITING_POLL_MS = 100;
/** …or when it has gone on for this long: what is stored here reaches the node at least this often. */
const LONGEST_BURST_MS = 5_000;
/** What was loaded this recently is not asked for again by a mere reload. */
const FRESH_MS = 30_000;

/** The part of the Web Locks API that is used: never `steal`, never `ifAvailable`. */
export interface Locks {
  request<T>(name: string, body: () => Promise<T>): Promise<T>;
}

export interface EngineDeps {
  readonly db: WeirDatabase;
  readonly locks: Locks;
  readonly clock: Clock;
  readonly random: Random;
  readonly memo: SignatureMemo;
  readonly openLink: () => Promise<Result<NodeLink, LinkFailure>>;
  readonly tell: (message: Broadcast) => void;
  /** Whether any page is working on edits that are not committed yet. */
  readonly editing: () => Promise<boolean>;
  /** Bytes of values in one request; `REQUEST_BOUND` unless told. */
  readonly requestBound?: number;
}

export type DrainResult =
  /** Nothing is left that could be done now. */
  | { readonly type: 'clean' }
  /** Markers are left; the lane or the markers say why and when the next try is. */
  | { readonly type: 'failed'; readonly reason: string };

/**
 * Brings what is marked dirty to the node: one iteration at a time in the whole origin, whoever asks and however often.
 *
 * It keeps nothing that matters in memory: killed at any point, the next engine goes on from what is in IndexedDB.
 */
export class SyncEngine {
  readonly #deps: EngineDeps;
  readonly #state = newCoalesceState<DrainResult>();
  #link: NodeLink | undefined;
  /** When the rooms were last read over the present link. */
  #loadedAt: number | undefined;
  #forced = false;
  #burstSince: number | undefined;
  #lastEdit = 0;

  constructor(deps: EngineDeps) {
    this.#deps = deps;
  }

  /** Drains what is due, together with whatever else is asked meanwhile. Never rejects. */
  async nudge(reason: NudgeReason): Promise<DrainResult> {
    if (reason === 'edit') {
      this.#lastEdit = this.#deps.clock.now();
      this.#burstSince ??= this.#lastEdit;
    } else if (reason !== 'timer') {
      this.#forced = true;
    }
    try {
      return await coalesceSave(this.#state, {
        gather: () => this.#gather(),
        doSave: () => this.#underLock(),
      });
    } catch (error) {
      return { type: 'failed', reason: describe(error) };
    }
  }

  /** Waits for the end of the burst. Nudges that are no edits are not kept waiting. */
  async #gather(): Promise<void> {
    const { clock, editing } = this.#deps;
    while (this.#burstSince !== undefined) {
      const now = clock.now();
      const latest = this.#burstSince + LONGEST_BURST_MS;
      if (now >= latest || now < this.#burstSince) break; // a clock that jumped back ends the burst
      const quiet = this.#lastEdit + QUIET_MS;
      if (now < quiet) await clock.sleep(Math.min(quiet, latest) - now);
      else if (await editing()) await clock.sleep(EDITING_POLL_MS);
      else break;
    }
    this.#burstSince = undefined;
  }

  async #underLock(): Promise<DrainResult> {
    const { db, locks } = this.#deps;
    return locks.request(`weir:lane:${db.name}:rooms`, async () => {
      const epoch = await takeEpoch(db, 'rooms');
      try {
        return await this.#drain(epoch);
      } catch (error) {
        if (error instanceof FencedError) return { type: 'failed', reason: error.message };
        this.#drop();
        return await this.#fail(epoch, {
          code: 'local-storage',
          sentence: `This browser’s storage failed (${describe(error)}).`,
        });
      } finally {
        this.#deps.tell({ type: 'sync-changed' });
      }
    });
  }

  async #drain(epoch: number): Promise<DrainResult> {
    const { db, clock, tell } = this.#deps;
    const forced = this.#forced;
    this.#forced = false;
    const lane = await laneOf(db, 'rooms');
    if (!forced && !isDue(lane.failure, clock.now())) {
      return { type: 'failed', reason: lane.failure?.sentence ?? '' };
    }
    if (!forced && !(await this.#anythingDue())) return { type: 'clean' };
    tell({ type: 'syncing', active: true });
    try {
      const opened = await this.#ensureLink();
      if (!opened.ok) {
        tell({ type: 'loaded', error: opened.error.sentence });
        return await this.#fail(epoch, opened.error);
      }
      return await this.#drainOver(opened.value, epoch, forced);
    } finally {
      tell({ type: 'syncing', active: false });
    }
  }

  async #drainOver(link: NodeLink, epoch: number, forced: boolean): Promise<DrainResult> {
    const { db, clock, random, memo, tell } = this.#deps;
    const importRemote = importRoom({ db, clock, memo, epoch, target: link.target, tell });
    if (this.#needsLoad(forced)) {
      const loaded = await fireLoadRoomsRequest({ db, clock, epoch, link, importRemote });
      if (!loaded.ok) {
        tell({ type: 'loaded', error: loaded.error.sentence });
        return this.#broken(epoch, loaded.error);
      }
      this.#loadedAt = clock.now();
      tell({ type: 'loaded' });
    }
    let force = forced;
    for (;;) {
      const context = {
        db,
        clock,
        random,
        link,
        epoch,
        forced: force,
        importRemote,
        requestBound: this.#deps.requestBound ?? REQUEST_BOUND,
      };
      const saved = await saveRoomsToDelegate(context);
      tell({ type: 'sync-changed' });
      if (saved.type === 'broken') return this.#broken(epoch, saved.failure);
      if (saved.type === 'idle') break;
      force = false; // a key that was refused just now waits its back-off
      await this.#gather();
    }
    await setLaneFailure(db, 'rooms', epoch, undefined);
    return (await this.#anythingLeft())
      ? { type: 'failed', reason: 'some rooms could not be stored' }
      : { type: 'clean' };
  }

  #needsLoad(forced: boolean): boolean {
    if (this.#loadedAt === undefined) return true;
    const age = this.#deps.clock.now() - this.#loadedAt;
    return forced && (age > FRESH_MS || age < 0);
  }

  async #ensureLink(): Promise<Result<NodeLink, LinkFailure>> {
    if (this.#link?.open) return { ok: true, value: this.#link };
    this.#drop();
    const opened = await this.#deps.openLink();
    if (opened.ok) this.#link = opened.value;
    return opened;
  }

  #drop(): void {
    this.#link?.close();
    this.#link = undefined;
    this.#loadedAt = undefined;
  }

  #broken(epoch: number, failure: LinkFailure): Promise<DrainResult> {
    this.#drop();
    return this.#fail(epoch, failure);
  }

  /** Markers stay; the lane says why and when the next try is. */
  async #fail(epoch: number, failure: LinkFailure): Promise<DrainResult> {
    const { db, clock, random } = this.#deps;
    const lane = await laneOf(db, 'rooms');
    const { code, sentence } = failure;
    const next = nextFailure(lane.failure, code, sentence, clock.now(), random.unit());
    await setLaneFailure(db, 'rooms', epoch, next);
    return { type: 'failed', reason: sentence };
  }

  async #anythingDue(): Promise<boolean> {
    const now = this.#deps.clock.now();
    const markers = await this.#markers();
    return markers.some((marker) => isDue(marker.failure, now));
  }

  async #anythingLeft(): Promise<boolean> {
    return (await this.#markers()).length > 0;
  }

  #markers() {
    const now = this.#deps.clock.now();
    return this.#deps.db.read(['dirty'], (tx) => owedMarkers(tx, 'rooms', now));
  }
}

function describe(error: unknown): string {
  const failure = storageError(error);
  return failure.type === 'QuotaExceeded' ? 'it is full' : failure.reason;
}
