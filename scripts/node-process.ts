/** A real `weir serve` process on a free port, and connections to its node. */
import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WebSocket } from 'ws';
import { connectNode, type NodeConnection } from '../src/freenet/client.ts';
import type { Unsolicited } from '../src/freenet/connection.ts';
import { delegateKey } from '../src/freenet/keys.ts';
import type { DelegateKey } from '../src/freenet/types.ts';

const CLI = fileURLToPath(new URL('../host/cli.ts', import.meta.url));
export const BUILT_DELEGATE = fileURLToPath(
  new URL('../delegate/build/chat-delegate.wasm', import.meta.url),
);
const NO_PARAMS = new Uint8Array(0);

/** Linux counts CPU time in hundredths of a second. */
const TICKS_PER_SECOND = 100;

/** A folder of its own with a page to serve; `dispose` removes it with all data. */
export class Workplace {
  readonly dir: string;

  private constructor(dir: string) {
    this.dir = dir;
  }

  static async make(): Promise<Workplace> {
    const dir = await mkdtemp(join(tmpdir(), 'weir-node-'));
    await writeFile(join(dir, 'index.html'), '<!doctype html><title>Weir</title>');
    return new Workplace(dir);
  }

  /** @param execArgv options of Node itself */
  start(execArgv: readonly string[] = []): NodeProcess {
    const args = ['serve', '--port', '0', '--data-dir', join(this.dir, 'data'), '--app', this.dir];
    return new NodeProcess(
      spawn(process.execPath, [...execArgv, '--import', 'tsx', CLI, ...args], {
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    );
  }

  async dispose(): Promise<void> {
    await rm(this.dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

export class NodeProcess {
  readonly #child: ChildProcess;
  /** Resolves with the address once it serves; rejects with what it said when it ends before. */
  readonly url: Promise<string>;
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null }>;
  #isRunning = true;
  #said = '';

  constructor(child: ChildProcess) {
    this.#child = child;
    this.ended = new Promise((resolve) => {
      child.on('close', (code, signal) => {
        this.#isRunning = false;
        resolve({ code, signal });
      });
    });
    this.url = new Promise((resolve, reject) => {
      let out = '';
      child.stdout?.on('data', (data: Buffer) => {
        out += data.toString();
        const [url] = /http:\/\/localhost:\d+/.exec(out) ?? [];
        if (url !== undefined) resolve(url);
      });
      child.on('close', () => reject(new Error(`the host ended: ${this.#said || 'silently'}`)));
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

/** @throws when the node can't be reached */
export async function connectTo(
  url: string,
  onUnsolicited: (message: Unsolicited) => void = () => undefined,
): Promise<NodeConnection> {
  const connected = await connectNode({
    url: `${url.replace('http', 'ws')}/weir/node`,
    openSocket: (at) => new WebSocket(at, { origin: url }),
    onUnsolicited,
  });
  if (!connected.ok) throw new Error(JSON.stringify(connected.error));
  return connected.value;
}

/** Registers the built chat delegate. */
export async function registerDelegate(connection: NodeConnection): Promise<DelegateKey> {
  const code = readFileSync(BUILT_DELEGATE);
  const key = delegateKey(code, NO_PARAMS);
  const registered = await connection.register({ code, params: NO_PARAMS, key });
  if (!registered.ok) throw new Error(JSON.stringify(registered.error));
  return key;
}
