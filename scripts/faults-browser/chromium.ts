import { spawn, type ChildProcess } from 'node:child_process';
import {
  chromium,
  type Browser,
  type BrowserContext,
  type CDPSession,
  type Page,
} from 'playwright-core';
import { CHROMIUM, CHROMIUM_ARGS } from '../../tests/support/chromium.ts';
import { within } from './wait.ts';

const STARTED_WITHIN_MS = 30_000;

/** What runs these scripts gives functions their names through a helper, which functions that are sent to a page expect there. */
const NAMES = 'globalThis.__name = (named) => named;';

/** A real Chromium on a profile on disk, a process group of its own, so that it can be killed whole and at once. */
export class ChromiumProcess {
  readonly #child: ChildProcess;
  readonly #browser: Browser;
  readonly context: BrowserContext;

  private constructor(child: ChildProcess, browser: Browser, context: BrowserContext) {
    this.#child = child;
    this.#browser = browser;
    this.context = context;
  }

  static async start(profile: string): Promise<ChromiumProcess> {
    const args = [
      ...CHROMIUM_ARGS,
      '--headless=new',
      '--remote-debugging-port=0',
      '--disable-background-timer-throttling',
      '--disable-renderer-backgrounding',
      `--user-data-dir=${profile}`,
      'about:blank',
    ];
    const child = spawn(CHROMIUM, args, { detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
    const address = new Promise<string>((resolve, reject) => {
      let said = '';
      child.stderr?.on('data', (data: Buffer) => {
        said = (said + data.toString()).slice(-8_000);
        const [, found] = /DevTools listening on (ws:\S+)/.exec(said) ?? [];
        if (found !== undefined) resolve(found);
      });
      child.once('exit', () => reject(new Error(`Chromium ended: ${said}`)));
    });
    const browser = await chromium.connectOverCDP(
      await within(STARTED_WITHIN_MS, 'Chromium to start', address),
    );
    const [context] = browser.contexts();
    if (!context) throw new Error('Chromium has no default context');
    await context.addInitScript(NAMES);
    return new ChromiumProcess(child, browser, context);
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
    const { pid } = this.#child;
    if (this.#child.exitCode !== null || this.#child.signalCode !== null || pid === undefined)
      return;
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    process.kill(-pid, 'SIGKILL');
    await ended;
    await this.#browser.close().catch(() => undefined); // what is left of the connection
  }
}
