import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { MetricsReport } from '../../host/node/metrics.ts';
import type { MisbehaviourScript } from '../../host/node/misbehaviour-script.ts';
import { within } from './wait.ts';

const CHILD = fileURLToPath(new URL('host-child.ts', import.meta.url));
const STARTED_WITHIN_MS = 30_000;

/** A real host in a process of its own, on one port and one folder of data, that is killed and started again. */
export class HostProcess {
  readonly #dataDir: string;
  #port = 0;
  #child: ChildProcess | undefined;
  #said = '';

  constructor(dataDir: string) {
    this.#dataDir = dataDir;
  }

  get url(): string {
    return `http://localhost:${this.#port}`;
  }

  get isUp(): boolean {
    return this.#child !== undefined;
  }

  /** @param appDir the built app that it serves */
  async start(appDir: string): Promise<void> {
    const child = fork(CHILD, [String(this.#port), this.#dataDir, appDir], {
      execArgv: ['--import', 'tsx'],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    child.stderr?.on('data', (data: Buffer) => {
      this.#said = (this.#said + data.toString()).slice(-4_000);
    });
    const up = new Promise<number>((resolve, reject) => {
      child.once('message', (message) => resolve((message as { readonly port: number }).port));
      child.once('exit', () => reject(new Error(`the host ended: ${this.#said}`)));
    });
    this.#port = await within(STARTED_WITHIN_MS, 'the host to start', up);
    this.#child = child;
  }

  /** SIGKILL, wherever it is. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (!child) return;
    this.#child = undefined;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  }

  /**
   * From now on; undefined to behave.
   *
   * @returns how often each rule of the script of before was applied
   */
  async misbehave(script: MisbehaviourScript | undefined): Promise<readonly number[]> {
    const child = this.#child;
    if (!child) return [];
    const heard = new Promise<readonly number[]>((resolve) => {
      child.once('message', (message) => resolve(message as readonly number[]));
    });
    child.send(script ?? 'behave');
    return within(STARTED_WITHIN_MS, 'the host to hear how it misbehaves', heard);
  }

  async metrics(): Promise<MetricsReport> {
    return (await (await fetch(`${this.url}/weir/metrics`)).json()) as MetricsReport;
  }
}
