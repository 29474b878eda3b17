import { isDurable } from '../../src/persist/receipts.ts';
import type {
  BaseRow,
  DirtyMarker,
  LaneRow,
  Path,
  Receipt,
  RoomRow,
} from '../../src/persist/schema.ts';
import type { Breach, Report } from './checks.ts';
import type { Actor } from './scheduler.ts';
import type { RowChange } from './sim-rows.ts';
import type { Commit, SimStorage } from './sim-storage.ts';

/** What is known of the place that a path brings things to. */
export interface PathFacts {
  readonly path: Path;
  /** Whether what was written under this name is, or was, there. */
  hasHeld(key: string, name: string): boolean;
  isListed(key: string): boolean;
  /** Whether a receipt's target is the place of now. */
  isCurrent(target: string): boolean;
  /** A tombstone took what was there. */
  isExcused(key: string): boolean;
  /** Another number once everything there was lost. */
  era(): number;
  /** What a change of the rows is, where it is something that this path has to bring. */
  written(
    change: RowChange,
  ): { readonly key: string; readonly seq: number; readonly name: string } | undefined;
}

interface Written {
  readonly seq: number;
  readonly name: string;
  readonly era: number;
}

/** Watches every commit of one browser profile for the invariants of one path's markers, receipts and epochs. */
export class PathChecks {
  readonly #name: string;
  readonly #storage: SimStorage;
  readonly #facts: PathFacts;
  readonly #report: Report;
  /** Every receipt ever written, by key: the product forgets old ones. */
  readonly receipts = new Map<string, Receipt[]>();
  /** By key: what was written here, with the seq of its change. */
  readonly #written = new Map<string, Written[]>();
  readonly #epochs = new Map<Actor, number>();
  /** Committed markers of what nothing else has, by key: their seq. */
  readonly #owed = new Map<string, number>();

  constructor(name: string, storage: SimStorage, facts: PathFacts, report: Report) {
    this.#name = name;
    this.#storage = storage;
    this.#facts = facts;
    this.#report = report;
  }

  get #path(): Path {
    return this.#facts.path;
  }

  committed({ actor, changes }: Commit): void {
    const receipts = changes.flatMap(({ store, before, after }) => {
      const receipt = after?.value as Receipt | undefined;
      return store === 'receipts' && !before && receipt?.path === this.#path ? [receipt] : [];
    });
    for (const change of changes) {
      if (change.store === 'lanes') this.#lane(actor, change);
      else this.#row(change);
    }
    for (const receipt of receipts) {
      this.#receipt(actor, receipt);
      const marker = this.#markerOf(receipt.key);
      if (marker && !marker.failure && !isDurable(receipt)) {
        this.#breach('invariant', `I19: ${receipt.outcome} of ${receipt.key} is shown nowhere`);
      }
    }
    for (const change of changes) {
      if (change.store === 'dirty') this.#marker(actor, change, receipts, changes);
      else if (change.store === 'base') this.#base(actor, change);
    }
  }

  /** I4 and I6: what `attempted` must say of a change: the earliest covering receipt, whatever came later. */
  firstCovering(key: string, seq: number): Receipt | undefined {
    return this.receipts.get(key)?.find(({ coverage }) => coverage >= seq);
  }

  isDurable(key: string, seq: number): boolean {
    const all = this.receipts.get(key) ?? [];
    return all.some((receipt) => isDurable(receipt) && receipt.coverage >= seq);
  }

  /** What no receipt covers, of what is committed. */
  owed(): readonly { readonly key: string; readonly seq: number }[] {
    return [...this.#owed].map(([key, seq]) => ({ key, seq }));
  }

  #lane(actor: Actor, { before, after }: RowChange): void {
    const [was, is] = [before?.value as LaneRow | undefined, after?.value as LaneRow | undefined];
    if (is?.path !== this.#path) return;
    if (is.epoch !== (was?.epoch ?? 0)) this.#epochs.set(actor, is.epoch);
    else this.fenced(actor, 'lane');
  }

  /** I8 */
  fenced(actor: Actor, what: string): void {
    const lanes = this.#storage.rows('lanes').all();
    const lane = lanes.map(({ value }) => value as LaneRow).find(({ path }) => path === this.#path);
    if (this.#epochs.get(actor) !== lane?.epoch) {
      this.#breach('invariant', `I8: ${actor.name} writes ${what} after its epoch`);
    }
  }

  #row(change: RowChange): void {
    const row = this.#facts.written(change);
    if (!row) return;
    const { key, seq, name } = row;
    const dirty = this.#markerOf(key);
    if (!dirty || dirty.seq < seq)
      this.#breach('lost', `I2: ${name} is written without its marker`);
    const written = this.#written.get(key) ?? [];
    written.push({ seq, name, era: this.#facts.era() });
    this.#written.set(key, written);
  }

  #markerOf(key: string): DirtyMarker | undefined {
    const rows = this.#storage.rows('dirty').all();
    return rows
      .map(({ value }) => value as DirtyMarker)
      .find((marker) => marker.path === this.#path && marker.key === key);
  }

  #receipt(actor: Actor, receipt: Receipt): void {
    this.fenced(actor, 'a receipt');
    const all = this.receipts.get(receipt.key) ?? [];
    const last = all.at(-1);
    if (last && last.coverage > receipt.coverage && last.iterId <= receipt.iterId) {
      this.#breach('invariant', `I4: coverage of ${receipt.key} falls from ${last.coverage}`);
    }
    all.push(receipt);
    this.receipts.set(receipt.key, all);
    if (isDurable(receipt) && receipt.outcome !== 'adopted-leave') this.#isTrue(receipt);
  }

  /** I3: a durable receipt is only written of what the place holds, listed where there is a list. */
  #isTrue({ key, coverage, outcome, target }: Receipt): void {
    const facts = this.#facts;
    if (!facts.isCurrent(target) || facts.isExcused(key)) return;
    const covered = (this.#written.get(key) ?? []).filter(
      ({ seq, era }) => seq <= coverage && era === facts.era(),
    );
    const missing = covered.filter(({ name }) => !facts.hasHeld(key, name));
    if (missing.length > 0) {
      const names = missing.map(({ name }) => name).join();
      const what = `I3: ${outcome} up to ${coverage} (${this.#path}), and it has not got ${names}`;
      this.#breach('false-seal', what);
    }
    if (covered.length > 0 && !facts.isListed(key)) {
      this.#breach('false-seal', `I3: ${outcome}, and ${key} is not listed`);
    }
  }

  #marker(
    actor: Actor,
    { before, after }: RowChange,
    receipts: readonly Receipt[],
    changes: readonly RowChange[],
  ): void {
    const was = before?.value as DirtyMarker | undefined;
    const is = after?.value as DirtyMarker | undefined;
    if ((was ?? is)?.path !== this.#path) return;
    if (is && is.level !== 'cache') this.#owed.set(is.key, is.criticalSeq ?? is.seq);
    else this.#owed.delete((was ?? is)?.key ?? '');
    if (!was) return;
    const covering = receipts.find((each) => each.key === was.key && isDurable(each));
    if (!is) {
      if (this.#path === 'contracts' && changes.some((change) => leaves(change, was.key))) return;
      this.fenced(actor, 'a deletion');
      if (!covering || covering.coverage < was.seq) {
        this.#breach(
          'lost',
          `I1: the marker of ${was.key} (${this.#path}) is deleted at ${was.seq}, covered up to ${covering?.coverage}`,
        );
      }
      return;
    }
    if (is.seq < was.seq) this.#breach('lost', `I1: the marker of ${was.key} falls to ${is.seq}`);
    if (was.failure && !is.failure && !covering) {
      this.#breach('invariant', `I19: an error of ${was.key} is forgotten`);
    }
  }

  #base(actor: Actor, { before, after }: RowChange): void {
    const base = (after ?? before)?.value as BaseRow | undefined;
    if (base?.path === this.#path) this.fenced(actor, 'a base');
  }

  #breach(breach: Breach, what: string): void {
    this.#report({ breach, what: `${this.#name}: ${what}` });
  }
}

/** Whoever leaves a room has nothing to tell it any more. */
function leaves({ store, before, after }: RowChange, room: string): boolean {
  if (store !== 'rooms') return false;
  const [was, is] = [before?.value as RoomRow | undefined, after?.value as RoomRow | undefined];
  return is?.room === room && was?.status === 'present' && is.status === 'left';
}
