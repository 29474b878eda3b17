import type { Clock } from '../shared/clock.ts';
import type { Random } from '../shared/random.ts';
import type { Result } from '../shared/result.ts';
import type { ReadTx, WeirDatabase, WriteTx } from '../persist/database.ts';
import { failMarker, owedMarkers, settleMarker } from '../persist/dirty-markers.ts';
import { checkEpoch, nextIteration } from '../persist/lanes.ts';
import { isDurable, writeReceipt } from '../persist/receipts.ts';
import type { DirtyMarker, FailureCode, Path, Receipt, StoreName } from '../persist/schema.ts';
import { isDue, nextFailure } from './backoff.ts';
import type { ImportOutcome } from './remote-base.ts';
import type { CasOutcome, LinkFailure, NodeLink, RemoteValue } from './node-link.ts';
import { valueHash } from './value-hash.ts';

/** One request carries values up to this many bytes (and always at least one); the rest travel in the next. */
export const REQUEST_BOUND = 4 * 1024 * 1024;

/** Values of up to this many keys are asked for in one read. */
export const READ_WAVE = 16;

/** River gives up after as many conflicts in a row. */
const MAX_ATTEMPTS = 8;

/** What the keys of a path stand for in the rows. */
export interface KeyRows {
  readonly path: Path;
  /** Stores that `value` and `held` touch. */
  readonly stores: readonly StoreName[];
  /** As the object of a sentence, such as "this room". */
  what(key: string): string;
  /** The value as the delegate wants it; the error says what of the rows can't be read. */
  value(tx: ReadTx, key: string): Promise<Result<Uint8Array, string>>;
  /** Called in the transaction that records that the node holds a value. */
  readonly held?: (tx: WriteTx, key: string, value: Uint8Array) => Promise<void>;
}

/** One pass of the lane's holder. */
export interface SaveContext {
  readonly db: WeirDatabase;
  readonly clock: Clock;
  readonly random: Random;
  readonly link: NodeLink;
  readonly epoch: number;
  /** Bytes of values after which a request is full; one value always travels. */
  readonly requestBound: number;
  /** Try keys whose back-off has not ended. */
  readonly forced: boolean;
  /** Merges what the node holds into the rows, so that the snapshot taken afterwards contains it. */
  importRemote(key: string, remote: RemoteValue): Promise<ImportOutcome>;
}

export type SaveResult =
  /** No key was due: nothing was sent. */
  | { readonly type: 'idle' }
  /** Every due key has its receipt; some may be refusals. */
  | { readonly type: 'done' }
  /** The connection is of no more use: what was sent on it may or may not be stored. */
  | { readonly type: 'broken'; readonly failure: LinkFailure };

/** What one key's try ended with; written as its receipt. */
interface Ending {
  readonly key: string;
  readonly coverage: number;
  readonly outcome: Receipt['outcome'];
  readonly sentence?: string;
  readonly generation?: bigint;
  readonly hash?: string;
  /** What the node is known to hold. */
  readonly value?: Uint8Array;
}

interface Snapshot {
  readonly key: string;
  readonly coverage: number;
  readonly value: Uint8Array;
  readonly hash: string;
  readonly expected: bigint;
}

/**
 * One iteration over the dirty keys of a path: read what the node holds where that is not known on this connection, take the snapshot,
 * send all of it in one compare-and-swap request (more only beyond `REQUEST_BOUND`), and record a receipt for each key.
 *
 * Conflicts carry the current value: only those keys are reconciled and sent again. A conflict whose value is ours is success.
 */
export async function saveKeysToDelegate(context: SaveContext, rows: KeyRows): Promise<SaveResult> {
  const { db, clock, epoch, forced } = context;
  const markers = await db.read(['dirty'], (tx) => owedMarkers(tx, rows.path, clock.now()));
  const due = markers
    .filter((marker) => forced || isDue(marker.failure, clock.now()))
    .map((marker) => marker.key);
  if (due.length === 0) return { type: 'idle' };
  const iterId = await nextIteration(db, rows.path, epoch);
  const iteration = new Iteration(context, rows, iterId);
  return iteration.run(due);
}

const ENDING_STORES = ['lanes', 'receipts', 'dirty', 'base', 'intents'] as const;

class Iteration {
  readonly #context: SaveContext;
  readonly #rows: KeyRows;
  readonly #iterId: number;
  /** Highest seq that the iteration can vouch for, by key: for failures before any snapshot was taken. */
  readonly #attempts = new Map<string, number>();

  constructor(context: SaveContext, rows: KeyRows, iterId: number) {
    this.#context = context;
    this.#rows = rows;
    this.#iterId = iterId;
  }

  async run(due: readonly string[]): Promise<SaveResult> {
    const known = await this.#learnRemote(due);
    if (known.type === 'broken') return known;
    let waiting = known.keys;
    while (waiting.length > 0) {
      const { batch, rest } = await this.#snapshots(waiting);
      const sent = await this.#store(batch);
      if (sent.type === 'broken') return sent;
      waiting = [...sent.again, ...rest];
    }
    return { type: 'done' };
  }

  /** Reads the keys that this connection has not seen, in waves, and merges what is news. */
  async #learnRemote(
    due: readonly string[],
  ): Promise<{ type: 'known'; keys: string[] } | { type: 'broken'; failure: LinkFailure }> {
    const { link } = this.#context;
    const keys = due.filter((key) => link.seen.has(key));
    const unseen = due.filter((key) => !link.seen.has(key));
    for (let i = 0; i < unseen.length; i += READ_WAVE) {
      const wave = unseen.slice(i, i + READ_WAVE);
      const read = await link.getVersioned(wave);
      if (!read.ok) return this.#broken(wave, read.error);
      for (const [key, remote] of read.value) {
        if (await this.#reconcile(key, remote)) keys.push(key);
      }
    }
    return { type: 'known', keys };
  }

  /** @returns whether the key still has something to store */
  async #reconcile(key: string, remote: RemoteValue): Promise<boolean> {
    const imported = await this.#context.importRemote(key, remote);
    if (imported.type === 'imported') return true;
    const coverage = await this.#currentSeq(key);
    if (imported.type === 'left') {
      await this.#end([{ key, coverage, outcome: 'adopted-leave', generation: remote.generation }]);
    } else {
      await this.#end([{ key, coverage, outcome: imported.code, sentence: imported.sentence }]);
    }
    return false;
  }

  /**
   * Marker, rows and base of each key in one transaction: every change up to `coverage` is in the value, whatever is committed
   * while the request is under way. Stops at the request bound; the rest is read when its turn comes.
   */
  async #snapshots(keys: readonly string[]): Promise<{ batch: Snapshot[]; rest: string[] }> {
    const { db } = this.#context;
    const { path, stores } = this.#rows;
    const batch: Snapshot[] = [];
    let bytes = 0;
    for (const [i, key] of keys.entries()) {
      if (bytes >= this.#context.requestBound) return { batch, rest: keys.slice(i) };
      const read = await db.read([...stores, 'dirty', 'base'], async (tx) => {
        const marker = await tx.objectStore('dirty').get([path, key]);
        if (!marker) return undefined; // settled by an import
        const base = await tx.objectStore('base').get([path, key]);
        return { coverage: marker.seq, base, value: await this.#rows.value(tx, key) };
      });
      if (!read) continue;
      const { coverage, value } = read;
      if (!value.ok) {
        const sentence = `This browser can’t read ${this.#rows.what(key)} (${value.error}), so nothing was sent.`;
        await this.#end([{ key, coverage, outcome: 'local-undecodable', sentence }]);
        continue;
      }
      const hash = await valueHash(value.value);
      const base = read.base?.target === this.#context.link.target ? read.base : undefined;
      if (base?.valueHash === hash && this.#context.link.index.has(key)) {
        // the node holds exactly this already: an earlier write whose answer was lost, or an edit that was taken back
        const { generation } = base;
        const held = { generation, hash, value: value.value };
        await this.#end([{ key, coverage, outcome: 'unchanged', ...held }]);
        continue;
      }
      bytes += value.value.length;
      const expected = base?.generation ?? 0n;
      batch.push({ key, coverage, value: value.value, hash, expected });
    }
    return { batch, rest: [] };
  }

  async #store(
    batch: readonly Snapshot[],
  ): Promise<{ type: 'sent'; again: string[] } | { type: 'broken'; failure: LinkFailure }> {
    if (batch.length === 0) return { type: 'sent', again: [] };
    await this.#writeIntents(batch);
    const answered = await this.#context.link.casStore(batch);
    if (!answered.ok) {
      return this.#broken(
        batch.map((snapshot) => snapshot.key),
        answered.error,
        batch,
      );
    }
    const again: string[] = [];
    const endings: Ending[] = [];
    for (const snapshot of batch) {
      const outcome = answered.value.get(snapshot.key) as CasOutcome;
      const ending = await this.#judge(snapshot, outcome);
      if (ending === 'again') again.push(snapshot.key);
      else if (ending) endings.push(ending);
    }
    await this.#end(endings);
    return { type: 'sent', again };
  }

  /** The ending of one key's compare-and-swap; 'again' when it was reconciled and must travel once more. */
  async #judge(snapshot: Snapshot, outcome: CasOutcome): Promise<Ending | 'again' | undefined> {
    const { key, coverage, hash, value } = snapshot;
    if (outcome.type === 'stored') {
      const { generation } = outcome;
      return { key, coverage, outcome: 'stored', generation, hash, value };
    }
    if (outcome.type === 'failed') {
      return {
        key,
        coverage,
        outcome: 'store-refused',
        sentence: `Your node refused to store ${this.#rows.what(key)}: ${outcome.reason}.`,
      };
    }
    if (
      outcome.value &&
      this.#context.link.index.has(key) &&
      (await valueHash(outcome.value)) === hash
    ) {
      // our own earlier write, whose answer was lost
      const { generation } = outcome;
      return { key, coverage, outcome: 'unchanged', generation, hash, value };
    }
    const attempts = (this.#attempts.get(key) ?? 0) + 1;
    this.#attempts.set(key, attempts);
    if (attempts >= MAX_ATTEMPTS) {
      return {
        key,
        coverage,
        outcome: 'cas-exhausted',
        sentence: `Something else keeps writing ${this.#rows.what(key)} on your node; it will be tried again.`,
      };
    }
    return (await this.#reconcile(key, outcome)) ? 'again' : undefined;
  }

  async #writeIntents(batch: readonly Snapshot[]): Promise<void> {
    const { db, clock, epoch } = this.#context;
    const { path } = this.#rows;
    await db.write(['lanes', 'intents'], 'relaxed', async (tx) => {
      await checkEpoch(tx, path, epoch);
      for (const { key, hash, expected } of batch) {
        await tx.objectStore('intents').put({
          path,
          key,
          epoch,
          iterId: this.#iterId,
          expectedGeneration: expected,
          valueHash: hash,
          sentAt: clock.now(),
        });
      }
    });
  }

  /** The connection ended without an answer: nobody knows whether the values are stored. Markers and intents stay. */
  async #broken(
    keys: readonly string[],
    failure: LinkFailure,
    batch: readonly Snapshot[] = [],
  ): Promise<{ type: 'broken'; failure: LinkFailure }> {
    this.#context.link.close();
    const coverages = new Map(batch.map(({ key, coverage }) => [key, coverage]));
    const endings: Ending[] = [];
    for (const key of keys) {
      const coverage = coverages.get(key) ?? (await this.#currentSeq(key));
      endings.push({ key, coverage, outcome: failure.code, sentence: failure.sentence });
    }
    await this.#end(endings);
    return { type: 'broken', failure };
  }

  async #currentSeq(key: string): Promise<number> {
    const { path } = this.#rows;
    const marker = await this.#context.db.read(['dirty'], (tx) =>
      tx.objectStore('dirty').get([path, key]),
    );
    return marker?.seq ?? 0;
  }

  /** Receipts, markers and bases of several keys in one fenced transaction: the only place where a success is written. */
  async #end(endings: readonly Ending[]): Promise<void> {
    if (endings.length === 0) return;
    const { db, epoch } = this.#context;
    const { path, stores, held } = this.#rows;
    const written = [...ENDING_STORES, ...(held ? stores : [])];
    await db.write(written, 'strict', async (tx: WriteTx) => {
      await checkEpoch(tx, path, epoch);
      for (const ending of endings) await this.#writeEnding(tx, ending);
    });
  }

  async #writeEnding(tx: WriteTx, ending: Ending): Promise<void> {
    const { clock, random, link } = this.#context;
    const { path, held } = this.#rows;
    const { key, coverage, outcome, sentence, generation, hash, value } = ending;
    const now = clock.now();
    const receipt: Receipt = {
      path,
      key,
      iterId: this.#iterId,
      target: link.target,
      coverage,
      outcome,
      ...(generation !== undefined && { generation }),
      ...(sentence !== undefined && { error: sentence }),
      at: now,
    };
    await writeReceipt(tx, receipt);
    if (!isDurable(receipt)) {
      const marker = await tx.objectStore('dirty').get([path, key]);
      await failMarker(tx, path, key, this.#failureOf(marker, ending, now, random.unit()));
      return;
    }
    await settleMarker(tx, path, key, coverage, now);
    await tx.objectStore('intents').delete([path, key]);
    if (generation !== undefined && hash !== undefined) {
      await tx.objectStore('base').put({
        path,
        key,
        target: link.target,
        generation,
        valueHash: hash,
        coverage,
        at: now,
      });
    }
    if (value) await held?.(tx, key, value);
  }

  #failureOf(marker: DirtyMarker | undefined, ending: Ending, now: number, unit: number) {
    return nextFailure(
      marker?.failure,
      ending.outcome as FailureCode,
      ending.sentence ?? `Your node could not store ${this.#rows.what(ending.key)}.`,
      now,
      unit,
    );
  }
}
