/** A node of this machine and its bare WebSocket: whatever it answers is seen as it is. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import type { HostOptions, RunningHost } from '../../host/serve.ts';
import { startHost } from '../../host/serve.ts';
import type { ClientRequest } from '../../src/freenet/client-request.ts';
import { encodeClientRequest } from '../../src/freenet/client-request.ts';
import { Reassembler, requestFrames } from '../../src/freenet/chunks.ts';
import type { HostResult } from '../../src/freenet/host-response.ts';
import { decodeHostResult } from '../../src/freenet/host-response.ts';
import { idText } from '../../src/freenet/keys.ts';
import { systemClock } from '../../src/shared/clock.ts';

export interface TestNode {
  readonly host: RunningHost;
  readonly dataDir: string;
  /** Stops it and removes its data. */
  close(): Promise<void>;
}

/** Starts a node with data of its own. It says what failed, as a local one does. @throws Error when it can't start */
export async function startNode(options: Partial<HostOptions> = {}): Promise<TestNode> {
  const dataDir = mkdtempSync(join(tmpdir(), 'weir-conformance-'));
  const host = await startHost({
    port: 0,
    dataDir,
    appDir: dataDir,
    delegateWasm: new Uint8Array(),
    failureShapes: 'local',
    ...options,
  });
  if (!host.ok) throw new Error(`the node does not start: ${JSON.stringify(host.error)}`);
  return {
    host: host.value,
    dataDir,
    async close() {
      await host.value.close();
      rmSync(dataDir, { recursive: true });
    },
  };
}

export class NodeSocket {
  readonly #socket: WebSocket;
  readonly #arrived: HostResult[] = [];
  readonly #waiting: {
    readonly resolve: (result: HostResult) => void;
    readonly reject: (why: Error) => void;
  }[] = [];
  readonly #reassembler = new Reassembler(systemClock);
  #streams = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data) => {
      const decoded = decodeHostResult(new Uint8Array(data as Buffer));
      if (!decoded.ok) this.#fail(decoded.error);
      else this.#received(decoded.value);
    });
    socket.on('close', () => this.#fail(new Error('the node closed the connection')));
  }

  /** @param contractId of the web app to connect as; undefined: nobody. @throws Error when it does not open */
  static async connect(host: RunningHost, contractId: Uint8Array | undefined): Promise<NodeSocket> {
    let url = `ws://localhost:${host.port}/v1/contract/command?encodingProtocol=native`;
    if (contractId) {
      const shell = await fetch(`${host.url}/v1/contract/web/${idText(contractId)}/`);
      const token = shell.headers.get('authorization')?.replace('Bearer ', '');
      if (token === undefined) throw new Error('the node gives no token');
      url += `&authToken=${token}`;
    }
    const socket = new WebSocket(url);
    await new Promise((resolve, reject) => {
      socket.on('open', resolve);
      socket.on('error', reject);
    });
    return new NodeSocket(socket);
  }

  ask(request: ClientRequest): Promise<HostResult> {
    const frames = requestFrames(encodeClientRequest(request), this.#streams++);
    if (!frames.ok) throw new Error(`a request of ${frames.error.bytes} bytes`);
    for (const frame of frames.value) this.#socket.send(frame);
    return this.next();
  }

  /** The next whole message. @throws Error when the connection ends before */
  next(): Promise<HostResult> {
    const arrived = this.#arrived.shift();
    if (arrived) return Promise.resolve(arrived);
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  close(): void {
    this.#socket.close();
  }

  #received(result: HostResult): void {
    if (result.ok && result.value.type === 'StreamHeader') return;
    if (!result.ok || result.value.type !== 'StreamChunk') {
      const waiting = this.#waiting.shift();
      if (waiting) waiting.resolve(result);
      else this.#arrived.push(result);
      return;
    }
    const whole = this.#reassembler.add(result.value);
    if (!whole.ok) return this.#fail(new Error(whole.error.reason));
    const message = whole.value && decodeHostResult(whole.value);
    if (message?.ok) this.#received(message.value);
    else if (message) this.#fail(message.error);
  }

  #fail(why: Error): void {
    for (const { reject } of this.#waiting.splice(0)) reject(why);
  }
}
