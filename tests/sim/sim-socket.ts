import { encodeHostResult, type HostResult } from '../../src/freenet/host-response.ts';
import type { SocketLike } from '../../src/freenet/socket.ts';
import type { Actor, Scheduler } from './scheduler.ts';

type Listener = (event: never) => void;

export interface SocketEnds {
  received(frame: Uint8Array): void;
  /** An answer has reached its actor. */
  answered(): void;
  gone(): void;
}

interface Inbound {
  readonly frame: Uint8Array;
  readonly delivered: (() => void) | undefined;
}

/** One end of a connection; frames and answers keep their order. */
export class SimSocket implements SocketLike {
  binaryType = 'blob';
  readonly actor: Actor;
  readonly #scheduler: Scheduler;
  readonly #listeners = new Map<string, Listener[]>();
  readonly #ends: SocketEnds;
  readonly #inbound: Inbound[] = [];
  readonly #outbound: Uint8Array[] = [];
  #opened = false;
  #closed = false;

  constructor(actor: Actor, scheduler: Scheduler, ends: SocketEnds) {
    this.actor = actor;
    this.#scheduler = scheduler;
    this.#ends = ends;
  }

  get readyState(): number {
    if (this.#closed) return 3;
    return this.#opened ? 1 : 0;
  }

  addEventListener(type: string, listener: Listener): void {
    this.#listeners.set(type, [...(this.#listeners.get(type) ?? []), listener]);
  }

  send(data: Uint8Array<ArrayBuffer>): void {
    if (this.#closed) return; // as a WebSocket: dropped in silence
    this.#outbound.push(data.slice());
    this.#scheduler.later(undefined, `frame of ${this.actor.name}`, () => {
      const frame = this.#outbound.shift();
      if (frame) this.#ends.received(frame);
    });
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#ends.gone();
    this.#scheduler.later(this.actor, 'socket closed', () =>
      this.#dispatch('close', { code: 1000, reason: '' }),
    );
  }

  opened(): void {
    this.#opened = true;
    this.#dispatch('open', {});
  }

  broken(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#ends.gone();
    this.#scheduler.later(this.actor, 'socket broken', () =>
      this.#dispatch('close', { code: 1006, reason: '' }),
    );
  }

  /** @param delivered called when it has reached its actor */
  answer(result: HostResult, delivered?: () => void): void {
    if (this.#closed || !this.actor.alive) return;
    this.#inbound.push({ frame: encodeHostResult(result), delivered });
    this.#scheduler.later(this.actor, 'answer', () => {
      const next = this.#inbound.shift();
      if (!next || this.#closed) return;
      this.#ends.answered();
      next.delivered?.();
      this.#dispatch('message', { data: next.frame.slice().buffer });
    });
  }

  #dispatch(type: string, event: object): void {
    for (const listener of this.#listeners.get(type) ?? []) listener(event as never);
  }
}
