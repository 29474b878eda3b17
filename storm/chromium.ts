/** A Chromium of the storm's own: a profile on disk, a process group, and its debugging protocol. */
import { existsSync } from 'node:fs';
import { Cdp } from './cdp.ts';
import { ChromiumProcess } from './chromium-process.ts';

const STARTED_WITHIN_MS = 60_000;

/** Where distributions and vendors put it; `CHROMIUM` names another. */
const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** No sandbox where the storm runs as root, which Chromium demands; nothing but the app under test is opened. */
const ARGS = [
  '--headless=new',
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

/** @throws Error in words when there is none */
export function findChromium(): string {
  const named = process.env['CHROMIUM'];
  if (named !== undefined) {
    if (existsSync(named)) return named;
    throw new Error(`CHROMIUM names ${named}, which is not there`);
  }
  const found = PLACES.find((place) => existsSync(place));
  if (found === undefined) {
    throw new Error(
      'no Chromium was found: install it, or name it with CHROMIUM=/path/to/chromium',
    );
  }
  return found;
}

export class Chromium {
  readonly #process: ChromiumProcess;
  readonly cdp: Cdp;

  private constructor(process: ChromiumProcess, cdp: Cdp) {
    this.#process = process;
    this.cdp = cdp;
  }

  /** @param profile a folder: the same one is the same browser again */
  static async start(profile: string, isVisible: boolean): Promise<Chromium> {
    const args = ARGS.filter((arg) => !isVisible || !arg.startsWith('--headless'));
    if (process.getuid?.() === 0) args.push('--no-sandbox');
    const started = await ChromiumProcess.start(findChromium(), args, profile, STARTED_WITHIN_MS);
    try {
      return new Chromium(started, await Cdp.connect(started.address));
    } catch (error) {
      await started.kill();
      throw error;
    }
  }

  /** SIGKILL to all of its processes at once. */
  async kill(): Promise<void> {
    await this.#process.kill();
    this.cdp.close();
  }

  async close(): Promise<void> {
    await this.cdp.send('Browser.close').catch(() => undefined); // it may be gone already
    await this.kill();
  }
}
