import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Deed, MisbehaviourScript } from '../../host/node/misbehaviour-script.ts';
import type { Dice } from '../../src/river/testing/dice.ts';
import { KillableChromium } from './chromium.ts';
import { HostProcess } from './host.ts';
import { judgeEdits, judgeReceipts, noFindings, type Findings } from './judge.ts';
import { Ledger } from './ledger.ts';
import { stateOf, Tabs, Writing } from './tabs.ts';
import { becomes, pause } from './wait.ts';

const REST_WITHIN_MS = 120_000;

/** Everything of one run: one host, one browser profile, and the ledger of what was told. */
export class Stage {
  readonly host: HostProcess;
  readonly ledger: Ledger;
  readonly findings: Findings = noFindings();
  /** How often each fault has happened. */
  readonly counts = new Map<string, number>();
  readonly dice: Dice;
  readonly #dir: string;
  /** Built apps: versions of one another. */
  readonly #apps: readonly string[];
  #app = 0;
  kills = 0;
  #chromium: KillableChromium | undefined;
  #tabs: Tabs | undefined;
  #script: MisbehaviourScript | undefined;

  constructor(dice: Dice, dir: string, apps: readonly string[]) {
    this.dice = dice;
    this.#dir = dir;
    this.#apps = apps;
    this.host = new HostProcess(join(dir, 'data'));
    this.ledger = new Ledger(dice);
  }

  get profile(): string {
    return join(this.#dir, 'profile');
  }

  get chromium(): KillableChromium {
    if (!this.#chromium) throw new Error('no browser is running');
    return this.#chromium;
  }

  get tabs(): Tabs {
    if (!this.#tabs) throw new Error('no browser is running');
    return this.#tabs;
  }

  get hasVersions(): boolean {
    return this.#apps.length > 1;
  }

  happened(fault: string): void {
    this.counts.set(fault, (this.counts.get(fault) ?? 0) + 1);
  }

  killed(fault: string): void {
    this.kills += 1;
    this.happened(fault);
  }

  /** Starts the host, if it is not running. */
  async startHost(): Promise<void> {
    if (!this.host.isUp) await this.host.start(this.#apps[this.#app] ?? '');
  }

  /** The host ends and begins anew with the next version of the app. */
  async changeVersion(): Promise<void> {
    await this.killHost();
    this.#app = (this.#app + 1) % this.#apps.length;
    await this.startHost();
  }

  async killHost(): Promise<void> {
    await this.host.kill();
    this.#script = undefined;
  }

  async killBrowser(): Promise<void> {
    const chromium = this.#chromium;
    this.#chromium = undefined;
    this.#tabs = undefined;
    await chromium?.kill();
  }

  /** The browser runs, and edits can be made in so many tabs. */
  async openTabs(count: number): Promise<void> {
    if (!this.#chromium) {
      await mkdir(this.profile, { recursive: true });
      this.#chromium = await KillableChromium.start(this.profile);
      this.#tabs = new Tabs(this.#chromium, this.host.url);
    }
    const { tabs } = this;
    while (tabs.pages.length > count) await tabs.drop(tabs.first);
    while (tabs.pages.length < count) await tabs.open();
  }

  write(): Writing {
    return new Writing(this.ledger, this.tabs.pages, () => this.dice.between(10, 250));
  }

  /** Lets the host misbehave as the dice say. */
  async misbehaveSomehow(): Promise<void> {
    await this.#follow({
      seed: this.dice.below(2 ** 32),
      rules: [
        {
          match: { message: 'CasStoreRequest' },
          when: { nth: this.dice.between(1, 3), times: this.dice.between(1, 2) },
          do: this.#deed(),
        },
        {
          match: { request: 'Update' },
          when: { nth: this.dice.between(1, 4), times: this.dice.between(1, 2) },
          do: this.#deed(),
        },
      ],
    });
  }

  /** Delays the answers to what stores, so that something can happen before they come. */
  async delayAnswers(ms: number): Promise<void> {
    const delay = { type: 'delay', at: 'after', ms } as const;
    await this.#follow({
      seed: 0,
      rules: [
        { match: { message: 'CasStoreRequest' }, do: delay },
        { match: { request: 'Update' }, do: delay },
      ],
    });
  }

  behave(): Promise<void> {
    return this.#follow(undefined);
  }

  async #follow(script: MisbehaviourScript | undefined): Promise<void> {
    const before = this.#script;
    this.#script = script;
    const applied = await this.host.misbehave(script);
    for (const [i, times] of applied.entries()) {
      const deed = before?.rules[i]?.do.type;
      for (let n = 0; deed !== undefined && n < times; n++) this.happened(`the node: ${deed}`);
    }
  }

  #deed(): Deed {
    const at = this.dice.pick(['before', 'after'] as const);
    return this.dice.pick<Deed>([
      { type: 'drop-answer' },
      { type: 'refuse' },
      { type: 'duplicate-answer' },
      { type: 'disconnect', at },
      { type: 'restart', at },
      { type: 'delay', at, ms: this.dice.between(50, 800) },
      { type: 'hold-answer', ms: this.dice.between(50, 800) },
      { type: 'fill-quota' },
      { type: 'truncate' },
    ]);
  }

  /** Compares receipts with the node, which behaves meanwhile. */
  async judgeReceipts(): Promise<void> {
    await this.startHost();
    await this.behave();
    const rows = await this.tabs.rows();
    if (rows) await judgeReceipts(rows, this.ledger, this.host.url, this.findings);
  }

  /**
   * Everything is healthy: waits until nothing is owed and the app says so.
   *
   * @returns false, and says why, when it does not come to rest
   */
  async rest(): Promise<boolean> {
    await this.startHost();
    await this.behave();
    await this.openTabs(1);
    let asked = 0;
    let owed = '';
    const rested = await becomes(
      REST_WITHIN_MS,
      async () => {
        if (performance.now() - asked > 5_000) {
          asked = performance.now();
          await this.tabs.retry();
        }
        const rows = await this.tabs.rows();
        const markers = rows?.dirty.filter(({ level }) => level !== 'cache') ?? [];
        const state = await stateOf(this.tabs.first);
        owed = JSON.stringify({
          markers: markers.slice(0, 5),
          lanes: rows?.lanes,
          app: state?.sync,
        });
        return rows !== undefined && markers.length === 0 && state?.sync === 'all-on-node';
      },
      300,
    );
    if (!rested) this.findings.stuck.push(`it does not come to rest: ${owed}`);
    return rested;
  }

  /** @returns false when it did not even come to rest */
  async judgeAll(): Promise<void> {
    if (!(await this.rest())) return;
    await this.judgeReceipts();
    const rows = await this.tabs.rows();
    if (rows) await judgeEdits(rows, this.ledger, this.host.url, this.findings);
    else this.findings.lost.push('there is no database at the end');
  }

  /** Deletes the browser's database from the disk; the browser must not be running. */
  async deleteDatabase(): Promise<void> {
    await rm(join(this.profile, 'Default', 'IndexedDB'), { recursive: true, force: true });
  }

  async dispose(): Promise<void> {
    await this.killBrowser();
    await this.host.kill();
    await pause(50); // the last of its processes may still be writing into the profile
  }
}
