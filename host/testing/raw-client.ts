import { onTestFinished } from 'vitest';
import type { ClientOptions } from 'ws';
import { WebSocket } from 'ws';
import type { ClientRequest } from '../../src/freenet/client-request.ts';
import { encodeClientRequest } from '../../src/freenet/client-request.ts';
import { Reassembler, requestFrames } from '../../src/freenet/chunks.ts';
import type { HostResult } from '../../src/freenet/host-response.ts';
import { decodeHostResult } from '../../src/freenet/host-response.ts';
import { delegateKey, wasmDelegate } from '../../src/freenet/keys.ts';
import type { DelegateKey } from '../../src/freenet/types.ts';
import { systemClock } from '../../src/shared/clock.ts';

export const NO_PARAMS = new Uint8Array(0);

export interface Closed {
  /** 1005: an empty close frame, 1006: none. */
  readonly code: number;
  readonly reason: string;
}

/** A WebSocket and the codec, nothing more: a test sees what the node sends, whatever it is. */
export class RawClient {
  readonly socket: WebSocket;
  readonly closed: Promise<Closed>;
  /** Why frames could not be read; a test of a node that sends none of these expects it to be empty. */
  readonly unreadable: string[] = [];
  readonly frameSizes: number[] = [];
  readonly #arrived: HostResult[] = [];
  readonly #waiting: ((result: HostResult) => void)[] = [];
  readonly #reassembler = new Reassembler(systemClock);
  #streams = 0;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data) => this.#receive(new Uint8Array(data as Buffer)));
    this.closed = new Promise((resolve) => {
      socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
    });
    onTestFinished(() => socket.terminate());
  }

  /** @returns the HTTP status when the upgrade is refused */
  static open(
    url: string,
    options: ClientOptions = {},
    protocols: readonly string[] = [],
  ): Promise<RawClient | number> {
    const socket = new WebSocket(url, [...protocols], options);
    const client = new RawClient(socket);
    return new Promise((resolve, reject) => {
      socket.on('open', () => resolve(client));
      socket.on('unexpected-response', (_request, response) => {
        response.resume();
        socket.terminate();
        resolve(response.statusCode ?? 0);
      });
      socket.on('error', reject);
    });
  }

  /** @throws when the upgrade is refused */
  static async connect(
    url: string,
    options?: ClientOptions,
    protocols?: readonly string[],
  ): Promise<RawClient> {
    const client = await RawClient.open(url, options, protocols);
    if (typeof client === 'number') throw new Error(`refused with ${client}`);
    return client;
  }

  send(request: ClientRequest): void {
    const frames = requestFrames(encodeClientRequest(request), this.#streams++);
    if (!frames.ok) throw new Error('too large');
    for (const frame of frames.value) this.socket.send(frame);
  }

  request(request: ClientRequest): Promise<HostResult> {
    this.send(request);
    return this.next();
  }

  /** The next whole message of the node. */
  next(): Promise<HostResult> {
    const arrived = this.#arrived.shift();
    return arrived
      ? Promise.resolve(arrived)
      : new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** How many messages came that nobody has asked for. */
  get unread(): number {
    return this.#arrived.length;
  }

  register(wasm: Uint8Array): Promise<HostResult> {
    return this.request({ type: 'DelegateOp', request: registerRequest(wasm) });
  }

  /** Sends application messages in one request. @returns the payloads of the answer's, or the whole answer if it has others */
  async ask(key: DelegateKey, ...payloads: Uint8Array[]): Promise<Uint8Array[] | HostResult> {
    const answer = await this.request(messages(key, ...payloads));
    if (!answer.ok || answer.value.type !== 'DelegateResponse') return answer;
    const found: Uint8Array[] = [];
    for (const value of answer.value.values) {
      if (value.type !== 'ApplicationMessage') return answer;
      found.push(value.payload);
    }
    return found;
  }

  #receive(frame: Uint8Array): void {
    this.frameSizes.push(frame.length);
    const decoded = decodeHostResult(frame);
    if (!decoded.ok) {
      this.unreadable.push(decoded.error.message);
      return;
    }
    if (decoded.value.ok && decoded.value.value.type === 'StreamChunk') {
      const whole = this.#reassembler.add(decoded.value.value);
      if (!whole.ok) throw new Error(whole.error.reason);
      if (!whole.value) return;
      const message = decodeHostResult(whole.value);
      if (!message.ok) throw message.error;
      this.#deliver(message.value);
    } else this.#deliver(decoded.value);
  }

  #deliver(result: HostResult): void {
    const waiting = this.#waiting.shift();
    if (waiting) waiting(result);
    else this.#arrived.push(result);
  }
}

export function registerRequest(
  wasm: Uint8Array,
  key: DelegateKey = delegateKey(wasm, NO_PARAMS),
): Extract<ClientRequest, { type: 'DelegateOp' }>['request'] {
  return {
    type: 'RegisterDelegate',
    delegate: wasmDelegate(wasm, NO_PARAMS, key),
    cipher: new Uint8Array(32),
    nonce: new Uint8Array(24),
  };
}

export const messages = (key: DelegateKey, ...payloads: Uint8Array[]): ClientRequest => ({
  type: 'DelegateOp',
  request: {
    type: 'ApplicationMessages',
    key,
    params: NO_PARAMS,
    inbound: payloads.map((payload) => ({
      type: 'ApplicationMessage',
      payload,
      context: NO_PARAMS,
      processed: false,
    })),
  },
});
