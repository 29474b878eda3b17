import type { NudgeReason } from '../../src/bridge/messages.ts';
import { WeirDatabase, type WriteTx } from '../../src/persist/database.ts';
import { markersOf, type Token } from '../../src/persist/dirty-markers.ts';
import { EditQueue, type Alongside } from '../../src/persist/edit-queue.ts';
import { PREFERENCE_EDIT_STORES, setMode, setOrder } from '../../src/persist/list-preferences.ts';
import type { LoadedRoom } from '../../src/persist/loaded-room.ts';
import {
  forgetPurged,
  hideThread,
  OUTBOUND_EDIT_STORES,
  recordOutbound,
  showThread,
} from '../../src/persist/outbound-store.ts';
import { attempted } from '../../src/persist/receipts.ts';
import { RoomCache } from '../../src/persist/room-cache.ts';
import type { Path } from '../../src/persist/schema.ts';
import { changeWholeRoom, type WholeRoomChange } from '../../src/persist/whole-room.ts';
import type { NotificationMode } from '../../src/river/rooms-meta.ts';
import type { RoomDelta } from '../../src/river/room-state/room-state.ts';
import type { Dice } from '../../src/river/testing/dice.ts';
import { toHex } from '../../src/shared/bytes.ts';
import { err, ok, type Result } from '../../src/shared/result.ts';
import type { Report } from './checks.ts';
import { isStored, type Edit } from './edit.ts';
import { PATHS, type ProfileChecks } from './profile-checks.ts';
import { memo, orderNamed, renamed, rooms, type SimDm, type SimRoom } from './rooms.ts';
import type { Features } from './schedule.ts';
import type { Actor, Scheduler } from './scheduler.ts';
import { SimLocks } from './sim-locks.ts';
import type { SimNode } from './sim-node.ts';
import type { SimStorage } from './sim-storage.ts';
import { Worker, type Ask } from './worker.ts';

export interface ProfileDeps {
  readonly name: string;
  readonly scheduler: Scheduler;
  readonly dice: Dice;
  readonly node: SimNode;
  readonly storage: SimStorage;
  readonly checks: ProfileChecks;
  readonly features: Features;
  readonly report: Report;
  /** The next message of a room that nobody has written yet, or undefined. */
  readonly nextMessage: (
    room: number,
  ) => { readonly name: string; readonly delta: RoomDelta } | undefined;
}

interface Page {
  readonly actor: Actor;
  readonly db: WeirDatabase;
  readonly edits: EditQueue;
  /** A page where no worker can run drains for itself. */
  readonly drain: Worker | undefined;
}

/** One browser profile: pages and workers (of two versions, side by side) on one database. */
export class Profile {
  readonly name: string;
  readonly edits: Edit[] = [];
  kills = 0;
  /** The next messages from pages to workers get lost. */
  lostNudges = 0;
  readonly #deps: ProfileDeps;
  readonly #locks: SimLocks;
  readonly #pages: (Page | undefined)[];
  readonly #workers: (Worker | undefined)[];
  /** Pages that work on edits. */
  readonly #editing = new Map<Actor, number>();
  #count = 0;
  /** Whose drain has not answered yet. */
  readonly #waiting = new Map<Actor, number>();

  constructor(deps: ProfileDeps, pages: number, workers: number) {
    this.name = deps.name;
    this.#deps = deps;
    this.#locks = new SimLocks(deps.scheduler);
    this.#pages = Array.from({ length: pages }, () => undefined);
    this.#workers = Array.from({ length: workers }, () => undefined);
  }

  /** Drains whose answer somebody alive waits for. */
  get pending(): number {
    return [...this.#waiting.values()].reduce((sum, count) => sum + count, 0);
  }

  /** Writes so many messages in one go, as a burst. */
  async say(page: number, room: number, count: number): Promise<void> {
    const { edits, actor } = await this.#page(page);
    for (let i = 0; i < count; i++) {
      const message = this.#deps.nextMessage(room);
      if (!message) continue;
      const { name, delta } = message;
      this.#submit(edits, actor, { type: 'message', room, name }, () => ok(delta));
    }
  }

  async rename(page: number, room: number, name: string): Promise<void> {
    const { edits, actor } = await this.#page(page);
    this.#submit(edits, actor, { type: 'rename', room, name }, ({ state }) =>
      ok(renamed(room, state, name)),
    );
  }

  /** A direct message to the other member: the sealed one, and its words beside it. */
  async write(page: number, room: number, { name, delta, outbound }: SimDm): Promise<void> {
    const { edits, actor } = await this.#page(page);
    this.#submit(edits, actor, { type: 'dm', room, name }, () => ok(delta), {
      stores: OUTBOUND_EDIT_STORES,
      write: (tx, { seq }, now) => recordOutbound(tx, outbound, seq, now),
    });
  }

  /** What a room may tell of. */
  async mode(page: number, room: number, mode: NotificationMode): Promise<void> {
    const { room: key } = rooms[room] as SimRoom;
    await this.#decide(page, { type: 'mode', room, name: mode }, (tx, now) =>
      setMode(tx, key, mode, now),
    );
  }

  /** The list in the order of the rooms, or in the other one. */
  async order(page: number, isReversed: boolean): Promise<void> {
    const name = isReversed ? 'reversed' : 'as made';
    await this.#decide(page, { type: 'order', room: 0, name }, (tx, now) =>
      setOrder(tx, orderNamed(name), now),
    );
  }

  /** Takes the conversation with the other member into the archive, or out of it. */
  archive(page: number, room: number, isHidden: boolean): Promise<void> {
    const { room: key, peer } = rooms[room] as SimRoom;
    return this.#write(page, (tx, now) =>
      isHidden
        ? hideThread(tx, key, String(peer), 0n, now)
        : showThread(tx, key, String(peer), now),
    );
  }

  /** The other member's list of deleted messages has arrived. */
  forget(page: number, room: number, purged: readonly SimDm[]): Promise<void> {
    const { room: key, peer } = rooms[room] as SimRoom;
    const tokens = new Set(purged.map(({ outbound }) => toHex(outbound.purgeToken)));
    const lists = new Map([[String(peer), tokens]]);
    return this.#write(page, (tx, now) => forgetPurged(tx, key, lists, now));
  }

  /** Leaves, comes back to, or (for the first time) stores a room. */
  async change(page: number, room: number, type: 'store' | 'leave' | 'come-back'): Promise<void> {
    const { db, actor } = await this.#page(page);
    const { room: key, data } = rooms[room] as SimRoom;
    const compose = (stored: LoadedRoom | undefined): Result<WholeRoomChange, { type: string }> => {
      if (type === 'store') {
        return stored ? err({ type: 'there' }) : ok({ type, data, joined: false });
      }
      if (stored?.status !== (type === 'leave' ? 'present' : 'left'))
        return err({ type: 'not so' });
      return ok(type === 'leave' ? { type } : { type, own: stored.own, delta: null });
    };
    const clock = this.#deps.scheduler.clockOf(actor);
    const committed = (): void => this.#message(page, 'edit');
    void changeWholeRoom({ db, memo, clock, committed }, key, compose);
  }

  /** Whoever is asked need not be running: a message starts its worker. */
  nudge(worker: number, reason: NudgeReason): void {
    this.#deps.scheduler.later(undefined, `nudge ${this.name}.W${worker} ${reason}`, () => {
      void this.#nudgeWorker(worker, reason);
    });
  }

  killPage(page: number): void {
    const killed = this.#pages[page];
    this.#pages[page] = undefined;
    if (killed) this.#kill(killed.actor);
  }

  killWorker(worker: number): void {
    const killed = this.#workers[worker];
    this.#workers[worker] = undefined;
    if (killed) this.#kill(killed.actor);
  }

  #killAll(): void {
    for (let i = 0; i < this.#pages.length; i++) this.killPage(i);
    for (let i = 0; i < this.#workers.length; i++) this.killWorker(i);
  }

  /** The machine loses power. */
  losePower(): void {
    this.#killAll();
    this.#deps.storage.powerLost();
  }

  /** The browser throws the database away, as it may when space is short and nobody is looking. */
  evict(): void {
    this.#killAll();
    const { storage, checks, node } = this.#deps;
    for (const edit of this.edits) {
      if (!isStored(edit) || edit.evicted) continue;
      const { key, seq } = edit.told;
      edit.evicted = { wasProved: checks.isDurable('rooms', key, seq) };
    }
    storage.evicted();
    checks.evicted();
    for (const earlier of node.earlier.values()) earlier.forget(this.name);
  }

  /** A path's lock passes on although its holder lives, which Weir never asks for. */
  loseLock(path: Path): void {
    this.#locks.passOn(`weir:lane:${this.name}:${path}`);
    this.nudge(this.#workers.length - 1, 'retry');
  }

  /** What is still owed to the node. */
  async owed(): Promise<readonly string[]> {
    const { db } = await this.#page(0);
    const { features } = this.#deps;
    const owed: string[] = [];
    for (const path of PATHS) {
      if (path === 'contracts' && !features.contracts) continue;
      const markers = await db.read(['dirty'], (tx) => markersOf(tx, path));
      owed.push(
        ...markers.map(
          ({ key, seq, failure }) => `${path} ${key}@${seq} ${failure?.code ?? 'untried'}`,
        ),
      );
    }
    return owed;
  }

  /** I5: what the product answers a caller about an edit. */
  async attempted(token: Token) {
    const { db } = await this.#page(0);
    return attempted(db, token);
  }

  #submit(
    edits: EditQueue,
    actor: Actor,
    edit: Edit,
    compose: (room: LoadedRoom) => Result<RoomDelta, never>,
    alongside?: Alongside,
  ): void {
    this.edits.push(edit);
    const { room } = rooms[edit.room] as SimRoom;
    void edits.submit(room, compose, alongside).then((result) => {
      if (actor.alive) edit.told = result.ok ? result.value : 'refused';
    });
  }

  /** A change of direct messages that is no change of a room. */
  async #write(page: number, body: (tx: WriteTx, now: number) => Promise<void>): Promise<void> {
    const { db } = await this.#page(page);
    const { scheduler } = this.#deps;
    void db
      .write(OUTBOUND_EDIT_STORES, 'strict', (tx) => body(tx, scheduler.now))
      .then(
        () => this.#message(page, 'edit'),
        () => undefined, // the disk is full: the person is told
      );
  }

  async #decide(
    page: number,
    edit: Edit,
    body: (tx: WriteTx, now: number) => Promise<Token | undefined>,
  ): Promise<void> {
    const { db, actor } = await this.#page(page);
    const { scheduler } = this.#deps;
    this.edits.push(edit);
    void db
      .write(PREFERENCE_EDIT_STORES, 'strict', (tx) => body(tx, scheduler.now))
      .then(
        (told) => {
          if (actor.alive && told) edit.told = told;
          this.#message(page, 'edit');
        },
        () => (edit.told = 'refused'), // the disk is full
      );
  }

  async #page(index: number): Promise<Page> {
    const page = this.#pages[index];
    if (page) return page;
    const { scheduler } = this.#deps;
    const actor = this.#actor(`P${index}`);
    const db = await this.#open(actor);
    const edits = new EditQueue({
      db,
      cache: new RoomCache(db, memo),
      memo,
      clock: scheduler.clockOf(actor),
      committed: () => this.#message(index, 'edit'),
      editing: () => {
        this.#editing.set(actor, (this.#editing.get(actor) ?? 0) + 1);
        return () => this.#editing.set(actor, (this.#editing.get(actor) ?? 1) - 1);
      },
    });
    const drain = index === 2 ? await this.#worker(actor) : undefined;
    const opened: Page = { actor, db, edits, drain };
    this.#pages[index] = opened;
    return opened;
  }

  /** From a page to whoever drains for it. */
  #message(page: number, reason: NudgeReason): void {
    if (this.lostNudges > 0) {
      this.lostNudges -= 1;
      return;
    }
    const own = this.#pages[page]?.drain;
    if (own) void this.#drain(own, reason);
    else this.nudge(page % this.#workers.length, reason);
  }

  async #nudgeWorker(index: number, reason: NudgeReason): Promise<void> {
    let worker = this.#workers[index];
    if (!worker) {
      worker = await this.#worker(this.#actor(`W${index}`));
      this.#workers[index] = worker;
    }
    await this.#drain(worker, reason);
  }

  async #drain(worker: Worker, reason: NudgeReason): Promise<void> {
    const { actor } = worker;
    this.#waiting.set(actor, (this.#waiting.get(actor) ?? 0) + 1);
    await worker.drain(reason, this.#asking(actor, reason));
    if (actor.alive) this.#waiting.set(actor, (this.#waiting.get(actor) ?? 1) - 1);
  }

  /** I6: `clean` is said of nothing but what receipts prove. */
  #asking(actor: Actor, reason: NudgeReason): Ask {
    const { checks, report } = this.#deps;
    return async (path, engine) => {
      const owed = checks.owed(path);
      const result = await engine.nudge(reason);
      if (!actor.alive || result.type !== 'clean') return;
      const unproven = owed.filter(
        ({ key, seq }) =>
          !checks.isDurable(path, key, seq) && checks.owed(path).some((still) => still.key === key), // else the room was left meanwhile
      );
      if (unproven.length === 0) return;
      const names = unproven.map(({ key, seq }) => `${key}@${seq}`).join();
      const what = `I6: ${actor.name} says clean (${path}), and no receipt covers ${names}`;
      report({ breach: 'false-seal', what });
    };
  }

  #actor(name: string): Actor {
    return { name: `${this.name}.${name}.${++this.#count}`, alive: true };
  }

  async #open(actor: Actor): Promise<WeirDatabase> {
    const connect = async () => this.#deps.storage.connect(actor);
    const opened = await WeirDatabase.open(this.name, {}, connect);
    if (!opened.ok) throw new Error(opened.error.type);
    return opened.value;
  }

  async #worker(actor: Actor): Promise<Worker> {
    return new Worker(actor, {
      ...this.#deps,
      db: await this.#open(actor),
      locks: this.#locks.of(actor),
      editing: async () => [...this.#editing.values()].some((count) => count > 0),
    });
  }

  #kill(actor: Actor): void {
    this.kills += 1;
    actor.alive = false;
    this.#editing.delete(actor);
    this.#waiting.delete(actor);
    this.#deps.storage.killed(actor);
    this.#locks.killed(actor);
    this.#deps.node.killed(actor);
  }
}
