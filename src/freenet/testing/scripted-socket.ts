import { err, ok } from '../../shared/result.ts';
import { Reassembler } from '../chunks.ts';
import type { ClientError } from '../client-error.ts';
import type { ClientRequest } from '../client-request.ts';
import { decodeClientRequest } from '../client-request.ts';
import type { HostResponse } from '../host-response.ts';
import { encodeHostResult } from '../host-response.ts';
import type { SocketLike } from '../socket.ts';

type Listener = (event: never) => void;

/** A socket whose other end is the test. */
export class ScriptedSocket implements SocketLike {
  binaryType = 'blob';
  readyState = 0;
  readonly url: string;
  /** The requests that were sent, chunked ones put together. */
  readonly requests: ClientRequest[] = [];
  readonly frames: Uint8Array[] = [];
  /** How often the client closed it. */
  closes = 0;
  /** Thrown by the next `send`. */
  sendFailure: Error | undefined;
  readonly #reassembler = new Reassembler({ now: () => 0 });
  readonly #listeners = new Map<string, Listener[]>();

  constructor(url = 'ws://node/') {
    this.url = url;
  }

  addEventListener(type: string, listener: Listener): void {
    this.#listeners.set(type, [...(this.#listeners.get(type) ?? []), listener]);
  }

  #dispatch(type: string, event: object): void {
    for (const listener of this.#listeners.get(type) ?? []) listener(event as never);
  }

  send(data: Uint8Array<ArrayBuffer>): void {
    if (this.sendFailure) throw this.sendFailure;
    this.frames.push(data.slice());
    const read = decodeClientRequest(data);
    if (!read.ok) throw read.error;
    if (read.value.type !== 'StreamChunk') {
      this.requests.push(read.value);
      return;
    }
    const whole = this.#reassembler.add(read.value);
    if (!whole.ok) throw new Error(whole.error.reason);
    if (!whole.value) return;
    const request = decodeClientRequest(whole.value);
    if (!request.ok) throw request.error;
    this.requests.push(request.value);
  }

  close(): void {
    this.closes += 1;
  }

  opens(): void {
    this.readyState = 1;
    this.#dispatch('open', {});
  }

  /** The other end has begun to close; the event is yet to come. */
  closing(): void {
    this.readyState = 2;
  }

  /** The node closes, or the network breaks (1006). */
  drops(code = 1006, reason = ''): void {
    this.#dispatch('error', {});
    this.#dispatch('close', { code, reason });
  }

  answers(response: HostResponse): void {
    this.receives(encodeHostResult(ok(response)));
  }

  fails(error: ClientError): void {
    this.receives(encodeHostResult(err(error)));
  }

  receives(frame: Uint8Array): void {
    this.delivers(frame.slice().buffer);
  }

  /** A message event with any data. */
  delivers(data: unknown): void {
    this.#dispatch('message', { data });
  }
}
