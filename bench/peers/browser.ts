/** One Chromium on a profile of its own, in which what goes to IndexedDB is counted. */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cdp } from '../../storm/cdp.ts';
import { ChromiumProcess } from '../../storm/chromium-process.ts';
import { findChromium } from '../../storm/chromium.ts';
import { evaluate, sleep } from '../../storm/page.ts';
import { Targets, type Target } from '../../storm/targets.ts';
import { COUNTED, HOOK, NOTHING, plus, type Counted, type Counts } from './hook.ts';

const STARTED_WITHIN_MS = 60_000;
const CLOSED_WITHIN_MS = 10_000;
const POLL_MS = 50;
/** Nothing handed to IndexedDB for so long is quiet. */
const QUIET_MS = 1_000;

/** No sandbox, because a bench may run as root; nothing but pages of this bench is opened. */
const ARGS = [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-background-networking',
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
  '--disable-component-update',
  '--disable-sync',
];

export class BenchBrowser {
  readonly #process: ChromiumProcess;
  readonly #folder: string;
  readonly #cdp: Cdp;
  readonly #targets: Targets;
  #counts = NOTHING;
  #lastAt = 0;
  #heardAt = 0;
  readonly #told = new Set<string>();
  readonly failures: string[] = [];

  private constructor(process: ChromiumProcess, folder: string, cdp: Cdp) {
    this.#process = process;
    this.#folder = folder;
    this.#cdp = cdp;
    // before the targets' own listener, which lets a new worker run
    cdp.listen(({ method, params }) => {
      if (method === 'Target.attachedToTarget') this.#attach(params);
      else if (method === 'Runtime.bindingCalled' && params['name'] === COUNTED) {
        this.#count(JSON.parse(params['payload'] as string) as Counted);
      }
    });
    this.#targets = new Targets(cdp, {
      sent: () => undefined, // requests are counted where they arrive
      told: (what) => this.#told.add(what),
      failed: (_, what) => this.failures.push(what),
    });
  }

  /** @param template a profile to begin with a copy of; absent: an empty one */
  static async start(template?: string): Promise<BenchBrowser> {
    const folder = await mkdtemp(join(tmpdir(), 'weir-peers-'));
    if (template !== undefined) await cp(template, folder, { recursive: true });
    const process = await ChromiumProcess.start(findChromium(), ARGS, folder, STARTED_WITHIN_MS);
    const browser = new BenchBrowser(process, folder, await Cdp.connect(process.address));
    await browser.#targets.start();
    return browser;
  }

  async version(): Promise<string> {
    return String((await this.#cdp.send('Browser.getVersion'))['product']);
  }

  /** Counted since the last `forget`. */
  get counts(): Counts {
    return this.#counts;
  }

  /** When IndexedDB was last written to, or had finished writing; ms since 1970. */
  get lastWriteAt(): number {
    return this.#lastAt;
  }

  /** Edits that were told to be stored. */
  get told(): ReadonlySet<string> {
    return this.#told;
  }

  forget(): void {
    this.#counts = NOTHING;
    this.#lastAt = 0;
    this.#told.clear();
  }

  /** @param script runs in it before its own code */
  async open(url: string, script?: string): Promise<Target> {
    const target = await this.#targets.open('about:blank');
    await this.#cdp.send('Page.enable', {}, target.sessionId);
    for (const source of script === undefined ? [HOOK] : [HOOK, script]) {
      const method = 'Page.addScriptToEvaluateOnNewDocument';
      await this.#cdp.send(method, { source }, target.sessionId); // a navigation does not wait for it
    }
    await this.#cdp.send('Page.navigate', { url }, target.sessionId);
    return target;
  }

  /** @throws Error when nothing is counted in the page: then zeros would be lies */
  async mustCount(target: Target): Promise<void> {
    const isOn = await this.evaluate(target, `globalThis.${COUNTED}On === true`);
    if (isOn !== true) throw new Error(`${target.url}: IndexedDB is not counted`);
  }

  async closeTab(target: Target): Promise<void> {
    await this.#cdp.send('Target.closeTarget', { targetId: target.id });
  }

  /** Begins a reload, wherever the page is in its code. */
  async reload(target: Target): Promise<void> {
    await this.#cdp.send('Page.reload', {}, target.sessionId);
  }

  evaluate(target: Target, expression: string): Promise<unknown> {
    return evaluate(this.#cdp, target, expression);
  }

  /** Evaluates until what comes is not undefined, through a change of documents. @throws Error after `limitMs` */
  async until<T>(target: Target, expression: string, limitMs: number): Promise<T> {
    let last = 'nothing came of it';
    for (const end = Date.now() + limitMs; Date.now() < end; await sleep(POLL_MS)) {
      try {
        const value = await this.evaluate(target, expression);
        if (value !== undefined) return value as T;
      } catch (error) {
        last = String(error); // the page may be between two documents
      }
    }
    throw new Error(`${target.url}: ${expression.slice(0, 80)}: ${last}`);
  }

  /** @returns whether IndexedDB is left alone before `limitMs` are over */
  async quiet(limitMs: number, quietMs = QUIET_MS): Promise<boolean> {
    const begun = Date.now();
    while (Date.now() - begun < limitMs) {
      if (Date.now() - Math.max(this.#heardAt, begun) >= quietMs) return true;
      await sleep(POLL_MS);
    }
    return false;
  }

  /** Bytes of script heap that pages and workers hold when all garbage is collected. */
  async heap(): Promise<number> {
    let bytes = 0;
    for (const { sessionId } of this.#targets.all) {
      await this.#cdp.send('HeapProfiler.collectGarbage', {}, sessionId);
      await this.#cdp.send('HeapProfiler.collectGarbage', {}, sessionId);
      bytes += Number((await this.#cdp.send('Runtime.getHeapUsage', {}, sessionId))['usedSize']);
    }
    return bytes;
  }

  /** @param template where its profile is left; absent: it is thrown away */
  async close(template?: string): Promise<void> {
    await this.#cdp.send('Browser.close').catch(() => undefined); // it answers by going
    for (let waited = 0; waited < CLOSED_WITHIN_MS && isRunning(this.#process); waited += POLL_MS) {
      await sleep(POLL_MS);
    }
    await this.#process.kill();
    this.#cdp.close();
    if (template !== undefined) await cp(this.#folder, template, { recursive: true });
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }

  #count({ at, ...counts }: Counted): void {
    this.#counts = plus(this.#counts, counts);
    this.#lastAt = Math.max(this.#lastAt, at);
    this.#heardAt = Date.now();
  }

  #attach(params: Readonly<Record<string, unknown>>): void {
    const sessionId = params['sessionId'] as string;
    const { type } = params['targetInfo'] as { readonly type: string };
    const send = (method: string, more: Readonly<Record<string, unknown>>): void =>
      void this.#cdp.send(method, more, sessionId).catch(() => undefined); // it may be gone already
    send('Runtime.addBinding', { name: COUNTED });
    if (type !== 'page') send('Runtime.evaluate', { expression: HOOK });
  }
}

function isRunning({ pid }: ChromiumProcess): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
