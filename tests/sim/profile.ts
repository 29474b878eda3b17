import { connectNode } from '../../src/freenet/client.ts';
import { WeirDatabase } from '../../src/persist/database.ts';
import { markersOf, type Token } from '../../src/persist/dirty-markers.ts';
import { EditQueue } from '../../src/persist/edit-queue.ts';
import { attempted } from '../../src/persist/receipts.ts';
import { RoomCache } from '../../src/persist/room-cache.ts';
import { delegateKeyOfRoom } from '../../src/persist/room-keys.ts';
import { changeWholeRoom, type WholeRoomChange } from '../../src/persist/whole-room.ts';
import type { LoadedRoom } from '../../src/persist/loaded-room.ts';
import type { NudgeReason } from '../../src/bridge/messages.ts';
import type { RoomDelta } from '../../src/river/room-state/room-state.ts';
import type { Dice } from '../../src/river/testing/dice.ts';
import { err, ok, type Result } from '../../src/shared/result.ts';
import { SyncEngine } from '../../src/sync/engine.ts';
import { openLink } from '../../src/sync/node-link.ts';
import type { ProfileChecks, Violation } from './checks.ts';
import { memo, renamed, rooms, type SimRoom } from './rooms.ts';
import type { Actor, Scheduler } from './scheduler.ts';
import { SimLocks } from './sim-locks.ts';
import type { SimNode } from './sim-node.ts';
import type { SimStorage } from './sim-storage.ts';

/** An edit, and what its caller was told; nothing while no answer has come (or ever will: the page is dead). */
export interface Edit {
  readonly room: number;
  /** Of the message; undefined for a rename. */
  readonly name: string | undefined;
  told?: Token | 'refused';
}

export interface ProfileDeps {
  readonly name: string;
  readonly scheduler: Scheduler;
  readonly dice: Dice;
  readonly node: SimNode;
  readonly storage: SimStorage;
  readonly checks: ProfileChecks;
  readonly report: (violation: Violation) => void;
  /** The next message of a room that nobody has written yet, or undefined. */
  readonly nextMessage: (
    room: number,
  ) => { readonly name: string; readonly delta: RoomDelta } | undefined;
}

interface Worker {
  readonly actor: Actor;
  readonly engine: SyncEngine;
}

interface Page {
  readonly actor: Actor;
  readonly db: WeirDatabase;
  readonly edits: EditQueue;
  /** A page where no worker can run has an engine of its own. */
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

  get pages(): number {
    return this.#pages.length;
  }

  get workers(): number {
    return this.#workers.length;
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
      if (message)
        this.#submit(edits, actor, { room, name: message.name }, () => ok(message.delta));
    }
  }

  async rename(page: number, room: number, name: string): Promise<void> {
    const { edits, actor } = await this.#page(page);
    this.#submit(edits, actor, { room, name: undefined }, ({ state }) =>
      ok(renamed(room, state, name)),
    );
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

  /** The machine loses power. */
  losePower(): void {
    for (let i = 0; i < this.pages; i++) this.killPage(i);
    for (let i = 0; i < this.workers; i++) this.killWorker(i);
    this.#deps.storage.powerLost();
  }

  /** What is still owed to the node. */
  async owed(): Promise<readonly string[]> {
    const { db } = await this.#page(0);
    const markers = await db.read(['dirty'], (tx) => markersOf(tx, 'rooms'));
    return markers.map(({ key, seq, failure }) => `${key}@${seq} ${failure?.code ?? 'untried'}`);
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
  ): void {
    this.edits.push(edit);
    const { room } = rooms[edit.room] as SimRoom;
    void edits.submit(room, compose).then((result) => {
      if (actor.alive) edit.told = result.ok ? result.value : 'refused';
    });
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
    const drain = index === 2 ? await this.#engine(actor) : undefined;
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
    if (own) void this.#ask(own, reason);
    else this.nudge(page % this.workers, reason);
  }

  async #nudgeWorker(index: number, reason: NudgeReason): Promise<void> {
    let worker = this.#workers[index];
    if (!worker) {
      worker = await this.#engine(this.#actor(`W${index}`));
      this.#workers[index] = worker;
    }
    await this.#ask(worker, reason);
  }

  async #ask(worker: Worker, reason: NudgeReason): Promise<void> {
    const { checks, report } = this.#deps;
    const owed = checks.owed();
    const { actor } = worker;
    this.#waiting.set(actor, (this.#waiting.get(actor) ?? 0) + 1);
    const result = await worker.engine.nudge(reason);
    if (!actor.alive) return;
    this.#waiting.set(actor, (this.#waiting.get(actor) ?? 1) - 1);
    if (result.type !== 'clean') return;
    const unproven = owed.filter(({ key, seq }) => !checks.isDurable(key, seq));
    if (unproven.length > 0) {
      const names = unproven.map(({ key, seq }) => `${key}@${seq}`).join();
      report({
        breach: 'false-seal',
        what: `I6: ${actor.name} says clean, and no receipt covers ${names}`,
      });
    }
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

  async #engine(actor: Actor): Promise<Worker> {
    const { scheduler, node, dice } = this.#deps;
    const db = await this.#open(actor);
    const clock = scheduler.clockOf(actor);
    const link = {
      db,
      connect: () =>
        connectNode({ url: 'ws://node/', openSocket: () => node.openSocket(actor), clock }),
      userToken: () => Promise.reject(new Error('a node of one person')),
      fetchConfig: () => node.fetchConfig(actor),
      fetchWasm: () => node.fetchWasm(actor),
    };
    const engine = new SyncEngine({
      db,
      locks: this.#locks.of(actor),
      clock,
      random: dice,
      memo,
      openLink: () => openLink(link),
      tell: () => {},
      editing: async () => [...this.#editing.values()].some((count) => count > 0),
    });
    return { actor, engine };
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

export const keyOfRoom = (room: number): string => delegateKeyOfRoom((rooms[room] as SimRoom).room);
