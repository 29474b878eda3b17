/** The storm itself: tabs, waves of reloads, bursts of edits, kills, and what is measured meanwhile. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Dice } from '../src/river/testing/dice.ts';
import { Chromium } from './chromium.ts';
import type { SaveDecoder } from './decoders.ts';
import type { Sent } from './hook.ts';
import { collectGarbage, sampleMemory, type MemorySample } from './memory.ts';
import type { StormOptions, Victim } from './options.ts';
import { evaluate, ready, reload, sleep } from './page.ts';
import type { Losses, Subject } from './subject.ts';
import { Targets, type Target } from './targets.ts';

const READY_WITHIN_MS = 120_000;
const DRAINED_WITHIN_MS = 180_000;
/** Between two looks at the memory. */
const SAMPLE_MS = 500;
/** After the first opening and after the last wave: long enough for what goes on by itself to end. */
const SETTLE_MS = 5_000;
/** Reloads of one wave begin within this time. */
const STAGGER_MS = 400;

const SLOW = {
  offline: false,
  latency: 200,
  downloadThroughput: 200_000,
  uploadThroughput: 93_750,
};

/** One save as it went out. */
export interface Save {
  /** Milliseconds since the storm began. */
  readonly at: number;
  readonly bytes: number;
  readonly from: string;
}

export interface Mark {
  readonly at: number;
  readonly what: string;
}

export interface Measured {
  readonly seconds: number;
  readonly saves: readonly Save[];
  readonly memory: readonly MemorySample[];
  readonly marks: readonly Mark[];
  /** Milliseconds until a tab could be used, one for each opening or reload; undefined: never. */
  readonly ready: readonly (number | undefined)[];
  readonly failures: readonly string[];
  readonly bytesSent: number;
  /** Bytes of the renderer processes, or of script heaps where the system does not say. */
  readonly peakBytes: number;
  /** The same when all is quiet again; nothing was made to collect its garbage. */
  readonly settledBytes: number;
  /** What stays when all garbage is collected: before the first wave, and at the end. */
  readonly keptBytes: { readonly before: number; readonly after: number };
  readonly reloads: number;
  readonly kills: Readonly<Partial<Record<Victim, number>>>;
  /** Of an app that is known from inside. */
  readonly inside?: Losses & {
    readonly bursts: number;
    readonly iterations: number;
    readonly storeRequests: number;
    readonly requestBytes: number;
  };
}

export class Storm {
  readonly #options: StormOptions;
  readonly #subject: Subject;
  readonly #decoder: SaveDecoder;
  readonly #tell: (line: string) => void;
  readonly #dice: Dice;
  readonly #saves: Save[] = [];
  readonly #memory: MemorySample[] = [];
  readonly #marks: Mark[] = [];
  readonly #ready: (number | undefined)[] = [];
  readonly #failures: string[] = [];
  readonly #kills: Partial<Record<Victim, number>> = {};
  #bytesSent = 0;
  #startedAt = 0;
  #reloads = 0;
  #profile = '';
  #browser: Chromium | undefined;
  #targets: Targets | undefined;
  #tabs: Target[] = [];

  constructor(
    options: StormOptions,
    subject: Subject,
    decoder: SaveDecoder,
    tell: (line: string) => void,
  ) {
    this.#options = options;
    this.#subject = subject;
    this.#decoder = decoder;
    this.#tell = tell;
    this.#dice = new Dice(options.seed);
  }

  async run(): Promise<Measured> {
    this.#profile = await mkdtemp(join(tmpdir(), 'weir-storm-'));
    this.#startedAt = Date.now();
    const sampling = setInterval(() => void this.#sample(), SAMPLE_MS);
    try {
      await this.#openBrowser();
      await sleep(SETTLE_MS);
      const keptBefore = await this.#kept();
      const before = await this.#inside();
      await this.#waves();
      await this.#drained();
      const quietFrom = this.#now();
      await sleep(SETTLE_MS);
      const settledBytes = median(this.#memory.filter(({ at }) => at > quietFrom).map(bytesOf));
      clearInterval(sampling);
      const keptAfter = await this.#kept();
      const after = await this.#inside();
      const { inside } = this.#subject;
      const losses = await inside?.judge();
      return {
        seconds: this.#now() / 1000,
        saves: this.#saves,
        memory: this.#memory,
        marks: this.#marks,
        ready: this.#ready,
        failures: this.#failures,
        bytesSent: this.#bytesSent,
        peakBytes: Math.max(0, ...this.#memory.map(bytesOf)),
        settledBytes,
        keptBytes: { before: keptBefore, after: keptAfter },
        reloads: this.#reloads,
        kills: this.#kills,
        ...(losses &&
          before &&
          after && {
            inside: {
              ...losses,
              bursts: this.#bursts,
              iterations: after.iterations - before.iterations,
              storeRequests: after.storeRequests - before.storeRequests,
              requestBytes: after.bytesIn - before.bytesIn,
            },
          }),
      };
    } finally {
      clearInterval(sampling);
      await this.#browser?.close();
      await rm(this.#profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    }
  }

  get #bursts(): number {
    const { edits, bursts, reloads } = this.#options;
    return edits === 0 ? 0 : Math.min(bursts, edits, Math.max(1, reloads));
  }

  #now(): number {
    return Date.now() - this.#startedAt;
  }

  #mark(what: string): void {
    this.#marks.push({ at: this.#now(), what });
  }

  async #openBrowser(): Promise<void> {
    const { visible, tabs } = this.#options;
    const browser = await Chromium.start(this.#profile, visible);
    const targets = new Targets(browser.cdp, {
      sent: (target, sent) => this.#sent(target, sent),
      told: (what) => this.#subject.inside?.told(what),
      failed: (target, what) => this.#failures.push(`${target.kind}: ${what}`),
    });
    await targets.start();
    this.#browser = browser;
    this.#targets = targets;
    this.#tabs = [];
    for (let i = 0; i < tabs; i++) await this.#openTab();
    this.#mark(`${tabs} tabs`);
  }

  async #openTab(): Promise<void> {
    const target = await this.#at.targets.open('about:blank');
    this.#tabs.push(target);
    const { cdp } = this.#at;
    const { cpu, slowNetwork } = this.#options;
    if (cpu > 1) await cdp.send('Emulation.setCPUThrottlingRate', { rate: cpu }, target.sessionId);
    if (slowNetwork) {
      await cdp.send('Network.enable', {}, target.sessionId);
      await cdp.send('Network.emulateNetworkConditions', SLOW, target.sessionId);
    }
    await evaluate(cdp, target, '0'); // all that was sent to the new tab has been taken in
    await cdp.send('Page.navigate', { url: this.#subject.url }, target.sessionId);
    await this.#untilReady(target);
  }

  async #untilReady(target: Target): Promise<void> {
    const { cdp } = this.#at;
    const at = await ready(cdp, target, this.#subject.readiness, READY_WITHIN_MS);
    this.#ready.push(at);
    if (at === undefined) this.#failures.push('a tab could not be used within two minutes');
  }

  async #waves(): Promise<void> {
    const { reloads, tabs } = this.#options;
    const kills = this.#schedule(this.#options.kills, Math.max(1, reloads));
    const bursts = this.#burstWaves();
    for (let wave = 0; wave < Math.max(reloads, bursts.length); wave++) {
      this.#tell(
        `wave ${wave + 1} of ${reloads}: ${tabs} tabs, ${this.#saves.length} saves, ${mib(this.#memory.at(-1))}`,
      );
      const share = bursts[wave];
      if (share !== undefined) await this.#burst(share);
      for (const victim of kills.get(wave) ?? []) await this.#kill(victim);
      if (wave < reloads) await this.#reloadAll();
    }
  }

  /** Which wave begins with how many edits: spread over the waves, the first in the first. */
  #burstWaves(): (number | undefined)[] {
    const { edits, reloads } = this.#options;
    const bursts = this.#bursts;
    const waves: (number | undefined)[] = [];
    for (let i = 0; i < bursts; i++) {
      const share = Math.floor(((i + 1) * edits) / bursts) - Math.floor((i * edits) / bursts);
      waves[Math.floor((i * Math.max(1, reloads)) / bursts)] = share;
    }
    return waves;
  }

  #schedule(kills: readonly Victim[], waves: number): ReadonlyMap<number, readonly Victim[]> {
    const schedule = new Map<number, Victim[]>();
    for (const victim of kills) {
      const wave = this.#dice.below(waves);
      schedule.set(wave, [...(schedule.get(wave) ?? []), victim]);
    }
    return schedule;
  }

  /** From all tabs at once. The wave's reloads come when all is accepted: while it is being saved. */
  async #burst(edits: number): Promise<void> {
    const { inside } = this.#subject;
    if (!inside) return;
    this.#mark(`${edits} edits`);
    const tabs = this.#tabs.length;
    const { cdp } = this.#at;
    await Promise.all(
      this.#tabs.map((tab, i) => {
        const share = Math.floor(((i + 1) * edits) / tabs) - Math.floor((i * edits) / tabs);
        return inside.edit(cdp, tab, share).catch(() => undefined); // a tab that is gone accepts nothing
      }),
    );
  }

  async #reloadAll(): Promise<void> {
    const { cdp } = this.#at;
    const order = this.#dice.shuffled(this.#tabs);
    const starts = order.map((tab) => [tab, this.#dice.below(STAGGER_MS)] as const);
    await Promise.all(
      starts.map(async ([tab, wait]) => {
        await sleep(wait);
        await reload(cdp, tab, READY_WITHIN_MS);
        this.#reloads += 1;
        await this.#untilReady(tab);
      }),
    );
  }

  async #kill(victim: Victim): Promise<void> {
    this.#mark(`${victim} killed`);
    this.#kills[victim] = (this.#kills[victim] ?? 0) + 1;
    const { cdp } = this.#at;
    switch (victim) {
      case 'tab': {
        const [tab] = this.#tabs.splice(this.#dice.below(this.#tabs.length), 1);
        if (!tab) return;
        // a crashed page answers nothing any more
        void cdp.send('Page.crash', {}, tab.sessionId).catch(() => undefined);
        await sleep(200);
        await cdp.send('Target.closeTarget', { targetId: tab.id }).catch(() => undefined);
        await this.#openTab();
        return;
      }
      case 'worker': {
        const [tab] = this.#tabs;
        if (!tab) return;
        // one that is stopped while it is attached would wait for the debugger for ever when it starts again
        for (const { kind, sessionId } of this.#at.targets.all) {
          if (kind === 'service_worker') await cdp.send('Target.detachFromTarget', { sessionId });
        }
        await cdp.send('ServiceWorker.enable', {}, tab.sessionId);
        await cdp.send('ServiceWorker.stopAllWorkers', {}, tab.sessionId);
        await cdp.send('ServiceWorker.disable', {}, tab.sessionId);
        return;
      }
      case 'browser':
        await this.#browser?.kill();
        await this.#openBrowser();
        return;
      case 'node':
        await this.#subject.inside?.killNode();
    }
  }

  async #drained(): Promise<void> {
    const [tab] = this.#tabs;
    if (!tab || !this.#subject.inside) return;
    this.#tell('waiting until everything is saved');
    await this.#subject.inside.drained(this.#at.cdp, tab, DRAINED_WITHIN_MS);
    this.#mark('all saved');
  }

  /** What stays when nothing is under way and nothing unused is kept. */
  async #kept(): Promise<number> {
    const { cdp, targets } = this.#at;
    await collectGarbage(cdp, targets);
    await sleep(SAMPLE_MS);
    const samples: number[] = [];
    for (let i = 0; i < 3; i++) {
      samples.push(bytesOf(await sampleMemory(cdp, targets, this.#now())));
      await sleep(SAMPLE_MS);
    }
    return median(samples);
  }

  async #inside(): Promise<
    | { readonly iterations: number; readonly storeRequests: number; readonly bytesIn: number }
    | undefined
  > {
    const [tab] = this.#tabs;
    const { inside } = this.#subject;
    if (!tab || !inside) return undefined;
    const iterations = await inside.iterations(this.#at.cdp, tab);
    return { iterations, ...(await inside.counts()) };
  }

  async #sample(): Promise<void> {
    const { browser, targets } = { browser: this.#browser, targets: this.#targets };
    if (!browser || !targets) return;
    try {
      this.#memory.push(await sampleMemory(browser.cdp, targets, this.#now()));
    } catch {
      // the browser is being killed
    }
  }

  #sent(target: Target, sent: Sent): void {
    this.#bytesSent += sent.length;
    if (!this.#decoder.isSave(sent, Buffer.from(sent.head, 'base64'))) return;
    this.#saves.push({ at: this.#now(), bytes: sent.length, from: target.kind });
  }

  get #at(): { readonly cdp: Chromium['cdp']; readonly targets: Targets } {
    if (!this.#browser || !this.#targets) throw new Error('the browser is not running');
    return { cdp: this.#browser.cdp, targets: this.#targets };
  }
}

/** What a look at the memory comes to: processes where they can be seen, else heaps. */
export const bytesOf = ({ renderers, heaps }: MemorySample): number =>
  renderers ?? Object.values(heaps).reduce((sum, each) => sum + each, 0);

const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;

const mib = (sample: MemorySample | undefined): string =>
  sample ? `${Math.round(bytesOf(sample) / 1_048_576)} MiB` : '…';
