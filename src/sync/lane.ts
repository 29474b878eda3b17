import type { NudgeReason } from '../bridge/messages.ts';
import { storageError, type WeirDatabase } from '../persist/database.ts';
import { FencedError, laneOf, setLaneFailure, takeEpoch } from '../persist/lanes.ts';
import type { Path } from '../persist/schema.ts';
import type { Clock } from '../shared/clock.ts';
import type { Random } from '../shared/random.ts';
import type { Result } from '../shared/result.ts';
import { isDue, nextFailure } from './backoff.ts';
import { coalesceSave, newCoalesceState } from './coalesce.ts';
import type { LinkFailure } from './node-link.ts';

const EDITING_POLL_MS = 100;

/** The part of the Web Locks API that is used: never `steal`, never `ifAvailable`. */
export interface Locks {
  request<T>(name: string, body: () => Promise<T>): Promise<T>;
}

export type DrainResult =
  /** Nothing is owed. */
  | { readonly type: 'clean' }
  /** Markers are left; the lane or the markers say why and when the next try is. */
  | { readonly type: 'failed'; readonly reason: string };

export interface LaneDeps {
  readonly db: WeirDatabase;
  readonly locks: Locks;
  readonly clock: Clock;
  readonly random: Random;
}

/** A connection that a lane keeps from one drain to the next. */
export interface LaneLink {
  readonly open: boolean;
  close(): void;
}

/** The holder's pass over its path. */
export interface LanePass {
  readonly epoch: number;
  /** Try keys whose back-off has not ended. */
  readonly forced: boolean;
}

export interface LaneWork<L extends LaneLink> {
  readonly path: Path;
  /** A burst of edits is over when none has come for so long (milliseconds)… */
  readonly quietMs: number;
  /** …or when it has gone on for so long. */
  readonly longestBurstMs: number;
  /** Whether a page is working on edits that are not committed yet: the burst then goes on. */
  readonly editing?: () => Promise<boolean>;
  /** Called with true before the node is spoken to, and with false afterwards. */
  readonly active?: (active: boolean) => void;
  /** Whether there is anything to do; asked under the lock. */
  wanted(forced: boolean): Promise<boolean>;
  openLink(): Promise<Result<L, LinkFailure>>;
  /** Whether an open link may be used once more; without it, any may. */
  readonly fits?: (link: L) => Promise<boolean>;
  /**
   * One iteration. `idle`: nothing was due. `broken`: the connection is of no more use.
   */
  iterate(
    link: L,
    pass: LanePass,
  ): Promise<
    { readonly type: 'idle' | 'done' } | { readonly type: 'broken'; readonly failure: LinkFailure }
  >;
  /** Whether anything is left that is owed. */
  left(): Promise<boolean>;
}

/**
 * Holds one path: one iteration at a time in the whole origin, whoever asks and however often; back-off after failures; fenced
 * by an epoch. It keeps nothing that matters in memory.
 */
export class Lane<L extends LaneLink> {
  readonly #deps: LaneDeps;
  readonly #work: LaneWork<L>;
  readonly #state = newCoalesceState<DrainResult>();
  #link: L | undefined;
  #forced = false;
  #burstSince: number | undefined;
  #lastEdit = 0;

  constructor(deps: LaneDeps, work: LaneWork<L>) {
    this.#deps = deps;
    this.#work = work;
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
    const { clock } = this.#deps;
    const { quietMs, longestBurstMs, editing } = this.#work;
    while (this.#burstSince !== undefined) {
      const now = clock.now();
      const latest = this.#burstSince + longestBurstMs;
      if (now >= latest || now < this.#burstSince) break; // a clock that jumped back ends the burst
      const quiet = this.#lastEdit + quietMs;
      if (now < quiet) await clock.sleep(Math.min(quiet, latest) - now);
      else if (await editing?.()) await clock.sleep(EDITING_POLL_MS);
      else break;
    }
    this.#burstSince = undefined;
  }

  #underLock(): Promise<DrainResult> {
    const { db, locks } = this.#deps;
    const { path } = this.#work;
    return locks.request(`weir:lane:${db.name}:${path}`, async () => {
      const epoch = await takeEpoch(db, path);
      try {
        return await this.#drain(epoch);
      } catch (error) {
        if (error instanceof FencedError) return { type: 'failed', reason: error.message };
        return this.#fail(epoch, {
          code: 'local-storage',
          sentence: `This browser’s storage failed (${describe(error)}).`,
        });
      }
    });
  }

  async #drain(epoch: number): Promise<DrainResult> {
    const { db, clock } = this.#deps;
    const { path } = this.#work;
    const forced = this.#forced;
    this.#forced = false;
    const { failure } = await laneOf(db, path);
    if (!forced && !isDue(failure, clock.now())) {
      return { type: 'failed', reason: failure?.sentence ?? '' };
    }
    if (!(await this.#work.wanted(forced))) return this.#atRest();
    this.#work.active?.(true);
    try {
      return await this.#drainOver(epoch, forced);
    } finally {
      this.#work.active?.(false);
    }
  }

  async #drainOver(epoch: number, forced: boolean): Promise<DrainResult> {
    const opened = await this.#ensureLink();
    if (!opened.ok) return this.#fail(epoch, opened.error);
    let force = forced;
    for (;;) {
      const iterated = await this.#work.iterate(opened.value, { epoch, forced: force });
      if (iterated.type === 'broken') return this.#fail(epoch, iterated.failure);
      if (iterated.type === 'idle') break;
      force = false; // a key that was refused just now waits its back-off
      await this.#gather();
    }
    await setLaneFailure(this.#deps.db, this.#work.path, epoch, undefined);
    return this.#atRest();
  }

  /** What waits for its back-off is left, too: `clean` is said of nothing but what receipts prove. */
  async #atRest(): Promise<DrainResult> {
    return (await this.#work.left())
      ? { type: 'failed', reason: 'some of it could not be stored' }
      : { type: 'clean' };
  }

  async #ensureLink(): Promise<Result<L, LinkFailure>> {
    const link = this.#link;
    if (link?.open && (await this.#work.fits?.(link)) !== false) return { ok: true, value: link };
    this.#drop();
    const opened = await this.#work.openLink();
    if (opened.ok) this.#link = opened.value;
    return opened;
  }

  #drop(): void {
    this.#link?.close();
    this.#link = undefined;
  }

  /** Markers stay; the lane says why and when the next try is. */
  async #fail(epoch: number, { code, sentence }: LinkFailure): Promise<DrainResult> {
    this.#drop();
    const { db, clock, random } = this.#deps;
    const { path } = this.#work;
    const { failure } = await laneOf(db, path);
    const next = nextFailure(failure, code, sentence, clock.now(), random.unit());
    await setLaneFailure(db, path, epoch, next);
    return { type: 'failed', reason: sentence };
  }
}

function describe(error: unknown): string {
  const failure = storageError(error);
  return failure.type === 'QuotaExceeded' ? 'it is full' : failure.reason;
}
