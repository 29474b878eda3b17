/** A peer or a line: a page of its own, that `mount.ts` has given a common face. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TOLD } from '../../storm/hook.ts';
import type { Target } from '../../storm/targets.ts';
import { BenchBrowser } from './browser.ts';
import { BenchHost } from './host.ts';
import { MESSAGE_BYTES, type Message } from './messages.ts';
import { NEWEST } from './mount.ts';
import type { Arrived, PageServer } from './page-server.ts';
import type { Bout, Subject, Workload } from './subject.ts';

const READY_MS = 60_000;
const SEED_MS = 300_000;

export interface PageSpec {
  readonly name: string;
  readonly title: string;
  readonly workloads: readonly Workload[];
  /** Whether it says of each edit that it is stored. */
  readonly acknowledges: boolean;
  /**
   * `edits`: a plain server that is away during a burst. `node`: a host's delegate, where the peer keeps all it has.
   * Absent: the peer is used without any.
   */
  readonly server?: 'edits' | 'node';
}

export class PageSubject implements Subject {
  readonly name: string;
  readonly title: string;
  readonly workloads: ReadonlySet<Workload>;
  readonly acknowledges: boolean;
  readonly textBytes = MESSAGE_BYTES;
  readonly #spec: PageSpec;
  readonly #pages: PageServer;
  readonly #host: BenchHost | undefined;
  readonly #templates: Promise<string>;

  constructor(spec: PageSpec, pages: PageServer) {
    this.name = spec.name;
    this.title = spec.title;
    this.acknowledges = spec.acknowledges;
    this.workloads = new Set(spec.workloads);
    this.#spec = spec;
    this.#pages = pages;
    this.#host = spec.server === 'node' ? new BenchHost() : undefined;
    this.#templates = mkdtemp(join(tmpdir(), `weir-peers-${spec.name}-`));
  }

  async seed(rooms: number, perRoom: number): Promise<void> {
    await this.#host?.start();
    const browser = await BenchBrowser.start();
    const tab = await browser.open(await this.#address());
    await this.#ready(browser, tab);
    await browser.evaluate(
      tab,
      `void (globalThis.seeding = peer.seed(${rooms}, ${perRoom}).then(() => 'seeded', String))`,
    );
    const said = await browser.until(
      tab,
      `Promise.race([seeding, new Promise((done) => setTimeout(done, 1000))])`,
      SEED_MS,
    );
    if (said !== 'seeded') throw new Error(`${this.name}: ${String(said)}`);
    await browser.quiet(READY_MS, 2_000);
    await browser.close(await this.#profile(rooms));
    await this.#host?.stop(await this.#data(rooms));
  }

  async begin(rooms: number): Promise<Bout> {
    await this.#host?.start(await this.#data(rooms));
    this.#pages.isOnline = true;
    this.#pages.forget();
    const browser = await BenchBrowser.start(await this.#profile(rooms));
    const address = await this.#address();
    const [spec, pages, host] = [this.#spec, this.#pages, this.#host];
    const ready = (tab: Target): Promise<void> => this.#ready(browser, tab);
    const deliver = async (tab: Target): Promise<number | undefined> => {
      if (spec.server !== 'edits') return undefined;
      pages.isOnline = true;
      await browser.evaluate(tab, 'peer.deliver()');
      return Date.now();
    };
    return {
      browser,
      async tab() {
        const tab = await browser.open(address);
        await ready(tab);
        await browser.mustCount(tab);
        // while nobody listens, what is written waits
        pages.isOnline = spec.server !== 'edits';
        return tab;
      },
      ready,
      edit: (messages: readonly Message[], limitMs: number, tells: boolean) =>
        `peer.edit(${JSON.stringify(messages)}, ${limitMs}${tells ? `, ${JSON.stringify(TOLD)}` : ''})`,
      cold: (room) => ({ url: `${address}&${NEWEST}=${room}`, selector: `p.${NEWEST}` }),
      async settle(tab) {
        await deliver(tab);
        pages.isOnline = spec.server !== 'edits';
      },
      deliver,
      async ids(tab) {
        const kept = (await browser.evaluate(tab, 'peer.ids()')) as readonly string[];
        return [...kept, ...pages.edits];
      },
      async arrived(): Promise<Arrived | undefined> {
        if (spec.server === 'edits') return pages.arrived;
        return host?.arrived();
      },
      async end() {
        await browser.close();
        await host?.stop();
      },
    };
  }

  async close(): Promise<void> {
    await rm(await this.#templates, { recursive: true, force: true });
  }

  async #ready(browser: BenchBrowser, tab: Target): Promise<void> {
    await browser.until(tab, `globalThis.peer?.ready().then(() => true)`, READY_MS);
  }

  async #address(): Promise<string> {
    const page = `${this.#pages.url}/${this.name}.html?`;
    if (!this.#host) return page;
    const own = { host: this.#host.url, token: await this.#host.token(), wasm: '/delegate.wasm' };
    return `${page}${new URLSearchParams(own).toString()}`;
  }

  #profile = async (rooms: number): Promise<string> =>
    join(await this.#templates, `profile-${rooms}`);
  #data = async (rooms: number): Promise<string> => join(await this.#templates, `data-${rooms}`);
}
