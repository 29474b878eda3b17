import { ROOMS_META } from '../../src/persist/list-preferences.ts';
import { decodeOutbound, OUTBOUND_KEY } from '../../src/persist/outbound-rows.ts';
import type { Path } from '../../src/persist/schema.ts';
import { toHex } from '../../src/shared/bytes.ts';
import { dmName, readState, readValue, rooms } from './rooms.ts';

/** What a run may break; `invariant` names the others, by their number. */
export type Breach = 'lost' | 'false-seal' | 'double-apply' | 'stuck' | 'invariant';

export interface Violation {
  readonly breach: Breach;
  /** What was seen, with the rule's number where it has one. */
  readonly what: string;
}

export type Report = (violation: Violation) => void;

/** What has been seen on the node and at the contracts: judges whether a receipt says the truth. */
export class NodeChecks {
  readonly #report: Report;
  /** By path and key: every message that has been held there since the store began. */
  readonly #held = new Map<string, Set<string>>();
  readonly #tombstoned = new Set<string>();
  /** Direct messages that their recipient has deleted. */
  readonly purged = new Set<string>();
  /** Stores begun anew: what was there before is nobody's fault any more. */
  wipes = 0;

  constructor(report: Report) {
    this.#report = report;
  }

  /** A device has stored a value in the delegate. */
  stored(key: string, before: Uint8Array | undefined, after: Uint8Array): void {
    if (key === OUTBOUND_KEY) {
      this.#took('outbound-dms', key, before && wordsIn(before), wordsIn(after), this.purged);
      return;
    }
    if (key === ROOMS_META) return; // another decision takes the place of one: judged at the end
    const now = readValue(after);
    if (now.isLeft) this.#tombstoned.add(key);
    else this.#took('rooms', key, before && readValue(before).messages, now.messages);
  }

  /** A contract has taken a change, or a room was put. */
  contractChanged(room: number, before: Uint8Array | undefined, after: Uint8Array): void {
    const key = rooms[room]?.room ?? '';
    const now = readState(after).messages;
    this.#took('contracts', key, before && readState(before).messages, now);
  }

  /** Another client has written over the direct messages: what it drops is its own affair. */
  overwritten(after: Uint8Array): void {
    this.#heldOf('outbound-dms', OUTBOUND_KEY, wordsIn(after));
  }

  /** The delegate's disk is gone. What the network has of the rooms stays. */
  wiped(): void {
    this.wipes += 1;
    for (const name of this.#held.keys()) {
      if (!name.startsWith('contracts ')) this.#held.delete(name);
    }
  }

  /** Whether this message is, or was before somebody took it away, there. */
  hasHeld(path: Path, key: string, name: string): boolean {
    return this.#held.get(`${path} ${key}`)?.has(name) === true;
  }

  wasTombstoned(key: string): boolean {
    return this.#tombstoned.has(key);
  }

  #took(
    path: Path,
    key: string,
    before: readonly string[] | undefined,
    now: readonly string[],
    mayGo: ReadonlySet<string> = new Set(),
  ): void {
    this.#heldOf(path, key, now);
    if (new Set(now).size < now.length) {
      this.#report({ breach: 'double-apply', what: `${key} holds a message twice (${path})` });
    }
    const gone = before?.filter((name) => !now.includes(name) && !mayGo.has(name)) ?? [];
    if (gone.length > 0) {
      const what = `I20: a change of ${key} (${path}) drops ${gone.join()}`;
      this.#report({ breach: 'lost', what });
    }
  }

  #heldOf(path: Path, key: string, names: readonly string[]): void {
    const held = this.#held.get(`${path} ${key}`) ?? new Set();
    this.#held.set(`${path} ${key}`, held);
    for (const name of names) held.add(name);
  }
}

/** Names of the direct messages whose words a value holds. */
export function wordsIn(value: Uint8Array): readonly string[] {
  const decoded = decodeOutbound(value);
  if (!decoded.ok) throw decoded.error;
  return decoded.value.entries.map(({ purgeToken }) => dmName(toHex(purgeToken)));
}
