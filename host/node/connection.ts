/**
 * One client's WebSocket, from the node's side: frames in, requests carried out in their order, answers out.
 *
 * Source of what is answered to what: freenet-core: crates/core/src/client_events/websocket.rs (0.2.129).
 */
import type { RawData, WebSocket } from 'ws';
import type { Frame } from '../../src/freenet/chunks.ts';
import { Reassembler } from '../../src/freenet/chunks.ts';
import type { ClientRequest } from '../../src/freenet/client-request.ts';
import { decodeClientRequest } from '../../src/freenet/client-request.ts';
import type { HostResult } from '../../src/freenet/host-response.ts';
import { RATE_EXCEEDED } from '../../src/freenet/node-error.ts';
import type { DelegateKey } from '../../src/freenet/types.ts';
import type { Millis } from '../../src/shared/brand.ts';
import type { Clock } from '../../src/shared/clock.ts';
import { err, unreachable } from '../../src/shared/result.ts';
import type { ContractRequests } from './contract-requests.ts';
import { DelegateBackoff } from './delegate-backoff.ts';
import type { DelegateService } from './delegates.ts';
import { keyText } from './key-text.ts';
import type { FailureShapes } from './failure-shapes.ts';
import { encoded, FrameSender, type EncodedAnswer } from './frame-sender.ts';
import type { Metrics } from './metrics.ts';
import type { Misbehaviour } from './misbehaviour.ts';
import { misbehave, type Turn } from './misdeeds.ts';
import { answerNodeQuery } from './node-queries.ts';
import type { DelegateClient, Notifier } from './notifier.ts';
import { isOperation, type OperationLimit } from './operation-limit.ts';
import type { Subscriber, Subscriptions } from './subscriptions.ts';
import type { Caller } from './users.ts';

/** Sent, before closing with 4401, to a client whose token the node does not know. */
export const TOKEN_INVALID = 'AUTH_TOKEN_INVALID';
export const TOKEN_INVALID_CODE = 4401;

/** A client that sends faster than it is served is read no further while so many of its messages, or bytes, wait. */
const MAX_WAITING = 64;
const MAX_WAITING_BYTES = 32 * 1024 * 1024;

/** Notifications that may wait for a client that doesn't read; more are dropped. */
const MAX_NOTIFICATIONS = 64;

/** A client that has messaged a delegate hears from it unasked for so long. */
const KNOWN_DELEGATE_MS = 30 * 60_000;
const MAX_KNOWN_DELEGATES = 256;

/** A request that has been put together again, if it came in chunks. */
type WholeRequest = Exclude<ClientRequest, { readonly type: 'StreamChunk' }>;

/** What a connection needs of its node. */
export interface ConnectionServices {
  readonly clock: Clock;
  readonly delegates: DelegateService;
  readonly contracts: ContractRequests;
  readonly subscriptions: Subscriptions;
  readonly notifier: Notifier;
  readonly metrics: Metrics;
  readonly misbehaviour: Misbehaviour;
  /** From then on, until told otherwise, no secret can be written. */
  fillStore(isFull: boolean): void;
  /** Cuts every connection and begins anew, as a node that was killed. */
  restart(): void;
  readonly failureShapes: FailureShapes;
  /** For people of a hosted node; whoever brings no token is not held up. */
  readonly operationLimit: OperationLimit;
  readonly pingIntervalMs: number;
}

export class Connection implements Subscriber, DelegateClient {
  readonly #socket: WebSocket;
  readonly #services: ConnectionServices;
  readonly #caller: Caller;
  readonly #reassembler: Reassembler;
  readonly #sender: FrameSender;
  readonly #backoff: DelegateBackoff;
  readonly #ping: NodeJS.Timeout;
  #waiting = 0;
  #waitingBytes = 0;
  #lastServed: Promise<void> = Promise.resolve();
  /** Aborts when requests that have not begun are to be dropped. */
  readonly #stopped = new AbortController();
  #notifications = 0;
  /** Sends an answer that was held back. */
  #release: (() => Promise<void>) | undefined;
  /** When each delegate was last sent a message; the longest ago first. */
  readonly #messaged = new Map<string, Millis>();

  constructor(
    socket: WebSocket,
    services: ConnectionServices,
    caller: Caller,
    /** Called when it is closed and nothing that it asked for is under way. */
    onClosed: () => void,
  ) {
    this.#socket = socket;
    this.#services = services;
    this.#caller = caller;
    this.#reassembler = new Reassembler(services.clock);
    this.#sender = new FrameSender(socket);
    this.#backoff = new DelegateBackoff(services.clock);
    this.#ping = setInterval(() => socket.ping(), services.pingIntervalMs);
    socket.on('error', () => socket.terminate()); // a broken frame or connection; 'close' follows
    socket.on('close', () => {
      clearInterval(this.#ping);
      services.subscriptions.remove(this);
      services.metrics.connectionClosed();
      void this.#lastServed.then(onClosed); // what it had sent is carried out before the store may close
    });
    services.metrics.connectionOpened();
  }

  /** Starts to carry out what the client sends. */
  serve(): void {
    this.#socket.on('message', (data: RawData) => this.#receive(data as Buffer));
  }

  /** Instead of serving: tells the client that its token is unknown, and closes. What it sends meanwhile is dropped. */
  async refuseToken(): Promise<void> {
    const cause = `${TOKEN_INVALID}: the token is unknown or has expired; ask for a new one and connect again`;
    await this.#send(err({ type: 'Unhandled', cause }));
    this.close(TOKEN_INVALID_CODE, TOKEN_INVALID);
  }

  /** A close frame; without a code, an empty one. */
  close(code?: number, reason?: string): void {
    this.#socket.close(code, reason);
  }

  /** Ends the connection without a word, as a crash does. */
  terminate(): void {
    this.#socket.terminate();
  }

  /** Drops what it has not begun to carry out. */
  takeNoMore(): void {
    this.#stopped.abort();
  }

  notify(notification: EncodedAnswer): boolean {
    if (this.#notifications >= MAX_NOTIFICATIONS) return false;
    this.#notifications += 1;
    void this.#sendEncoded(notification).then(() => {
      this.#notifications -= 1;
    });
    return true;
  }

  knowsDelegate(delegate: string): boolean {
    const messaged = this.#messaged.get(delegate);
    return messaged !== undefined && this.#services.clock.now() - messaged < KNOWN_DELEGATE_MS;
  }

  #noteMessaged(delegate: DelegateKey): void {
    const name = keyText(delegate, this.#caller.user);
    this.#messaged.delete(name);
    this.#messaged.set(name, this.#services.clock.now());
    const [oldest] = this.#messaged.keys();
    if (this.#messaged.size > MAX_KNOWN_DELEGATES && oldest !== undefined) {
      this.#messaged.delete(oldest);
    }
  }

  #receive(frame: Buffer): void {
    this.#waiting += 1;
    this.#waitingBytes += frame.length;
    if (this.#isFull(1)) this.#socket.pause();
    this.#lastServed = this.#lastServed
      .then(() => this.#serve(frame))
      .catch((error: unknown) =>
        // a bug or a full disk: the client is told, the node goes on
        this.#send(err({ type: 'OperationError', cause: `the node failed: ${String(error)}` })),
      )
      .then(() => {
        this.#waiting -= 1;
        this.#waitingBytes -= frame.length;
        if (this.#socket.isPaused && !this.#isFull(1 / 2)) this.#socket.resume();
      });
  }

  #isFull(share: number): boolean {
    return this.#waiting >= MAX_WAITING * share || this.#waitingBytes >= MAX_WAITING_BYTES * share;
  }

  async #serve(frame: Uint8Array): Promise<void> {
    if (this.#stopped.signal.aborted) return;
    const request = decodeClientRequest(frame);
    if (!request.ok) await this.#refuseMalformed(frame.length, request.error.message);
    else if (request.value.type !== 'StreamChunk')
      await this.#carryOut(request.value, frame.length);
    else {
      const whole = this.#reassembler.add(request.value);
      if (!whole.ok) {
        const cause = `stream reassembly error: ${whole.error.reason}`;
        await this.#send(err({ type: 'Unhandled', cause }));
      } else if (whole.value) await this.#serveWhole(whole.value);
    }
  }

  async #serveWhole(message: Uint8Array): Promise<void> {
    const request = decodeClientRequest(message);
    if (!request.ok) await this.#refuseMalformed(message.length, request.error.message);
    else if (request.value.type === 'StreamChunk') {
      await this.#refuseMalformed(message.length, 'a stream of chunks of a chunk');
    } else await this.#carryOut(request.value, message.length);
  }

  async #refuseMalformed(bytes: number, cause: string): Promise<void> {
    this.#services.metrics.malformed(bytes);
    await this.#send(err({ type: 'DeserializationError', cause }));
  }

  async #carryOut(request: WholeRequest, bytes: number): Promise<void> {
    const { metrics, misbehaviour, notifier } = this.#services;
    metrics.requested(request, bytes);
    const verdict = misbehaviour.verdictOn(request);
    if (verdict) await misbehave(verdict, this.#turn(request));
    else {
      const answer = await this.#answerTo(request);
      const sent = answer && this.#answer(answer, messagedDelegate(request));
      notifier.settle(); // behind the answer: whoever changed something hears of it in that order
      await sent;
    }
    const closes = request.type === 'Close' && this.#services.failureShapes === 'network';
    if (closes || request.type === 'Disconnect') this.close();
  }

  /** What may become of a request on a node that misbehaves. */
  #turn(request: WholeRequest): Turn {
    const { clock, contracts, delegates, notifier } = this.#services;
    const { signal } = this.#stopped;
    const delegate = messagedDelegate(request);
    const send: Turn['send'] = async (answer, damage) => {
      if (answer) await this.#answer(answer, delegate, damage);
    };
    return {
      carryOut: async (storeIsFull) => {
        if (signal.aborted) return undefined;
        this.#services.fillStore(storeIsFull === 'full');
        try {
          return await this.#answerTo(request);
        } finally {
          this.#services.fillStore(false);
          notifier.settle();
        }
      },
      refusal() {
        if (request.type === 'DelegateOp') return delegates.pretendFailure(request.request);
        if (request.type === 'ContractOp') return contracts.pretendFailure(request.request);
        return err({ type: 'OperationError', cause: 'this node was told to fail' });
      },
      wait: (ms) => clock.sleep(ms, signal).catch(() => undefined), // it ends early when the node does
      send,
      hold: (answer, ms) => {
        const release = async (): Promise<void> => {
          clearTimeout(timer);
          this.#release = undefined;
          await send(answer);
        };
        const timer = setTimeout(() => void release(), ms);
        this.#release = release;
      },
      disconnect: () => this.terminate(),
      restart: () => this.#services.restart(),
    };
  }

  /** Does what a request asks. @returns undefined where a node says nothing */
  async #answerTo(request: WholeRequest): Promise<HostResult | undefined> {
    const { contracts, delegates, failureShapes, operationLimit } = this.#services;
    const { user, webApp } = this.#caller;
    if (user !== undefined && isOperation(request) && !operationLimit.take(user)) {
      return err({ type: 'OperationError', cause: RATE_EXCEEDED });
    }
    const local = failureShapes === 'local';
    switch (request.type) {
      case 'DelegateOp': {
        const messaged = messagedDelegate(request);
        if (messaged) this.#noteMessaged(messaged);
        const refusal = this.#backoff.refusalOf(request.request);
        if (refusal) return refusal;
        const answer = await delegates.carryOut(request.request, this.#caller);
        this.#backoff.note(answer);
        return answer;
      }
      case 'ContractOp':
        return contracts.carryOut(request.request, this);
      case 'Disconnect':
        return undefined;
      case 'Close':
        return local ? NOT_SUPPORTED : err({ type: 'Disconnect' });
      case 'Authenticate':
        // a network node takes note of the token and says nothing
        return local ? NOT_SUPPORTED : undefined;
      case 'NodeQueries':
        return local ? NOT_SUPPORTED : answerNodeQuery(request.query, webApp !== undefined);
      case 'unknown': {
        const cause = `${request.of} has no variant ${request.tag}`;
        return err({ type: 'DeserializationError', cause });
      }
      default:
        return unreachable(request);
    }
  }

  #answer(
    answer: HostResult,
    delegate: DelegateKey | undefined,
    damage?: (frame: Frame) => Frame,
  ): Promise<void> {
    const sent = this.#send(answer, delegate, damage);
    const release = this.#release;
    return release ? sent.then(release) : sent;
  }

  #send(
    answer: HostResult,
    delegate?: DelegateKey,
    damage?: (frame: Frame) => Frame,
  ): Promise<void> {
    return this.#sendEncoded(encoded(answer), delegate, damage);
  }

  #sendEncoded(
    answer: EncodedAnswer,
    delegate?: DelegateKey,
    damage?: (frame: Frame) => Frame,
  ): Promise<void> {
    const { bytes, sent } = this.#sender.send(answer, damage);
    this.#services.metrics.answered(bytes, delegate);
    return sent;
  }
}

const NOT_SUPPORTED: HostResult = err({ type: 'Unhandled', cause: 'not supported' });

const messagedDelegate = (request: WholeRequest): DelegateKey | undefined =>
  request.type === 'DelegateOp' && request.request.type === 'ApplicationMessages'
    ? request.request.key
    : undefined;
