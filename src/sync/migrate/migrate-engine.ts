import type { Broadcast, NudgeReason } from '../../bridge/messages.ts';
import { storageError } from '../../persist/database.ts';
import { checkEpoch, FencedError } from '../../persist/lanes.ts';
import {
  generationsIn,
  presentGenerationsIn,
  putScope,
  scopeIn,
  settleImported,
  type MigrationScope,
} from '../../persist/migration.ts';
import type { GenerationRow } from '../../persist/earlier-rows.ts';
import type { SignatureMemo } from '../../river/signatures/memo.ts';
import type { Millis } from '../../shared/brand.ts';
import { toHex } from '../../shared/bytes.ts';
import type { Result } from '../../shared/result.ts';
import { Lane, type DrainResult, type LaneDeps, type LanePass } from '../lane.ts';
import type { LinkFailure, NodeLink } from '../node-link.ts';
import type { LegacyImportDeps } from './import-legacy-room.ts';
import { fingerprintOf, legacyOf, type LegacyDelegate } from './legacy-delegates.ts';
import type { LegacyLink } from './legacy-link.ts';
import { readCurrentBlob, readGeneration } from './read-generation.ts';
import { keyOf } from './record-value.ts';
import { isKept, takeOverKept } from './take-over-kept.ts';
import { firstVerdicts, isToBeRead, judged, type Ending } from './verdicts.ts';

/** Earlier delegates that are asked at once. */
const WAVE = 4;

export interface MigrateEngineDeps extends LaneDeps {
  readonly memo: SignatureMemo;
  /** Every delegate that may hold data, oldest first, the one in use among them or not. */
  readonly registry: readonly LegacyDelegate[];
  readonly openLink: () => Promise<Result<LegacyLink, LinkFailure>>;
  /** Whether an open link still speaks for who this profile is. */
  readonly fits?: (link: LegacyLink) => Promise<boolean>;
  readonly tell: (message: Broadcast) => void;
  /** Brings what was imported to the delegate in use. */
  readonly drain: () => Promise<unknown>;
}

type PassResult =
  | { readonly type: 'idle' | 'done' }
  | { readonly type: 'broken'; readonly failure: LinkFailure };

/**
 * Takes over what earlier delegates hold: on a path, a lock and a connection of its own, so that nothing waits for it. Everything
 * that it knows is in the database: killed at any point, the next one goes on from there.
 */
export class MigrateEngine {
  readonly #deps: MigrateEngineDeps;
  readonly #lane: Lane<LegacyLink>;
  /** The person has asked: generations that wait are asked too. */
  #asked = false;
  #imported = false;

  constructor(deps: MigrateEngineDeps) {
    this.#deps = deps;
    this.#lane = new Lane(deps, {
      path: 'migrate',
      quietMs: 0,
      longestBurstMs: 0,
      wanted: () => this.#isWanted(),
      openLink: () => deps.openLink(),
      ...(deps.fits && { fits: deps.fits }),
      iterate: (link, pass) => this.#pass(link, pass),
      left: async () => (await this.#due(true)).length > 0,
    });
  }

  /**
   * Decides, once for a target, which generations are to be asked. To be called when everything that the delegate in use lists
   * has been loaded, and before anything is stored there: afterwards nobody can tell whose rooms it holds.
   */
  async begin(link: NodeLink): Promise<void> {
    const { db, clock, registry: all } = this.#deps;
    const registry = legacyOf(all, link.key);
    const scope: MigrationScope = { target: link.target, fingerprint: fingerprintOf(registry) };
    await db.write(['settings', 'generations'], 'strict', async (tx) => {
      await putScope(tx, scope);
      if ((await generationsIn(tx, scope)).length > 0) return;
      for (const first of firstVerdicts(registry, toHex(link.key.key), link.index)) {
        const row = { ...scope, ...first, attempts: 0, at: clock.now(), found: [] };
        await tx.objectStore('generations').put(row);
      }
    });
  }

  /** Asks what is due, has what was found brought to the delegate in use, and believes receipts only. Never rejects. */
  async nudge(reason: NudgeReason): Promise<DrainResult> {
    if (reason === 'retry') this.#asked = true;
    let result: DrainResult = { type: 'clean' };
    try {
      if (await this.#isWanted()) {
        // edits are none of its business, and it waits for no burst
        result = await this.#lane.nudge(reason === 'edit' ? 'timer' : reason);
      }
      this.#asked = false;
      if (this.#imported) {
        this.#imported = false;
        await this.#deps.drain();
      }
      await this.#settle();
    } catch (error) {
      return { type: 'failed', reason: String(error) };
    }
    return result;
  }

  async #pass(link: LegacyLink, { epoch }: LanePass): Promise<PassResult> {
    const { clock, random, memo, db, registry, tell } = this.#deps;
    const { roomCodeHash } = link;
    const deps: LegacyImportDeps = { db, clock, memo, epoch, roomCodeHash, tell };
    if (await takeOverKept(deps, link.target)) this.#imported = true;
    const due = await this.#due(this.#asked);
    this.#asked = false;
    const mine = due.filter(({ target }) => target === link.target);
    if (mine.length === 0) return { type: 'idle' };
    const keys = new Map(registry.map(({ key }) => [toHex(key.key), key]));
    const current = toHex(link.current.key);
    const silent = (reason: string) => async (): Promise<Ending> => ({ type: 'silent', reason });
    /** Asks whether the generation answers at all; what follows reads it. */
    const reading = async (row: GenerationRow): Promise<() => Promise<Ending>> => {
      if (row.delegate === current) return () => readCurrentBlob(deps, link, row);
      const key = keys.get(row.delegate);
      if (!key) return silent('this version of Weir does not know it');
      const listed = await link.list(key);
      if (!listed.ok) return silent(listed.error.reason);
      return () => readGeneration(deps, link, key, row, listed.value);
    };
    const at = clock.now();
    const unit = random.unit();
    for (let i = 0; i < mine.length; i += WAVE) {
      const asked = await Promise.all(
        mine.slice(i, i + WAVE).map(async (row) => ({ row, read: await reading(row) })),
      );
      for (const { row, read } of asked) {
        await this.#judge(row, await this.#end(read), epoch, at, unit);
        tell({ type: 'sync-changed' });
      }
      if (!link.open) return { type: 'broken', failure: BROKEN };
    }
    return { type: 'done' };
  }

  /** What can't be stored here keeps nobody else from being read. */
  async #end(read: () => Promise<Ending>): Promise<Ending> {
    try {
      return await read();
    } catch (error) {
      if (error instanceof FencedError) throw error;
      const failure = storageError(error);
      const why = failure.type === 'QuotaExceeded' ? 'it is full' : failure.reason;
      return { type: 'broke-off', reason: `this browser’s storage failed (${why})` };
    }
  }

  async #judge(
    row: GenerationRow,
    ending: Ending,
    epoch: number,
    at: Millis,
    unit: number,
  ): Promise<void> {
    await this.#deps.db.write(['lanes', 'generations'], 'strict', async (tx) => {
      await checkEpoch(tx, 'migrate', epoch);
      const stored = await tx.objectStore('generations').get(keyOf(row));
      const next = judged(stored ?? row, ending, at, unit);
      if (next.found.some(({ fate }) => fate === 'imported')) this.#imported = true;
      await tx.objectStore('generations').put(next);
    });
  }

  /** Whether one is to be read now, or an older version of Weir has kept something that it had no place for. */
  async #isWanted(): Promise<boolean> {
    const now = this.#deps.clock.now();
    const rows = await this.#generations();
    return rows.some((row) => isToBeRead(row, now, this.#asked) || row.found.some(isKept));
  }

  /** The generations of the present migration that are to be read now, newest first. */
  async #due(asked: boolean): Promise<GenerationRow[]> {
    const rows = await this.#generations();
    return rows.filter((row) => isToBeRead(row, this.#deps.clock.now(), asked));
  }

  #generations(): Promise<GenerationRow[]> {
    return this.#deps.db.read(['settings', 'generations'], presentGenerationsIn);
  }

  async #settle(): Promise<void> {
    const { db, clock, tell } = this.#deps;
    const waits = await db.read(['settings', 'generations'], async (tx) => {
      const scope = await scopeIn(tx);
      const rows = scope ? await generationsIn(tx, scope) : [];
      return rows.some(({ verdict }) => verdict === 'imported-local') ? scope : undefined;
    });
    if (!waits) return;
    const settled = await db.write(['generations', 'receipts'], 'strict', (tx) =>
      settleImported(tx, waits, clock.now()),
    );
    if (settled) tell({ type: 'sync-changed' });
  }
}

const BROKEN: LinkFailure = {
  code: 'unknown',
  sentence: 'The connection to your node ended while earlier versions were being read.',
};
