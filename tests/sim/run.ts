import { createHash } from 'node:crypto';
import type { MessageRow } from '../../src/persist/schema.ts';
import { Dice } from '../../src/river/testing/dice.ts';
import { NodeChecks, ProfileChecks, type Violation } from './checks.ts';
import { keyOfRoom, Profile, type Edit } from './profile.ts';
import { messageName, readValue, rooms, type SimRoom } from './rooms.ts';
import type { Action, Schedule } from './schedule.ts';
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
const MOST_STEPS = 15_000;
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
  readonly #profiles: readonly Profile[];
  readonly #storages: readonly SimStorage[];
  readonly #checks: readonly ProfileChecks[];
  readonly #violations: Violation[] = [];
  readonly #written = rooms.map(() => 0);
  readonly #left = new Set<number>();

  constructor(schedule: Schedule, trace: ((line: string) => void) | undefined) {
    this.#schedule = schedule;
    const dice = new Dice(schedule.seed ^ 0x5eed);
    this.#scheduler = new Scheduler(dice);
    this.#scheduler.trace = trace;
    const report = (violation: Violation): void => {
      trace?.(`!! ${violation.breach}: ${violation.what}`);
      this.#violations.push(violation);
    };
    this.#nodeChecks = new NodeChecks(report);
    this.#node = new SimNode(this.#scheduler, {
      storing: (actors) => this.#storing(actors, report),
      stored: (key, before, after) => this.#nodeChecks.stored(key, before, after),
    });
    this.#storages = ['A', 'B'].map(() => new SimStorage(this.#scheduler));
    this.#checks = this.#storages.map((storage, i) => {
      const seen = {
        isIndexed: (key: string) => this.#node.delegate.index.has(key),
        target: () => this.#node.contractId,
      };
      const checks = new ProfileChecks('AB'[i] as string, storage, this.#nodeChecks, seen, report);
      storage.committed = (commit) => checks.committed(commit);
      return checks;
    });
    this.#profiles = this.#storages.map((storage, i) => {
      const checks = this.#checks[i] as ProfileChecks;
      const { scheduler, node } = { scheduler: this.#scheduler, node: this.#node };
      const nextMessage = (room: number) => this.#nextMessage(room);
      const name = 'AB'[i] as string;
      const deps = { name, scheduler, dice, node, storage, checks, report, nextMessage };
      return i === 0 ? new Profile(deps, 3, 2) : new Profile(deps, 1, 1);
    });
  }

  async run(): Promise<RunReport> {
    const [first] = this.#profiles as [Profile];
    for (let room = 0; room < rooms.length; room++) await first.change(0, room, 'store');
    await this.#act();
    await this.#settle();
    if (this.#violations.length === 0) await this.#judge();
    const edits = this.#profiles
      .flatMap((profile) => profile.edits)
      .filter(({ told }) => isStored(told));
    return {
      violations: this.#violations,
      kills: this.#profiles.reduce((sum, { kills }) => sum + kills, 0),
      edits: edits.length,
      steps: this.#scheduler.steps,
    };
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
    const profile = this.#profiles['profile' in action ? action.profile : 0] as Profile;
    switch (action.type) {
      case 'say':
        return profile.say(action.page, action.room, action.count);
      case 'rename':
        return profile.rename(action.page, action.room, action.name);
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
      case 'lose-nudges':
        profile.lostNudges = 2;
        return;
      case 'disk-full':
        (this.#storages[action.profile] as SimStorage).full = action.writes;
        return;
      case 'node-fault':
        node.faults.push({ fault: action.fault, any: action.any });
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
    for (const storage of this.#storages) storage.full = 0;
    for (const profile of this.#profiles) profile.lostNudges = 0;
    let quiet = 0;
    for (let round = 0; round < SETTLING_ROUNDS && quiet < 2; round++) {
      if (!(await this.#rest())) return;
      this.#scheduler.skew += 60_000; // what was loaded is not fresh any more
      const before = node.delegate.values;
      const generations = [...before.values()].map(({ generation }) => generation).join();
      for (const profile of this.#profiles) {
        profile.nudge(0, 'retry');
        if (!(await this.#rest())) return;
      }
      const after = [...node.delegate.values.values()].map(({ generation }) => generation).join();
      quiet = after === generations ? quiet + 1 : 0;
    }
    for (const profile of this.#profiles) {
      const owed = (await this.#asked(profile.owed())) ?? ['no answer'];
      if (owed.length > 0) this.#stuck(`${profile.name} still owes ${owed.join(', ')}`);
      if (profile.pending > 0)
        this.#stuck(`${profile.pending} drains of ${profile.name} never answer`);
    }
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
    for (const [i, profile] of this.#profiles.entries()) {
      const rows = this.#rowsOf(i);
      for (const edit of profile.edits) await this.#judgeEdit(profile, edit, i, rows);
      this.#judgeRenames(profile);
      for (const [name, count] of rows) {
        if (count > 1)
          this.#violations.push({
            breach: 'double-apply',
            what: `${name} lies ${count} times in ${profile.name}`,
          });
      }
    }
  }

  async #judgeEdit(
    profile: Profile,
    edit: Edit,
    i: number,
    rows: ReadonlyMap<string, number>,
  ): Promise<void> {
    const { name, room, told } = edit;
    if (!isStored(told)) {
      if (
        told === 'refused' &&
        name !== undefined &&
        rows.has(name) &&
        !this.#isAtNode(room, name)
      ) {
        this.#violations.push({
          breach: 'double-apply',
          what: `${name} was refused, and is in ${profile.name}`,
        });
      }
      return;
    }
    const expected = (this.#checks[i] as ProfileChecks).firstCovering(
      told.path,
      told.key,
      told.seq,
    );
    const answered = await this.#asked(profile.attempted(told));
    const same = answered?.iterId === expected?.iterId && answered?.outcome === expected?.outcome;
    if (!same) {
      this.#violations.push({
        breach: 'false-seal',
        what: `I5: of ${told.key}@${told.seq} is said ${answered?.outcome}, it was ${expected?.outcome}`,
      });
    }
    if (name === undefined) return;
    if (!rows.has(name)) this.#lost(`${name} is not in ${profile.name} any more`);
    if (this.#left.has(room)) return;
    if (!(this.#checks[i] as ProfileChecks).isDurable(told.key, told.seq)) {
      this.#stuck(`${name} has no receipt that proves it`);
    }
    if (!this.#isAtNode(room, name)) this.#lost(`${name} is not on the node`);
  }

  /** Each rename builds on the one before, of the same device at least: none was written over another. */
  #judgeRenames({ name, edits }: Profile): void {
    for (const room of rooms.keys()) {
      if (this.#left.has(room)) continue;
      const told = edits.filter(
        (edit) => edit.room === room && edit.name === undefined && isStored(edit.told),
      );
      const held = this.#node.delegate.values.get(keyOfRoom(room));
      const version = held ? readValue(held.value).version : 0;
      if (version < 1 + told.length && told.length > 0) {
        this.#lost(`${told.length} renames of ${name}, and the node has version ${version}`);
      }
    }
  }

  #lost(what: string): void {
    this.#violations.push({ breach: 'lost', what });
  }

  #isAtNode(room: number, name: string): boolean {
    const held = this.#node.delegate.values.get(keyOfRoom(room));
    return held !== undefined && readValue(held.value).messages.includes(name);
  }

  /** How often each message lies in a device's rows. */
  #rowsOf(i: number): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (const { value } of (this.#storages[i] as SimStorage).rows('messages').all()) {
      const name = messageName((value as MessageRow).bytes);
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    return counts;
  }

  #nextMessage(room: number) {
    const at = this.#written[room] as number;
    const delta = (rooms[room] as SimRoom).messages[at];
    if (!delta) return undefined;
    this.#written[room] = at + 1;
    return { name: `${room}#${at}`, delta };
  }

  /** I7 */
  #storing(actors: readonly Actor[], report: (violation: Violation) => void): void {
    for (const profile of this.#profiles) {
      const own = actors.filter(({ name }) => name.startsWith(`${profile.name}.`));
      if (own.length > 1) {
        const names = own.map(({ name }) => name).join();
        report({ breach: 'invariant', what: `I7: ${names} store at the same time` });
      }
    }
  }
}

const isStored = (told: Edit['told']): told is Exclude<Edit['told'], 'refused' | undefined> =>
  told !== undefined && told !== 'refused';

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
