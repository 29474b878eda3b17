import { isFinal } from '../../src/persist/migration.ts';
import { OUTBOUND_KEY } from '../../src/persist/outbound-rows.ts';
import type { GenerationRow } from '../../src/persist/earlier-rows.ts';
import type { NodeChecks, Report } from './checks.ts';
import { dmNamesOf, oldMessagesOf, type EarlierDelegate } from './earlier.ts';
import { keyOfRoom } from './rooms.ts';
import type { SimNode } from './sim-node.ts';
import type { RowChange } from './sim-rows.ts';

/** Watches what a browser profile believes of earlier delegates: I15, I16, I17. */
export class MigrationChecks {
  readonly #name: string;
  readonly #seen: NodeChecks;
  readonly #node: SimNode;
  readonly #report: Report;

  constructor(name: string, seen: NodeChecks, node: SimNode, report: Report) {
    this.#name = name;
    this.#seen = seen;
    this.#node = node;
    this.#report = report;
  }

  row({ before, after }: RowChange): void {
    const was = before?.value as GenerationRow | undefined;
    const is = after?.value as GenerationRow | undefined;
    if (!is) return this.#breach('I17: what is known of a generation is forgotten');
    const { version, verdict } = is;
    if (was && isFinal(was) && was.verdict !== verdict) {
      this.#breach(`I17: ${version} was ${was.verdict} and is ${verdict}`);
    }
    const given = new Set(is.found.map(({ key }) => key));
    if (was?.found.some(({ key }) => !given.has(key))) {
      this.#breach(`I17: what ${version} has given is forgotten`);
    }
    if (!isFinal(is) || (was && isFinal(was))) return;
    if (!is.target.startsWith(`${this.#node.contractId}/`) || this.#seen.wipes > 0) return;
    if (verdict === 'superseded') this.#superseded(version);
    else if (version !== 'this version') this.#proved(is);
  }

  #superseded(version: string): void {
    const listed = [...this.#node.delegate.index];
    if (!listed.some((key) => key.startsWith('room:'))) {
      this.#breach(`I15: ${version} is superseded by a delegate without rooms`);
    }
  }

  #proved({ version, verdict, delegate }: GenerationRow): void {
    const earlier = this.#node.earlier.get(delegate);
    if (!earlier?.hasToldAll(this.#name) || earlier.hasJunk) {
      this.#breach(`I16: ${version} is ${verdict}, and has not told all, or not what can be read`);
      return;
    }
    if (verdict === 'empty' && earlier.values.size > 0) {
      this.#breach(`I15: ${version} is called empty, and has ${[...earlier.values.keys()].join()}`);
    }
    const missing = this.#missing(earlier);
    if (missing.length > 0) {
      this.#breach(`I15: ${version} is ${verdict}, and the node has not got ${missing.join()}`);
    }
  }

  #missing({ plan }: EarlierDelegate): readonly string[] {
    const seen = this.#seen;
    const messages = plan.rooms.flatMap((held, room) => {
      const key = keyOfRoom(room);
      if (seen.wasTombstoned(key)) return [];
      return oldMessagesOf(room, held).filter((name) => !seen.hasHeld('rooms', key, name));
    });
    const words = dmNamesOf(plan).filter(
      (name) => !seen.hasHeld('outbound-dms', OUTBOUND_KEY, name) && !seen.purged.has(name),
    );
    return [...messages, ...words];
  }

  #breach(what: string): void {
    this.#report({ breach: 'false-seal', what: `${this.#name}: ${what}` });
  }
}
