import { createHash } from 'node:crypto';
import type { Path } from '../../src/persist/schema.ts';
import { decodeOutbound, encodeOutbound, OUTBOUND_KEY } from '../../src/persist/outbound-rows.ts';
import { EMPTY_OUTBOUND_DM_STORE } from '../../src/river/outbound-dms.ts';
import { Dice } from '../../src/river/testing/dice.ts';
import { NodeChecks, type Report, type Violation } from './checks.ts';
import { EARLIER_IDS, EarlierDelegate } from './earlier.ts';
import { isStored } from './edit.ts';
import { Judge, type Judged } from './judge.ts';
import { Profile } from './profile.ts';
import { ProfileChecks } from './profile-checks.ts';
import { rooms, type SimDm, type SimRoom } from './rooms.ts';
import type { Action, Features, Schedule } from './schedule.ts';
import { Scheduler, type Actor } from './scheduler.ts';
import { SimNode } from './sim-node.ts';
import { SimStorage } from './sim-storage.ts';

export interface RunReport {
  readonly violations: readonly Violation[];
  readonly kills: number;
  /** Whose caller was told that they are stored. */
  readonly edits: number;
  readonly steps: number;
}

/** More steps than any healthy run takes: something goes round in circles. */
const MOST_STEPS = 20_000;
/** Rounds of drains of both devices, a minute apart, within which everything has to be settled. */
const SETTLING_ROUNDS = 12;

/** Runs the product's own code through a schedule, lets everything settle with a healthy node, and judges. */
export async function runSchedule(
  schedule: Schedule,
  trace?: (line: string) => void,
): Promise<RunReport> {
  const restore = digestAtOnce();
  try {
    return await new Run(schedule, trace).run();
  } finally {
    restore();
  }
}

class Run {
  readonly #schedule: Schedule;
  readonly #scheduler: Scheduler;
  readonly #node: SimNode;
  readonly #nodeChecks: NodeChecks;
  readonly #devices: readonly Judged[];
  readonly #violations: Violation[] = [];
  readonly #left = new Set<number>();
  /** Profiles of which a lock was taken from a living holder: two may then store at a time. */
  readonly #unlocked = new Set<string>();
  /** By room: how many of what can be written have been. */
  readonly #written = rooms.map(() => ({ messages: 0, others: 0, dms: 0 }));
  /** What another client remembers of the direct messages, and how many it has written. */
  #remembered = EMPTY_OUTBOUND_DM_STORE;
  #otherDms = 0;

  constructor(schedule: Schedule, trace: ((line: string) => void) | undefined) {
    this.#schedule = schedule;
    const { features } = schedule;
    const dice = new Dice(schedule.seed ^ 0x5eed);
    this.#scheduler = new Scheduler(dice);
    this.#scheduler.trace = trace;
    const report: Report = (violation) => {
      trace?.(`!! ${violation.breach}: ${violation.what}`);
      this.#violations.push(violation);
    };
    const seen = new NodeChecks(report);
    this.#nodeChecks = seen;
    const node = new SimNode(this.#scheduler, {
      storing: (path, actors) => this.#storing(path, actors, report),
      stored: (key, before, after) => seen.stored(key, before, after),
      contractChanged: (room, before, after) => seen.contractChanged(room, before, after),
    });
    this.#node = node;
    for (const [at, plan] of (features.earlier ?? []).entries()) {
      node.earlier.set(EARLIER_IDS[at] as string, new EarlierDelegate(plan));
      for (const [room, { copy }] of plan.rooms.entries()) {
        if (copy === 'left' || copy === 'left-in-blob') this.#left.add(room);
      }
    }
    this.#devices = ['A', 'B'].map((name, i) => {
      const storage = new SimStorage(this.#scheduler);
      const checks = new ProfileChecks(name, storage, seen, node, report);
      storage.committed = (commit) => checks.committed(commit);
      const scheduler = this.#scheduler;
      const nextMessage = (room: number) => this.#nextMessage(room);
      const deps = { name, scheduler, dice, node, storage, checks, features, report, nextMessage };
      const profile = i === 0 ? new Profile(deps, 3, 2) : new Profile(deps, 1, 1);
      return { profile, storage, checks };
    });
  }

  async run(): Promise<RunReport> {
    // what earlier delegates have of the second room nobody has here
    const first = this.#schedule.features.earlier ? 1 : rooms.length;
    for (let room = 0; room < first; room++) await this.#profile(0).change(0, room, 'store');
    await this.#act();
    await this.#settle();
    if (this.#violations.length === 0) await this.#judge();
    const profiles = this.#devices.map(({ profile }) => profile);
    return {
      violations: this.#violations,
      kills: profiles.reduce((sum, { kills }) => sum + kills, 0),
      edits: profiles.flatMap(({ edits }) => edits).filter(isStored).length,
      steps: this.#scheduler.steps,
    };
  }

  #profile(index: number): Profile {
    return (this.#devices[index] as Judged).profile;
  }

  async #act(): Promise<void> {
    for (const action of this.#schedule.actions) {
      for (let i = 0; i < action.gap; i++) {
        if (!(await this.#scheduler.advance())) break;
      }
      this.#scheduler.trace?.(`>> ${JSON.stringify(action)}`);
      await this.#do(action);
    }
  }

  async #do(action: Action): Promise<void> {
    const node = this.#node;
    const profile = this.#profile('profile' in action ? action.profile : 0);
    if (!isPossible(action, this.#schedule.features)) return;
    switch (action.type) {
      case 'say':
        return profile.say(action.page, action.room, action.count);
      case 'rename':
        return profile.rename(action.page, action.room, action.name);
      case 'mode':
        return profile.mode(action.page, action.room, action.mode);
      case 'order':
        return profile.order(action.page, action.isReversed);
      case 'leave':
      case 'come-back':
        this.#left.add(action.room);
        return profile.change(action.page, action.room, action.type);
      case 'nudge':
        return profile.nudge(action.worker, action.reason);
      case 'kill-page':
        return profile.killPage(action.page);
      case 'kill-worker':
        return profile.killWorker(action.worker);
      case 'lose-power':
        return profile.losePower();
      case 'evict':
        return profile.evict();
      case 'lose-nudges':
        profile.lostNudges = 2;
        return;
      case 'lock-lost':
        this.#unlocked.add(profile.name);
        return profile.loseLock(action.path);
      case 'disk-full':
        (this.#devices[action.profile] as Judged).storage.full = action.writes;
        return;
      case 'other-says':
        return this.#otherSays(action.room);
      case 'write': {
        const dm = this.#nextDm(action.room);
        return dm && profile.write(action.page, action.room, dm);
      }
      case 'archive':
      case 'show':
        return profile.archive(action.page, action.room, action.type === 'archive');
      case 'purge':
        return this.#purge(action.room, action.dm);
      case 'river-writes':
        return this.#overwrite(action.what);
      case 'earlier-mood': {
        const earlier = node.earlier.get(EARLIER_IDS[action.which] as string);
        if (earlier) earlier.mood = action.mood;
        return;
      }
      case 'node-fault':
        node.faults.push(action);
        return;
      case 'node-restart':
        return node.dropConnections();
      case 'node-away':
        node.isUp = false;
        return node.dropConnections();
      case 'node-back':
        node.isUp = true;
        return;
      case 'node-wiped':
      case 'node-moved':
        if (action.type === 'node-moved') node.contractId += '+';
        this.#nodeChecks.wiped();
        return node.wipe();
      case 'clock-jump':
        this.#scheduler.skew += action.ms;
        return;
      case 'haste':
        this.#scheduler.haste = action.share;
        return;
    }
  }

  /** No fault any more: everything has to come to rest, on the node and on both devices. */
  async #settle(): Promise<void> {
    const node = this.#node;
    node.isUp = true;
    node.faults.length = 0;
    this.#scheduler.haste = 0;
    for (const { storage, profile } of this.#devices) {
      storage.full = 0;
      profile.lostNudges = 0;
    }
    let quiet = 0;
    for (let round = 0; round < SETTLING_ROUNDS && quiet < 2; round++) {
      if (!(await this.#rest())) return;
      this.#scheduler.skew += 60_000; // what was loaded is not fresh any more
      const before = this.#generations();
      for (const { profile } of this.#devices) {
        await this.#tellOfPurges(profile);
        profile.nudge(0, 'retry');
        if (!(await this.#rest())) return;
      }
      quiet = this.#generations() === before ? quiet + 1 : 0;
    }
    if (quiet < 2) this.#stuck('the devices write again and again');
    for (const { profile } of this.#devices) {
      const owed = (await this.#asked(profile.owed())) ?? ['no answer'];
      if (owed.length > 0) this.#stuck(`${profile.name} still owes ${owed.join(', ')}`);
      if (profile.pending > 0)
        this.#stuck(`${profile.pending} drains of ${profile.name} never answer`);
    }
  }

  #generations(): string {
    return [...this.#node.delegate.values.values()].map(({ generation }) => generation).join();
  }

  /** Takes steps until nothing happens any more. */
  async #rest(): Promise<boolean> {
    while (await this.#scheduler.advance()) {
      if (this.#scheduler.steps > MOST_STEPS) {
        this.#stuck(`no rest after ${MOST_STEPS} steps`);
        return false;
      }
    }
    return true;
  }

  /** An answer of the product's, which takes steps; undefined when there is none. */
  async #asked<T>(answer: Promise<T>): Promise<T | undefined> {
    let got: T | undefined;
    void answer.then((value) => (got = value));
    await this.#rest();
    return got;
  }

  #stuck(what: string): void {
    this.#violations.push({ breach: 'stuck', what });
  }

  async #judge(): Promise<void> {
    const judge = new Judge({
      node: this.#node,
      seen: this.#nodeChecks,
      features: this.#schedule.features,
      left: this.#left,
      attempted: (profile, token) => this.#asked(profile.attempted(token)),
      report: (violation) => this.#violations.push(violation),
    });
    for (const device of this.#devices) await judge.device(device);
    judge.list(this.#devices);
  }

  #nextMessage(room: number) {
    const written = this.#written[room] as { messages: number };
    const at = written.messages;
    const delta = (rooms[room] as SimRoom).messages[at];
    if (!delta) return undefined;
    written.messages += 1;
    return { name: `${room}#${at}`, delta };
  }

  #nextDm(room: number): SimDm | undefined {
    const written = this.#written[room] as { dms: number };
    return (rooms[room] as SimRoom).dms[written.dms++];
  }

  /** The other member's message arrives at the contract from elsewhere. */
  #otherSays(room: number): void {
    const written = this.#written[room] as { others: number };
    const delta = (rooms[room] as SimRoom).others[written.others];
    if (delta && this.#node.contracts.told(room, delta)) written.others += 1;
  }

  /** The recipient deletes a message; one device hears of it now, the others when they look next. */
  async #purge(room: number, at: number): Promise<void> {
    const dm = (rooms[room] as SimRoom).dms[at];
    if (!dm || at >= (this.#written[room] as { dms: number }).dms) return;
    this.#nodeChecks.purged.add(dm.name);
    await this.#profile(0).forget(0, room, [dm]);
  }

  async #tellOfPurges(profile: Profile): Promise<void> {
    const { purged } = this.#nodeChecks;
    for (const [room, { dms }] of rooms.entries()) {
      const gone = dms.filter(({ name }) => purged.has(name));
      if (gone.length > 0) await profile.forget(0, room, gone);
    }
    await this.#rest();
  }

  /** Another client writes the direct messages without looking: nothing, what it remembers, or with what is there. */
  #overwrite(what: 'nothing' | 'stale' | 'more'): void {
    const node = this.#node;
    if (!node.isUp || !node.isRegistered) return;
    const held = node.delegate.values.get(OUTBOUND_KEY)?.value;
    const decoded = held && decodeOutbound(held);
    const there = decoded?.ok ? decoded.value : EMPTY_OUTBOUND_DM_STORE;
    const own = (rooms[1] as SimRoom).otherDms[this.#otherDms++];
    const known = what === 'more' ? there : what === 'stale' ? this.#remembered : undefined;
    const store = known
      ? { ...known, entries: [...known.entries, ...(own ? [own] : [])] }
      : EMPTY_OUTBOUND_DM_STORE;
    this.#remembered = there;
    const value = encodeOutbound(store);
    this.#nodeChecks.overwritten(value);
    node.overwrite(OUTBOUND_KEY, value);
  }

  /** I7 */
  #storing(path: Path, actors: readonly Actor[], report: Report): void {
    for (const { profile } of this.#devices) {
      const own = actors.filter(({ name }) => name.startsWith(`${profile.name}.`));
      if (own.length > 1 && !this.#unlocked.has(profile.name)) {
        const names = own.map(({ name }) => name).join();
        report({ breach: 'invariant', what: `I7: ${names} store at the same time (${path})` });
      }
    }
  }
}

/** What is left of a schedule when a feature is taken out of it. */
const isPossible = ({ type }: Action, { dms }: Features): boolean =>
  dms || !['write', 'archive', 'show', 'purge', 'river-writes'].includes(type);

/** WebCrypto hashes on another thread, in its own time: here it is done at once, so that a run can be repeated. */
function digestAtOnce(): () => void {
  const { subtle } = globalThis.crypto;
  subtle.digest = async (_algorithm, data) => {
    const hash = createHash('sha256')
      .update(data as Uint8Array)
      .digest();
    return new Uint8Array(hash).buffer;
  };
  return () => void Reflect.deleteProperty(subtle, 'digest'); // the prototype's own shows again
}
