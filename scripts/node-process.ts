/** A real `weir serve` process on a free port, and connections to its node. */
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WebSocket } from 'ws';
import { ServeProcess } from '../host/testing/serve-process.ts';
import { connectNode, type NodeConnection } from '../src/freenet/client.ts';
import type { Unsolicited } from '../src/freenet/connection.ts';
import { delegateKey } from '../src/freenet/keys.ts';
import type { DelegateKey } from '../src/freenet/types.ts';

export const BUILT_DELEGATE = fileURLToPath(
  new URL('../delegate/build/chat-delegate.wasm', import.meta.url),
);
const NO_PARAMS = new Uint8Array(0);

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
  start(execArgv: readonly string[] = []): ServeProcess {
    return new ServeProcess({ dataDir: join(this.dir, 'data'), appDir: this.dir, execArgv });
  }

  async dispose(): Promise<void> {
    await rm(this.dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
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
