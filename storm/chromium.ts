/** A Chromium of the storm's own: a profile on disk, a process group, and its debugging protocol. */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { Cdp } from './cdp.ts';

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
  '--remote-debugging-port=0',
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
  readonly #child: ChildProcess;
  readonly cdp: Cdp;

  private constructor(child: ChildProcess, cdp: Cdp) {
    this.#child = child;
    this.cdp = cdp;
  }

  /** @param profile a folder: the same one is the same browser again */
  static async start(profile: string, isVisible: boolean): Promise<Chromium> {
    const args = ARGS.filter((arg) => !isVisible || !arg.startsWith('--headless'));
    if (process.getuid?.() === 0) args.push('--no-sandbox');
    const child = spawn(findChromium(), [...args, `--user-data-dir=${profile}`, 'about:blank'], {
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    try {
      return new Chromium(child, await Cdp.connect(await address(child)));
    } catch (error) {
      killGroup(child);
      throw error;
    }
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** SIGKILL to all of its processes at once. */
  async kill(): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    killGroup(this.#child);
    await ended;
    this.cdp.close();
  }

  async close(): Promise<void> {
    await this.cdp.send('Browser.close').catch(() => undefined); // it may be gone already
    await this.kill();
  }
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // all of them have ended
  }
}

function address(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const late = setTimeout(
      () => reject(new Error(`Chromium did not start in a minute: ${said}`)),
      STARTED_WITHIN_MS,
    );
    child.stderr?.on('data', (data: Buffer) => {
      said = (said + data.toString()).slice(-8_000);
      const [, found] = /DevTools listening on (ws:\S+)/.exec(said) ?? [];
      if (found === undefined) return;
      clearTimeout(late);
      resolve(found);
    });
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`Chromium ended: ${said}`)));
  });
}
