import type { Token } from '../../src/persist/dirty-markers.ts';
import { OUTBOUND_KEY } from '../../src/persist/outbound-rows.ts';
import { ROOMS_META } from '../../src/persist/list-preferences.ts';
import { decodePreferences } from '../../src/persist/preferences-value.ts';
import type { GenerationRow } from '../../src/persist/earlier-rows.ts';
import type {
  DmThreadRow,
  ListPreferencesRow,
  MessageRow,
  OutboundDmRow,
  Receipt,
} from '../../src/persist/schema.ts';
import { decodeOutbound } from '../../src/persist/outbound-rows.ts';
import { isFinal } from '../../src/persist/migration.ts';
import { toBase58 } from '../../src/shared/bytes.ts';
import { wordsIn, type Breach, type NodeChecks, type Report } from './checks.ts';
import { isStored, type Edit, type StoredEdit } from './edit.ts';
import type { Profile } from './profile.ts';
import type { ProfileChecks } from './profile-checks.ts';
import {
  dmName,
  keyOfRoom,
  messageName,
  orderNamed,
  readState,
  readValue,
  rooms,
} from './rooms.ts';
import type { Features } from './schedule.ts';
import type { SimNode } from './sim-node.ts';
import type { SimStorage } from './sim-storage.ts';

/** A device at the end of a run. */
export interface Judged {
  readonly profile: Profile;
  readonly storage: SimStorage;
  readonly checks: ProfileChecks;
}

export interface JudgeDeps {
  readonly node: SimNode;
  readonly seen: NodeChecks;
  readonly features: Features;
  /** Rooms that somebody has left or come back to: what is in them is that decision's affair. */
  readonly left: ReadonlySet<number>;
  /** The product's answer, which takes steps. */
  readonly attempted: (profile: Profile, token: Token) => Promise<Receipt | undefined>;
  readonly report: Report;
}

/** Judges the end of a run, when everything has settled with a healthy node. */
export class Judge {
  readonly #deps: JudgeDeps;

  constructor(deps: JudgeDeps) {
    this.#deps = deps;
  }

  async device({ profile, storage, checks }: Judged): Promise<void> {
    const rows = namesIn(storage);
    for (const edit of profile.edits) {
      if (isStored(edit)) await this.#stored(profile, checks, edit, rows);
      else if (edit.told === 'refused' && rows.has(edit.name) && !this.#isAtNode(edit)) {
        this.#breach('double-apply', `${edit.name} was refused, and is in ${profile.name}`);
      }
    }
    this.#renames(profile);
    for (const [name, count] of rows) {
      if (count > 1) this.#breach('double-apply', `${name} lies ${count} times in ${profile.name}`);
    }
    if (this.#deps.features.dms) this.#words(profile, storage);
    if (this.#deps.features.earlier) this.#migration(profile, storage);
  }

  async #stored(
    profile: Profile,
    checks: ProfileChecks,
    edit: StoredEdit,
    rows: ReadonlyMap<string, number>,
  ): Promise<void> {
    const { name, told, evicted } = edit;
    if (evicted) {
      // what was left is in no new database, and what the node has lost meanwhile is nowhere
      const isGone = this.#deps.left.has(edit.room) || this.#deps.seen.wipes > 0;
      if (evicted.wasProved && !isGone) this.#isThere(profile, edit, rows);
      return;
    }
    for (const token of this.#tokensOf(edit)) {
      const expected = checks.firstCovering(token.path, token.key, token.seq);
      const answered = await this.#deps.attempted(profile, token);
      if (answered?.iterId !== expected?.iterId || answered?.outcome !== expected?.outcome) {
        const what = `I5: of ${token.key}@${token.seq} is said ${answered?.outcome}, it was ${expected?.outcome}`;
        this.#breach('false-seal', what);
      }
      if (this.#deps.left.has(edit.room)) continue;
      if (!checks.isDurable(token.path, token.key, told.seq)) {
        this.#breach('stuck', `${name} has no receipt that proves it (${token.path})`);
      }
    }
    this.#isThere(profile, edit, rows);
  }

  #isThere(profile: Profile, edit: StoredEdit, rows: ReadonlyMap<string, number>): void {
    const { type, name, room } = edit;
    if (type !== 'message' && type !== 'dm') return;
    if (type === 'message' && !rows.has(name)) {
      this.#breach('lost', `${name} is not in ${profile.name} any more`);
    }
    if (this.#deps.left.has(room)) return;
    if (!this.#isAtNode(edit)) this.#breach('lost', `${name} is not on the node`);
    const state = this.#deps.node.contracts.states.get(room);
    const isTold = this.#deps.features.contracts && !edit.evicted;
    if (isTold && !(state && readState(state).messages.includes(name))) {
      this.#breach('lost', `${name} is not in the room`);
    }
  }

  /** The paths that have to bring it; their markers are raised in one transaction, the room's first. */
  #tokensOf({ told, room, type }: StoredEdit): readonly Token[] {
    const { contracts } = this.#deps.features;
    const { room: key = '' } = rooms[room] ?? {};
    return [
      told,
      ...(contracts && type !== 'mode' && type !== 'order'
        ? [{ ...told, path: 'contracts', key } as const]
        : []),
      ...(type === 'dm' ? [{ ...told, path: 'outbound-dms', key: OUTBOUND_KEY } as const] : []),
    ];
  }

  #isAtNode({ room, name, type }: Pick<StoredEdit, 'room' | 'name' | 'type'>): boolean {
    if (type !== 'message' && type !== 'dm') return true;
    const held = this.#deps.node.delegate.values.get(keyOfRoom(room));
    return held !== undefined && readValue(held.value).messages.includes(name);
  }

  /** Each rename builds on the one before, of the same device at least: none was written over another. */
  #renames({ name, edits }: Profile): void {
    for (const room of rooms.keys()) {
      if (this.#deps.left.has(room)) continue;
      const told = edits.filter(
        (edit) => edit.type === 'rename' && edit.room === room && isStored(edit) && !edit.evicted,
      );
      const held = this.#deps.node.delegate.values.get(keyOfRoom(room));
      const version = held ? readValue(held.value).version : 0;
      if (version < 1 + told.length && told.length > 0) {
        const what = `${told.length} renames of ${name}, and the node has version ${version}`;
        this.#breach('lost', what);
      }
    }
  }

  /** What was decided about the list of rooms is the same everywhere, and a decision that nobody has changed since holds. */
  list(devices: readonly Judged[]): void {
    const { node } = this.#deps;
    const held = node.delegate.values.get(ROOMS_META);
    const there = held && decodePreferences(held.value);
    const order = there?.ok ? there.value.order : [];
    const modes = there?.ok ? there.value.modes : {};
    for (const { profile, storage } of devices) {
      const here = storage
        .rows('list_preferences')
        .all()
        .map(({ value }) => value as ListPreferencesRow)
        .find(({ name }) => name === 'here');
      if (!here) continue;
      const isSame = rooms.every(({ room }) => here.modes[room] === modes[room]);
      const isPlaced =
        here.order.filter((room) => !this.#isLeft(room)).join() ===
        order.filter((room) => !this.#isLeft(room)).join();
      if (!isSame || !isPlaced) {
        this.#breach('stuck', `${profile.name} and the node differ about the list of rooms`);
      }
    }
    for (const [at, { room }] of rooms.entries()) {
      const last = this.#lastDecided(devices, ({ type, room }) => type === 'mode' && room === at);
      if (last && modes[room] !== last.name) {
        this.#breach('lost', `${last.name} was chosen for ${room}, and it is ${modes[room]}`);
      }
    }
    const last = this.#lastDecided(devices, ({ type }) => type === 'order');
    const wanted =
      last &&
      orderNamed(last.name)
        .filter((room) => !this.#isLeft(room))
        .join();
    if (wanted !== undefined && wanted !== order.filter((room) => !this.#isLeft(room)).join()) {
      this.#breach('lost', `the rooms were put in order, ${last?.name}, and are not`);
    }
  }

  /** A decision that holds: no other device has decided the same, and no later one can be unknown. */
  #lastDecided(
    devices: readonly Judged[],
    isOfKind: (edit: Edit) => boolean,
  ): StoredEdit | undefined {
    const decided = devices.map(({ profile: { edits } }) => edits.filter(isOfKind));
    const [only = [], ...more] = decided.filter((edits) => edits.length > 0);
    // a page that died may have decided something that nobody knows of
    const known = only.filter(isStored).filter(({ evicted }) => !evicted);
    const isKnown = known.length === only.length && this.#deps.seen.wipes === 0;
    if (!isKnown || more.length > 0) return undefined;
    return known.sort((a, b) => a.told.seq - b.told.seq).at(-1);
  }

  #isLeft(room: string): boolean {
    return [...this.#deps.left].some((at) => rooms[at]?.room === room);
  }

  /** Words and archive are the same here and on the node, and what was deleted by its recipient is nowhere. */
  #words({ name, edits }: Profile, storage: SimStorage): void {
    const { node, seen } = this.#deps;
    const held = node.delegate.values.get(OUTBOUND_KEY)?.value;
    const there = new Set(held ? wordsIn(held) : []);
    const dms = storage.rows('outbound_dms').all();
    const here = new Set<string>();
    for (const { value } of dms) {
      const { token, purged } = value as OutboundDmRow;
      if (!purged) here.add(dmName(token));
    }
    for (const edit of edits) {
      if (edit.type !== 'dm' || !isStored(edit) || edit.evicted) continue;
      if (!seen.purged.has(edit.name) && !there.has(edit.name)) {
        this.#breach('lost', `the words of ${edit.name} are not on the node`);
      }
    }
    for (const each of new Set([...here, ...there])) {
      if (seen.purged.has(each)) {
        this.#breach('double-apply', `the words of ${each} were deleted, and are back`);
      } else if (!here.has(each) || !there.has(each)) {
        this.#breach(
          'stuck',
          `the words of ${each} are ${here.has(each) ? `in ${name}` : 'on the node'} only`,
        );
      }
    }
    const decoded = held && decodeOutbound(held);
    const hiddenThere = new Map(
      (decoded?.ok ? decoded.value.hiddenThreads : []).map(({ roomOwnerVk, hiddenAtTs }) => [
        toBase58(roomOwnerVk),
        hiddenAtTs,
      ]),
    );
    for (const { value } of storage.rows('dm_threads').all()) {
      const { room, hiddenAt } = value as DmThreadRow;
      if (hiddenAt !== hiddenThere.get(room)) {
        const what = `${name} hides ${room} up to ${hiddenAt}, the node ${hiddenThere.get(room)}`;
        this.#breach('stuck', what);
      }
    }
  }

  /** I9 for the migration: what answers, and can be read, comes to its end. */
  #migration({ name }: Profile, storage: SimStorage): void {
    const { node } = this.#deps;
    const rows = storage
      .rows('generations')
      .all()
      .map(({ value }) => value as GenerationRow);
    for (const row of rows.filter(({ target }) => target.startsWith(`${node.contractId}/`))) {
      const earlier = node.earlier.get(row.delegate);
      const isOpen = earlier ? earlier.mood !== 'answers' || earlier.hasJunk : true;
      if (!isOpen && !isFinal(row)) {
        this.#breach('stuck', `${name}: ${row.version} is ${row.verdict}, ${row.reason}`);
      }
    }
  }

  #breach(breach: Breach, what: string): void {
    this.#deps.report({ breach, what });
  }
}

/** How often each message lies in a device's rows. */
function namesIn(storage: SimStorage): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { value } of storage.rows('messages').all()) {
    const name = messageName((value as MessageRow).bytes);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}
