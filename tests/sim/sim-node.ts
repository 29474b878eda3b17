import { decodeClientRequest } from '../../src/freenet/client-request.ts';
import { encodeHostResult, type HostResponse } from '../../src/freenet/host-response.ts';
import type { SocketLike } from '../../src/freenet/socket.ts';
import type { DelegateContainer, DelegateKey } from '../../src/freenet/types.ts';
import {
  decodeDelegateRequest,
  encodeDelegateResponse,
  type DelegateRequest,
  type DelegateResponse,
} from '../../src/river/delegate-messages.ts';
import { ok } from '../../src/shared/result.ts';
import { utf8Text } from '../../src/shared/bytes.ts';
import type { HostConfig } from '../../src/sync/host-config.ts';
import { SimDelegate } from './sim-delegate.ts';
import type { Actor, Scheduler } from './scheduler.ts';

/** What goes wrong with one request. */
export type NodeFault =
  /** Carried out; its answer never comes. */
  | { readonly type: 'drop-answer' }
  | { readonly type: 'late-answer'; readonly ms: number }
  /** The second copy comes so much later. */
  | { readonly type: 'answer-twice'; readonly ms: number }
  /** Carried out only so much later, even if its sender is dead by then. */
  | { readonly type: 'late-run'; readonly ms: number }
  /** As a network node answers every failure; carried out or not. */
  | { readonly type: 'empty'; readonly run: boolean }
  /** The disk is full: `index` after the value was written. */
  | { readonly type: 'full'; readonly write: 'value' | 'index' }
  /** The node is killed between the two writes of a store, and comes back. */
  | { readonly type: 'crash'; readonly write: 'value' | 'index' };

export interface NodeWatcher {
  /** Those who have sent a store, wait for its answer and are alive; whenever one is added. */
  storing(actors: readonly Actor[]): void;
  stored(key: string, before: Uint8Array | undefined, after: Uint8Array): void;
}

const DELEGATE_URL = '/weir/delegate/0000000000000000.wasm';
/** Its hash names the delegate; nobody runs it. */
const DELEGATE_WASM = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);

/** A host and its node: the protocol on the wire is the real one, what the delegate does is `SimDelegate`. */
export class SimNode {
  delegate = new SimDelegate();
  /** Wherever the app is served from, its secrets are its own. */
  contractId = 'app1';
  isUp = true;
  isRegistered = false;
  /** Taken by the next requests that carry a store (or, `any`, by any). */
  readonly faults: { readonly fault: NodeFault; readonly any: boolean }[] = [];
  readonly #scheduler: Scheduler;
  readonly #watcher: NodeWatcher;
  readonly #sockets = new Set<SimSocket>();
  /** Those that wait for the answer to a store. */
  readonly #storing = new Set<SimSocket>();

  constructor(scheduler: Scheduler, watcher: NodeWatcher) {
    this.#scheduler = scheduler;
    this.#watcher = watcher;
  }

  async fetchConfig(actor: Actor): Promise<HostConfig> {
    await this.#scheduler.step(actor, 'config');
    if (!this.isUp) throw new Error('it does not answer');
    return {
      contractId: this.contractId,
      hosted: false,
      delegate: { url: DELEGATE_URL },
      roomContract: { codeHash: new Uint8Array(32) },
    };
  }

  async fetchWasm(actor: Actor): Promise<Uint8Array> {
    await this.#scheduler.step(actor, 'wasm');
    if (!this.isUp) throw new Error('it does not answer');
    return DELEGATE_WASM.slice();
  }

  openSocket(actor: Actor): SocketLike {
    const socket: SimSocket = new SimSocket(actor, this.#scheduler, {
      received: (frame) => this.#received(socket, frame),
      answered: () => this.#storing.delete(socket),
      gone: () => this.#forget(socket),
    });
    this.#scheduler.later(actor, 'socket', () => {
      if (!this.isUp) return socket.broken();
      this.#sockets.add(socket);
      socket.opened();
    });
    return socket;
  }

  /** Every connection breaks; what was sent before may still be carried out. */
  dropConnections(): void {
    for (const socket of this.#sockets) socket.broken();
  }

  /** Its disk is gone: another, empty store at the same address. */
  wipe(): void {
    this.delegate = new SimDelegate();
    this.isRegistered = false;
    this.dropConnections();
  }

  killed(actor: Actor): void {
    for (const socket of this.#sockets) if (socket.actor === actor) this.#forget(socket);
  }

  #forget(socket: SimSocket): void {
    this.#sockets.delete(socket);
    this.#storing.delete(socket);
  }

  #received(socket: SimSocket, frame: Uint8Array): void {
    const request = decodeClientRequest(frame);
    if (!request.ok) throw request.error;
    if (request.value.type !== 'DelegateOp') throw new Error(`a ${request.value.type}`);
    const op = request.value.request;
    if (op.type === 'RegisterDelegate') {
      this.#run(socket, () => {
        this.isRegistered = true;
        socket.answer({ type: 'DelegateResponse', key: keyOf(op.delegate), values: [] });
      });
      return;
    }
    if (op.type !== 'ApplicationMessages') throw new Error(`a ${op.type}`);
    const messages = op.inbound.map((message) => {
      if (message.type !== 'ApplicationMessage') throw new Error(`a ${message.type}`);
      const decoded = decodeDelegateRequest(message.payload);
      if (!decoded.ok) throw decoded.error;
      return decoded.value;
    });
    const stores = messages.some(({ type }) => type === 'CasStoreRequest');
    if (stores && this.#sockets.has(socket)) {
      this.#storing.add(socket);
      this.#watcher.storing([...this.#storing].map(({ actor }) => actor));
    }
    this.#ask(socket, op.key, messages, stores);
  }

  #ask(
    socket: SimSocket,
    key: DelegateKey,
    requests: readonly DelegateRequest[],
    stores: boolean,
  ): void {
    const at = this.faults.findIndex(({ any }) => any || stores);
    const fault = at < 0 ? undefined : this.faults.splice(at, 1)[0]?.fault;
    const reply = (responses: readonly DelegateResponse[]): HostResponse => ({
      type: 'DelegateResponse',
      key,
      values: responses.map((response) => ({
        type: 'ApplicationMessage',
        payload: encodeDelegateResponse(response),
        context: new Uint8Array(),
        processed: true,
      })),
    });
    const asked = this.delegate;
    const run = (refused?: 'value' | 'index') => reply(this.#carryOut(requests, refused));
    switch (fault?.type) {
      case undefined:
        return this.#run(socket, () => socket.answer(run()));
      case 'drop-answer':
        return this.#run(socket, () => void run());
      case 'late-answer':
        return this.#run(socket, () => {
          const answer = run();
          this.#scheduler.after(undefined, 'late answer', fault.ms, () => socket.answer(answer));
        });
      case 'answer-twice':
        return this.#run(socket, () => {
          const answer = run();
          socket.answer(answer);
          if (fault.ms === 0) socket.answer(answer);
          else this.#scheduler.after(undefined, 'copy', fault.ms, () => socket.answer(answer));
        });
      case 'late-run':
        return void this.#scheduler.after(undefined, 'late run', fault.ms, () => {
          if (this.delegate === asked) socket.answer(run()); // what a lost node was asked goes with it
        });
      case 'empty':
        return this.#run(socket, () => {
          if (fault.run) run();
          socket.answer(reply([]));
        });
      case 'full':
        return this.#run(socket, () => socket.answer(run(fault.write)));
      case 'crash':
        return this.#run(socket, () => {
          if (fault.write === 'index') run('index');
          this.dropConnections();
        });
    }
  }

  #run(socket: SimSocket, work: () => void): void {
    this.#scheduler.later(undefined, `node for ${socket.actor.name}`, () => {
      if (this.isUp) work();
    });
  }

  /** Of a request that fails in the middle the answers so far are dropped, and what was stored stays. */
  #carryOut(
    requests: readonly DelegateRequest[],
    refused: 'value' | 'index' | undefined,
  ): readonly DelegateResponse[] {
    if (!this.isRegistered) return [];
    const responses: DelegateResponse[] = [];
    let left = refused;
    for (const request of requests) {
      const isStore = request.type === 'CasStoreRequest';
      const key = isStore ? utf8Text(request.key) : '';
      const before = this.delegate.values.get(key);
      const response = this.delegate.answer(request, isStore ? left : undefined);
      if (isStore) left = undefined; // one write of one key
      const after = this.delegate.values.get(key);
      if (isStore && after && after !== before)
        this.#watcher.stored(key, before?.value, after.value);
      if (!response) return [];
      responses.push(response);
    }
    return responses;
  }
}

function keyOf(container: DelegateContainer): DelegateKey {
  if (container.type !== 'Wasm' || container.version.type !== 'V1') throw new Error('no delegate');
  return container.version.delegate.key;
}

type Listener = (event: never) => void;

interface SocketEnds {
  received(frame: Uint8Array): void;
  /** An answer has reached its actor. */
  answered(): void;
  gone(): void;
}

/** One end of a connection; frames and answers keep their order. */
class SimSocket implements SocketLike {
  binaryType = 'blob';
  readonly actor: Actor;
  readonly #scheduler: Scheduler;
  readonly #listeners = new Map<string, Listener[]>();
  readonly #ends: SocketEnds;
  readonly #inbound: Uint8Array[] = [];
  readonly #outbound: Uint8Array[] = [];
  #closed = false;

  constructor(actor: Actor, scheduler: Scheduler, ends: SocketEnds) {
    this.actor = actor;
    this.#scheduler = scheduler;
    this.#ends = ends;
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

  answer(response: HostResponse): void {
    if (this.#closed || !this.actor.alive) return;
    this.#inbound.push(encodeHostResult(ok(response)));
    this.#scheduler.later(this.actor, 'answer', () => {
      const frame = this.#inbound.shift();
      if (!frame || this.#closed) return;
      this.#ends.answered();
      this.#dispatch('message', { data: frame.slice().buffer });
    });
  }

  #dispatch(type: string, event: object): void {
    for (const listener of this.#listeners.get(type) ?? []) listener(event as never);
  }
}
