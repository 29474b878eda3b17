import { isDurable } from '../../src/persist/receipts.ts';
import type {
  BaseRow,
  DirtyMarker,
  LaneRow,
  MessageRow,
  Path,
  Receipt,
} from '../../src/persist/schema.ts';
import type { Actor } from './scheduler.ts';
import type { RowChange } from './sim-rows.ts';
import type { Commit, SimStorage } from './sim-storage.ts';
import { messageName, readValue } from './rooms.ts';

/** What a run may break; `invariant` names the others, by their number. */
export type Breach = 'lost' | 'false-seal' | 'double-apply' | 'stuck' | 'invariant';

export interface Violation {
  readonly breach: Breach;
  /** What was seen, with the rule's number where it has one. */
  readonly what: string;
}

/** What has been seen on the node: judges whether a receipt says the truth. */
export class NodeChecks {
  readonly #report: (violation: Violation) => void;
  /** By key: every message that a value of it has held since the store began. */
  readonly #held = new Map<string, Set<string>>();
  readonly #tombstoned = new Set<string>();
  /** Stores begun anew: what was there before is nobody's fault any more. */
  wipes = 0;

  constructor(report: (violation: Violation) => void) {
    this.#report = report;
  }

  stored(key: string, before: Uint8Array | undefined, after: Uint8Array): void {
    const now = readValue(after);
    if (now.isLeft) {
      this.#tombstoned.add(key);
      return;
    }
    const held = this.#held.get(key) ?? new Set();
    this.#held.set(key, held);
    for (const name of now.messages) held.add(name);
    if (new Set(now.messages).size < now.messages.length) {
      this.#report({ breach: 'double-apply', what: `${key} holds a message twice` });
    }
    const previous = before && readValue(before);
    const gone = previous?.messages.filter((name) => !now.messages.includes(name)) ?? [];
    if (gone.length > 0) {
      this.#report({ breach: 'lost', what: `I20: a store of ${key} drops ${gone.join()}` });
    }
  }

  wiped(): void {
    this.wipes += 1;
    this.#held.clear();
  }

  /** Whether the node holds, or has held before somebody took it away, this message. */
  hasHeld(key: string, name: string): boolean {
    return this.#held.get(key)?.has(name) === true;
  }

  wasTombstoned(key: string): boolean {
    return this.#tombstoned.has(key);
  }
}

interface WrittenMessage {
  readonly seq: number;
  readonly name: string;
  readonly wipes: number;
}

/** Watches every commit of one browser profile for the invariants of markers, receipts and epochs. */
export class ProfileChecks {
  readonly #name: string;
  readonly #storage: SimStorage;
  readonly #node: NodeChecks;
  readonly #isIndexed: (key: string) => boolean;
  readonly #target: () => string;
  readonly #report: (violation: Violation) => void;
  /** Every receipt ever written, by path and key: the product forgets old ones. */
  readonly receipts = new Map<string, Receipt[]>();
  /** By delegate key: what was written here, with the seq of its change. */
  readonly #written = new Map<string, WrittenMessage[]>();
  readonly #epochs = new Map<Actor, number>();
  /** Committed markers of what nothing else has, by key: their seq. */
  readonly #owed = new Map<string, number>();

  constructor(
    name: string,
    storage: SimStorage,
    node: NodeChecks,
    seen: { isIndexed: (key: string) => boolean; target: () => string },
    report: (violation: Violation) => void,
  ) {
    this.#name = name;
    this.#storage = storage;
    this.#node = node;
    this.#isIndexed = seen.isIndexed;
    this.#target = seen.target;
    this.#report = report;
  }

  committed({ actor, changes }: Commit): void {
    const receipts = valuesOf<Receipt>(changes, 'receipts').filter(({ path }) => path === 'rooms');
    for (const change of changes) {
      if (change.store === 'lanes') this.#lane(actor, change);
      else if (change.store === 'messages') this.#message(change);
    }
    for (const receipt of receipts) {
      this.#receipt(actor, receipt);
      const marker = this.#markerOf(receipt.key);
      if (marker && !marker.failure && !isDurable(receipt)) {
        this.#breach('invariant', `I19: ${receipt.outcome} of ${receipt.key} is shown nowhere`);
      }
    }
    for (const change of changes) {
      if (change.store === 'dirty') this.#marker(actor, change, receipts);
      else if (change.store === 'base') this.#base(actor, change);
    }
  }

  /** I4 and I6: what `attempted` must say of a change: the earliest covering receipt, whatever came later. */
  firstCovering(path: Path, key: string, seq: number): Receipt | undefined {
    return this.receipts.get(`${path} ${key}`)?.find(({ coverage }) => coverage >= seq);
  }

  isDurable(key: string, seq: number): boolean {
    const all = this.receipts.get(`rooms ${key}`) ?? [];
    return all.some((receipt) => isDurable(receipt) && receipt.coverage >= seq);
  }

  /** What no receipt covers, of what is committed. */
  owed(): readonly { readonly key: string; readonly seq: number }[] {
    return [...this.#owed].map(([key, seq]) => ({ key, seq }));
  }

  #lane(actor: Actor, { before, after }: RowChange): void {
    const [was, is] = [before?.value as LaneRow | undefined, after?.value as LaneRow | undefined];
    if (is?.path !== 'rooms') return;
    if (is.epoch !== (was?.epoch ?? 0)) this.#epochs.set(actor, is.epoch);
    else this.#fenced(actor, 'lane');
  }

  /** I8 */
  #fenced(actor: Actor, what: string): void {
    const lanes = this.#storage.rows('lanes').all();
    const lane = lanes.map(({ value }) => value as LaneRow).find(({ path }) => path === 'rooms');
    if (this.#epochs.get(actor) !== lane?.epoch) {
      this.#breach('invariant', `I8: ${actor.name} writes ${what} after its epoch`);
    }
  }

  #message({ key, before, after }: RowChange): void {
    const row = after?.value as MessageRow | undefined;
    if (!row || before || row.seq === undefined) return;
    const [room] = key as readonly string[];
    const dirty = this.#markerOf(`room:${room}`);
    if (!dirty || dirty.seq < row.seq) {
      this.#breach('lost', `I2: a message is written without its marker`);
    }
    const written = this.#written.get(`room:${room}`) ?? [];
    written.push({ seq: row.seq, name: messageName(row.bytes), wipes: this.#node.wipes });
    this.#written.set(`room:${room}`, written);
  }

  #markerOf(key: string): DirtyMarker | undefined {
    const rows = this.#storage.rows('dirty').all();
    return rows
      .map(({ value }) => value as DirtyMarker)
      .find((marker) => marker.path === 'rooms' && marker.key === key);
  }

  #receipt(actor: Actor, receipt: Receipt): void {
    this.#fenced(actor, 'a receipt');
    const name = `${receipt.path} ${receipt.key}`;
    const all = this.receipts.get(name) ?? [];
    const last = all.at(-1);
    if (last && last.coverage > receipt.coverage && last.iterId <= receipt.iterId) {
      this.#breach('invariant', `I4: coverage of ${receipt.key} falls from ${last.coverage}`);
    }
    all.push(receipt);
    this.receipts.set(name, all);
    if (isDurable(receipt) && receipt.outcome !== 'adopted-leave') this.#isTrue(receipt);
  }

  /** I3: a durable receipt is only written of what the node holds, listed in its index. */
  #isTrue({ key, coverage, outcome, target }: Receipt): void {
    if (!target.startsWith(`${this.#target()}/`) || this.#node.wasTombstoned(key)) return;
    const covered = (this.#written.get(key) ?? []).filter(({ seq }) => seq <= coverage);
    const missing = covered.filter(
      ({ name, wipes }) => wipes === this.#node.wipes && !this.#node.hasHeld(key, name),
    );
    if (missing.length > 0) {
      const names = missing.map(({ name }) => name).join();
      this.#breach(
        'false-seal',
        `I3: ${outcome} up to ${coverage}, and the node has not got ${names}`,
      );
    }
    if (covered.some(({ wipes }) => wipes === this.#node.wipes) && !this.#isIndexed(key)) {
      this.#breach('false-seal', `I3: ${outcome}, and ${key} is not listed`);
    }
  }

  #marker(actor: Actor, { before, after }: RowChange, receipts: readonly Receipt[]): void {
    const was = before?.value as DirtyMarker | undefined;
    const is = after?.value as DirtyMarker | undefined;
    if ((was ?? is)?.path !== 'rooms') return;
    if (is && is.level !== 'cache') this.#owed.set(is.key, is.criticalSeq ?? is.seq);
    else this.#owed.delete((was ?? is)?.key ?? '');
    if (!was) return;
    const covering = receipts.find((each) => each.key === was.key && isDurable(each));
    if (!is) {
      this.#fenced(actor, 'a deletion');
      if (!covering || covering.coverage < was.seq) {
        this.#breach(
          'lost',
          `I1: the marker of ${was.key} is deleted at ${was.seq}, covered up to ${covering?.coverage}`,
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
    if (base?.path === 'rooms') this.#fenced(actor, 'a base');
  }

  #breach(breach: Breach, what: string): void {
    this.#report({ breach, what: `${this.#name}: ${what}` });
  }
}

const valuesOf = <T>(changes: readonly RowChange[], store: string): T[] =>
  changes.flatMap((change) =>
    change.store === store && change.after && !change.before ? [change.after.value as T] : [],
  );
