import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const CLI = fileURLToPath(new URL('../cli.ts', import.meta.url));
const STARTED_WITHIN_MS = 60_000;

/** Linux counts CPU time in hundredths of a second. */
const TICKS_PER_SECOND = 100;

export interface ServeOptions {
  /** Absent: a free one. */
  readonly port?: number;
  readonly dataDir: string;
  readonly appDir: string;
  /** Options of Node itself. */
  readonly execArgv?: readonly string[];
}

/** A real `weir serve`, in a process of its own that can be killed. */
export class ServeProcess {
  readonly #child: ChildProcess;
  /** Resolves with the address once it serves; rejects with what it said when it ends before. */
  readonly url: Promise<string>;
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null }>;
  #isRunning = true;
  #said = '';

  constructor({ port = 0, dataDir, appDir, execArgv = [] }: ServeOptions) {
    const args = ['serve', '--port', String(port), '--data-dir', dataDir, '--app', appDir];
    const child = spawn(process.execPath, [...execArgv, '--import', 'tsx', CLI, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    this.ended = new Promise((resolve) => {
      child.on('close', (code, signal) => {
        this.#isRunning = false;
        resolve({ code, signal });
      });
    });
    this.url = new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        reject(new Error(`the host did not start in a minute: ${this.#said || 'silently'}`));
        child.kill('SIGKILL');
      }, STARTED_WITHIN_MS);
      let out = '';
      child.stdout?.on('data', (data: Buffer) => {
        out += data.toString();
        const [url] = /http:\/\/localhost:\d+/.exec(out) ?? [];
        if (url === undefined) return;
        clearTimeout(late);
        resolve(url);
      });
      child.on('close', () => {
        clearTimeout(late);
        reject(new Error(`the host ended: ${this.#said || 'silently'}`));
      });
    });
    this.url.catch(() => undefined); // whoever waits for it is told; one that is killed early has nobody waiting
    child.stderr?.on('data', (data: Buffer) => {
      this.#said = (this.#said + data.toString()).slice(-4000);
    });
  }

  /** The end of what it wrote to standard error. */
  get said(): string {
    return this.#said;
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }

  async kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    this.#child.kill(signal);
    await this.ended;
  }

  /** Its own memory, bytes: pages of the mapped store are the system's cache, and grow with what is stored. */
  memory(): number {
    const [, kib] = /^RssAnon:\s+(\d+) kB$/m.exec(this.#proc('status')) ?? [];
    return Number(kib ?? 0) * 1024;
  }

  /** CPU time of all its threads since it started, seconds. */
  cpuSeconds(): number {
    // behind the command's name, which may hold anything but ends with the last parenthesis: utime and stime are 14th and 15th
    const stat = this.#proc('stat');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / TICKS_PER_SECOND;
  }

  #proc(file: string): string {
    return readFileSync(`/proc/${this.#child.pid}/${file}`, 'utf8');
  }
}
