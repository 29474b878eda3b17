import { decodeClientRequest, type ContractRequest } from '../../src/freenet/client-request.ts';
import type { HostResponse, HostResult } from '../../src/freenet/host-response.ts';
import type { SocketLike } from '../../src/freenet/socket.ts';
import type { DelegateContainer, DelegateKey } from '../../src/freenet/types.ts';
import { ROOM_CONTRACT_CODE_HASH } from '../../host/node/river-rules.ts';
import { OUTBOUND_KEY } from '../../src/persist/outbound-rows.ts';
import type { Path } from '../../src/persist/schema.ts';
import {
  decodeDelegateRequest,
  encodeDelegateResponse,
  type DelegateRequest,
  type DelegateResponse,
} from '../../src/river/delegate-messages.ts';
import { ok } from '../../src/shared/result.ts';
import { toHex, utf8Text } from '../../src/shared/bytes.ts';
import type { HostConfig } from '../../src/sync/host-config.ts';
import { EARLIER_IDS, type EarlierDelegate } from './earlier.ts';
import type { Actor, Scheduler } from './scheduler.ts';
import { emptyAnswer, SimContracts } from './sim-contracts.ts';
import { SimDelegate } from './sim-delegate.ts';
import { SimSocket } from './sim-socket.ts';

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
  /** The disk is full: `index` after the value was written. A contract refuses, for whatever reason. */
  | { readonly type: 'full'; readonly write: 'value' | 'index' }
  /** The node is killed between the two writes of a store, and comes back. */
  | { readonly type: 'crash'; readonly write: 'value' | 'index' };

/** Whom a request is for. */
export type Place = 'delegate' | 'contract' | 'earlier';

/** A fault that waits for the next request to its place that changes something (or, `any`, for any). */
export interface WaitingFault {
  readonly fault: NodeFault;
  readonly place: Place;
  readonly any: boolean;
}

export interface NodeWatcher {
  /** Those who have sent a change of a path, wait for its answer and are alive; whenever one is added. */
  storing(path: Path, actors: readonly Actor[]): void;
  stored(key: string, before: Uint8Array | undefined, after: Uint8Array): void;
  contractChanged(room: number, before: Uint8Array | undefined, after: Uint8Array): void;
}

const DELEGATE_URL = '/weir/delegate/0000000000000000.wasm';
/** Its hash names the delegate; nobody runs it. */
const DELEGATE_WASM = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);

/** One request, as the node takes it. */
interface Job {
  readonly place: Place;
  /** What it changes. */
  readonly path: Path | undefined;
  /** @param refused by a full disk, in the middle of it @returns nothing where it never answers */
  run(refused?: 'value' | 'index'): HostResult | undefined;
  /** An answer that says nothing. @param done after the work */
  empty(done: boolean): HostResult;
  delivered?(): void;
}

/** A host and its node: the protocol on the wire is the real one, what the delegates and contracts do is simulated. */
export class SimNode {
  delegate = new SimDelegate();
  readonly contracts: SimContracts;
  /** By key, hex. */
  readonly earlier = new Map<string, EarlierDelegate>();
  /** Wherever the app is served from, its secrets are its own. */
  contractId = 'app1';
  isUp = true;
  isRegistered = false;
  readonly faults: WaitingFault[] = [];
  readonly #scheduler: Scheduler;
  readonly #watcher: NodeWatcher;
  readonly #sockets = new Set<SimSocket>();
  /** Those that wait for the answer to a change, and of which path. */
  readonly #storing = new Map<SimSocket, Path>();

  constructor(scheduler: Scheduler, watcher: NodeWatcher) {
    this.#scheduler = scheduler;
    this.#watcher = watcher;
    this.contracts = new SimContracts((room, before, after) =>
      watcher.contractChanged(room, before, after),
    );
  }

  async fetchConfig(actor: Actor): Promise<HostConfig> {
    await this.#scheduler.step(actor, 'config');
    if (!this.isUp) throw new Error('it does not answer');
    return {
      contractId: this.contractId,
      hosted: false,
      delegate: { url: DELEGATE_URL },
      roomContract: { codeHash: ROOM_CONTRACT_CODE_HASH },
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

  /** Its disk is gone: another, empty store at the same address, and no earlier delegate. */
  wipe(): void {
    this.delegate = new SimDelegate();
    this.earlier.clear();
    this.isRegistered = false;
    this.dropConnections();
  }

  /** Another client writes a key of the delegate without looking, as River's own does. */
  overwrite(key: string, value: Uint8Array): void {
    const held = this.delegate.values.get(key);
    this.delegate.values.set(key, { generation: (held?.generation ?? 0n) + 1n, value });
    this.delegate.index.add(key);
  }

  killed(actor: Actor): void {
    for (const socket of this.#sockets) if (socket.actor === actor) this.#forget(socket);
  }

  #forget(socket: SimSocket): void {
    this.#sockets.delete(socket);
    this.#storing.delete(socket);
  }

  #received(socket: SimSocket, frame: Uint8Array): void {
    const decoded = decodeClientRequest(frame);
    if (!decoded.ok) throw decoded.error;
    const request = decoded.value;
    if (request.type === 'ContractOp') return this.#ask(socket, this.#contractJob(request.request));
    if (request.type !== 'DelegateOp') throw new Error(`a ${request.type}`);
    const op = request.request;
    if (op.type === 'RegisterDelegate') {
      this.#run(socket, () => {
        this.isRegistered = true;
        socket.answer(ok({ type: 'DelegateResponse', key: keyOf(op.delegate), values: [] }));
      });
      return;
    }
    if (op.type !== 'ApplicationMessages') throw new Error(`a ${op.type}`);
    const messages = op.inbound.map((message) => {
      if (message.type !== 'ApplicationMessage') throw new Error(`a ${message.type}`);
      const each = decodeDelegateRequest(message.payload);
      if (!each.ok) throw each.error;
      return each.value;
    });
    const isEarlier = EARLIER_IDS.includes(toHex(op.key.key));
    this.#ask(
      socket,
      isEarlier ? this.#earlierJob(socket, op.key, messages) : this.#delegateJob(op.key, messages),
    );
  }

  #delegateJob(key: DelegateKey, requests: readonly DelegateRequest[]): Job {
    const store = requests.find((request) => request.type === 'CasStoreRequest');
    const isDms = store?.type === 'CasStoreRequest' && utf8Text(store.key) === OUTBOUND_KEY;
    const asked = this.delegate;
    return {
      place: 'delegate',
      path: store && (isDms ? 'outbound-dms' : 'rooms'),
      run: (refused) =>
        // what a lost node was asked goes with it
        asked === this.delegate ? reply(key, this.#carryOut(requests, refused)) : undefined,
      empty: () => reply(key, []),
    };
  }

  #earlierJob(socket: SimSocket, key: DelegateKey, requests: readonly DelegateRequest[]): Job {
    const earlier = this.earlier.get(toHex(key.key));
    const profile = socket.actor.name.slice(0, 1);
    return {
      place: 'earlier',
      path: undefined,
      run: () => {
        if (earlier?.mood === 'silent') return undefined;
        if (earlier?.mood !== 'answers') return reply(key, []);
        return reply(
          key,
          requests.map((request) => earlier.answer(request)),
        );
      },
      empty: () => reply(key, []),
      delivered: () => earlier?.told(profile, requests),
    };
  }

  #contractJob(request: ContractRequest): Job {
    const changes = request.type === 'Put' || request.type === 'Update';
    return {
      place: 'contract',
      path: changes ? 'contracts' : undefined,
      run: (refused) => this.contracts.answer(request, refused && changes ? 'no space' : undefined),
      empty: (done) => emptyAnswer(request, done),
    };
  }

  #ask(socket: SimSocket, job: Job): void {
    const { place, path } = job;
    if (path && this.#sockets.has(socket)) {
      this.#storing.set(socket, path);
      const others = [...this.#storing].filter(([, each]) => each === path);
      this.#watcher.storing(
        path,
        others.map(([{ actor }]) => actor),
      );
    }
    const at = this.faults.findIndex((each) => each.place === place && (each.any || path));
    const fault = at < 0 ? undefined : this.faults.splice(at, 1)[0]?.fault;
    const answer = (result: HostResult | undefined): void => {
      if (result) socket.answer(result, () => job.delivered?.());
    };
    switch (fault?.type) {
      case undefined:
        return this.#run(socket, () => answer(job.run()));
      case 'drop-answer':
        return this.#run(socket, () => void job.run());
      case 'late-answer':
        return this.#run(socket, () => {
          const result = job.run();
          this.#scheduler.after(undefined, 'late answer', fault.ms, () => answer(result));
        });
      case 'answer-twice':
        return this.#run(socket, () => {
          const result = job.run();
          answer(result);
          if (fault.ms === 0) answer(result);
          else this.#scheduler.after(undefined, 'copy', fault.ms, () => answer(result));
        });
      case 'late-run':
        return void this.#scheduler.after(undefined, 'late run', fault.ms, () => answer(job.run()));
      case 'empty':
        return this.#run(socket, () => {
          if (fault.run) job.run();
          socket.answer(job.empty(fault.run));
        });
      case 'full':
        return this.#run(socket, () => answer(job.run(fault.write)));
      case 'crash':
        return this.#run(socket, () => {
          // a contract is changed at once, or not at all
          if (fault.write === 'index') job.run(place === 'delegate' ? 'index' : undefined);
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

const reply = (key: DelegateKey, responses: readonly DelegateResponse[]): HostResult =>
  ok<HostResponse>({
    type: 'DelegateResponse',
    key,
    values: responses.map((response) => ({
      type: 'ApplicationMessage',
      payload: encodeDelegateResponse(response),
      context: new Uint8Array(),
      processed: true,
    })),
  });

function keyOf(container: DelegateContainer): DelegateKey {
  if (container.type !== 'Wasm' || container.version.type !== 'V1') throw new Error('no delegate');
  return container.version.delegate.key;
}
