import {
  chromium,
  type Browser,
  type BrowserContext,
  type CDPSession,
  type Page,
} from 'playwright-core';
import { ChromiumProcess } from '../../storm/chromium-process.ts';
import { CHROMIUM, CHROMIUM_ARGS } from '../../tests/support/chromium.ts';

const STARTED_WITHIN_MS = 30_000;

/** What runs these scripts gives functions their names through a helper, which functions that are sent to a page expect there. */
const NAMES = 'globalThis.__name = (named) => named;';

const ARGS = [
  ...CHROMIUM_ARGS,
  '--headless=new',
  '--disable-background-timer-throttling',
  '--disable-renderer-backgrounding',
];

/** A real Chromium that Playwright drives, and that can be killed whole and at once. */
export class KillableChromium {
  readonly #process: ChromiumProcess;
  readonly #browser: Browser;
  readonly context: BrowserContext;

  private constructor(process: ChromiumProcess, browser: Browser, context: BrowserContext) {
    this.#process = process;
    this.#browser = browser;
    this.context = context;
  }

  /** @param profile a folder: the same one is the same browser again */
  static async start(profile: string): Promise<KillableChromium> {
    const started = await ChromiumProcess.start(CHROMIUM, ARGS, profile, STARTED_WITHIN_MS);
    const browser = await chromium.connectOverCDP(started.address);
    const [context] = browser.contexts();
    if (!context) throw new Error('Chromium has no default context');
    await context.addInitScript(NAMES);
    return new KillableChromium(started, browser, context);
  }

  /** A profile of nobody, beside the one on disk. */
  async fresh(): Promise<BrowserContext> {
    const context = await this.#browser.newContext();
    await context.addInitScript(NAMES);
    return context;
  }

  /** Commands of the DevTools protocol to a page's target. */
  async command<T>(page: Page, work: (session: CDPSession) => Promise<T>): Promise<T> {
    const session = await this.context.newCDPSession(page);
    try {
      return await work(session);
    } finally {
      await session.detach().catch(() => undefined); // the page may be gone by then
    }
  }

  /** SIGKILL to all of its processes at once. */
  async kill(): Promise<void> {
    await this.#process.kill();
    await this.#browser.close().catch(() => undefined); // what is left of the connection
  }
}
