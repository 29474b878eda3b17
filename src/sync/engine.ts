import type { Broadcast, NudgeReason } from '../bridge/messages.ts';
import type { SignatureMemo } from '../river/signatures/memo.ts';
import type { Result } from '../shared/result.ts';
import { ROOMS_META } from '../persist/list-preferences.ts';
import { importPreferences } from './import-preferences.ts';
import { moveToPresentContract } from './contract-keys.ts';
import { importRoom } from './import-room.ts';
import { Lane, type DrainResult, type LaneDeps, type LanePass } from './lane.ts';
import { fireLoadRoomsRequest } from './load-rooms.ts';
import type { LinkFailure, NodeLink, RemoteValue } from './node-link.ts';
import { LastRead, Owed } from './owed.ts';
import type { ImportOutcome } from './remote-base.ts';
import { REQUEST_BOUND, type SaveResult } from './save-keys.ts';
import { saveRoomsToDelegate } from './save-rooms.ts';

/** A burst is over when no edit has come for this long and no page is working on one… */
const QUIET_MS = 250;
/**
 * …or when it has gone on for this long: what is stored here reaches the node at least this often. A thousand edits from several tabs
 * take some seconds on a slow machine, and are one burst there, too.
 */
const LONGEST_BURST_MS = 15_000;

export interface EngineDeps extends LaneDeps {
  readonly memo: SignatureMemo;
  readonly openLink: () => Promise<Result<NodeLink, LinkFailure>>;
  /** Whether an open link still speaks for who this profile is. */
  readonly fits?: (link: NodeLink) => Promise<boolean>;
  readonly tell: (message: Broadcast) => void;
  /** Called when everything that the delegate lists is in the database, before anything is stored there. */
  readonly loaded?: (link: NodeLink) => Promise<void>;
  /** Whether any page is working on edits that are not committed yet. */
  readonly editing: () => Promise<boolean>;
  /** Bytes of values in one request; `REQUEST_BOUND` unless told. */
  readonly requestBound?: number;
}

/**
 * Brings what is marked dirty to the delegate, and what the delegate holds to the database: one iteration at a time in the whole
 * origin, whoever asks and however often.
 *
 * It keeps nothing that matters in memory: killed at any point, the next engine goes on from what is in IndexedDB.
 */
export class SyncEngine {
  readonly #deps: EngineDeps;
  readonly #lane: Lane<NodeLink>;
  readonly #loaded: LastRead<NodeLink>;

  constructor(deps: EngineDeps) {
    this.#deps = deps;
    this.#loaded = new LastRead(deps.clock);
    const owed = new Owed(deps, 'rooms');
    this.#lane = new Lane(deps, {
      path: 'rooms',
      quietMs: QUIET_MS,
      longestBurstMs: LONGEST_BURST_MS,
      editing: deps.editing,
      wanted: async (forced) => forced || owed.anyDue(),
      openLink: () => this.#openLink(),
      ...(deps.fits && { fits: deps.fits }),
      iterate: (link, pass) => this.#iterate(link, pass),
      left: () => owed.any(),
      active: (active) => deps.tell({ type: 'syncing', active }),
    });
  }

  /** Drains what is due, together with whatever else is asked meanwhile. Never rejects. */
  async nudge(reason: NudgeReason): Promise<DrainResult> {
    const result = await this.#lane.nudge(reason);
    this.#deps.tell({ type: 'sync-changed' });
    return result;
  }

  async #openLink(): Promise<Result<NodeLink, LinkFailure>> {
    const opened = await this.#deps.openLink();
    if (!opened.ok) this.#deps.tell({ type: 'loaded', error: opened.error.sentence });
    return opened;
  }

  async #iterate(link: NodeLink, { epoch, forced }: LanePass): Promise<SaveResult> {
    const { db, clock, random, memo, tell, requestBound = REQUEST_BOUND } = this.#deps;
    const deps = { db, clock, memo, epoch, target: link.target, tell };
    const [room, preferences] = [importRoom(deps), importPreferences(deps)];
    const importRemote = (key: string, remote: RemoteValue): Promise<ImportOutcome> =>
      key === ROOMS_META ? preferences(remote) : room(key, remote);
    if (this.#loaded.isDue(link, forced)) {
      const loaded = await fireLoadRoomsRequest({ db, clock, epoch, link, importRemote });
      if (!loaded.ok) {
        tell({ type: 'loaded', error: loaded.error.sentence });
        return { type: 'broken', failure: loaded.error };
      }
      if (loaded.value.complete) await this.#deps.loaded?.(link);
      await moveToPresentContract({ db, clock, memo, epoch, tell }, link.roomCodeHash);
      this.#loaded.done(link);
      tell({ type: 'loaded' });
    } else if (forced) {
      tell({ type: 'loaded' }); // who asks may be a page that was opened since
    }
    const context = { db, clock, random, link, epoch, forced, importRemote, requestBound };
    const saved = await saveRoomsToDelegate(context);
    tell({ type: 'sync-changed' });
    return saved;
  }
}
