/** The host of a storm: a process of its own that can be killed and started again on the same address and data. */
import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { MetricsReport } from '../../host/node/metrics.ts';

const CLI = fileURLToPath(new URL('../../host/cli.ts', import.meta.url));
const STARTED_WITHIN_MS = 60_000;

export class StormHost {
  readonly #dataDir: string;
  readonly #appDir: string;
  #child: ChildProcess | undefined;
  #url = '';
  /** Of processes that were killed: their counts go with them. */
  #before: readonly MetricsReport[] = [];

  constructor(dataDir: string, appDir: string) {
    this.#dataDir = dataDir;
    this.#appDir = appDir;
  }

  get url(): string {
    return this.#url;
  }

  async start(): Promise<void> {
    const port = this.#url === '' ? '0' : new URL(this.#url).port;
    const args = ['serve', '--port', port, '--data-dir', this.#dataDir, '--app', this.#appDir];
    const child = spawn(process.execPath, ['--import', 'tsx', CLI, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#url = await addressOf(child);
    this.#child = child;
  }

  /** SIGKILL, wherever it is. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (!child) return;
    this.#before = [...this.#before, await this.#report()];
    this.#child = undefined;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  }

  /** Requests to delegates that stored something, and bytes of all delegate requests, since the storm's host was first started. */
  async counts(): Promise<{ readonly storeRequests: number; readonly bytesIn: number }> {
    const reports = this.#child ? [...this.#before, await this.#report()] : this.#before;
    return {
      storeRequests: sum(reports.map((each) => each.storeRequests)),
      bytesIn: sum(
        reports.flatMap(({ delegates }) => Object.values(delegates).map((each) => each.bytesIn)),
      ),
    };
  }

  async #report(): Promise<MetricsReport> {
    return (await (await fetch(`${this.#url}/weir/metrics`)).json()) as MetricsReport;
  }
}

const sum = (numbers: readonly number[]): number =>
  numbers.reduce((total, each) => total + each, 0);

function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const late = setTimeout(
      () => reject(new Error(`the host did not start in a minute: ${said}`)),
      STARTED_WITHIN_MS,
    );
    const hear = (data: Buffer): void => {
      said = (said + data.toString()).slice(-4_000);
      const [url] = /http:\/\/localhost:\d+/.exec(said) ?? [];
      if (url === undefined) return;
      clearTimeout(late);
      resolve(url);
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', (data: Buffer) => (said += data.toString()));
    child.once('exit', () => reject(new Error(`the host ended: ${said}`)));
  });
}
