/**
 * One client's WebSocket, from the node's side: frames in, requests carried out in their order, answers out.
 *
 * Source of what is answered to what: freenet-core: crates/core/src/client_events/websocket.rs (0.2.129).
 */
import type { RawData, WebSocket } from 'ws';
import { Reassembler } from '../../src/freenet/chunks.ts';
import type { ClientRequest } from '../../src/freenet/client-request.ts';
import { decodeClientRequest } from '../../src/freenet/client-request.ts';
import type { HostResult } from '../../src/freenet/host-response.ts';
import type { DelegateKey } from '../../src/freenet/types.ts';
import type { Millis } from '../../src/shared/brand.ts';
import type { Clock } from '../../src/shared/clock.ts';
import { err, unreachable } from '../../src/shared/result.ts';
import type { ContractRequests } from './contract-requests.ts';
import type { DelegateService } from './delegates.ts';
import { keyText } from './key-text.ts';
import type { FailureShapes } from './failure-shapes.ts';
import type { Faults } from './faults.ts';
import { FrameSender } from './frame-sender.ts';
import type { Metrics } from './metrics.ts';
import { answerNodeQuery } from './node-queries.ts';
import type { DelegateClient, Notifier } from './notifier.ts';
import type { Subscriber, Subscriptions } from './subscriptions.ts';

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
  readonly faults: Faults;
  readonly failureShapes: FailureShapes;
  readonly pingIntervalMs: number;
}

export class Connection implements Subscriber, DelegateClient {
  readonly #socket: WebSocket;
  readonly #services: ConnectionServices;
  /** The contract id of the web app this connection acts for. */
  readonly #webApp: Uint8Array | undefined;
  readonly #reassembler: Reassembler;
  readonly #sender: FrameSender;
  readonly #ping: NodeJS.Timeout;
  #waiting = 0;
  #waitingBytes = 0;
  #lastServed: Promise<void> = Promise.resolve();
  #notifications = 0;
  /** When each delegate was last sent a message; the longest ago first. */
  readonly #messaged = new Map<string, Millis>();

  constructor(
    socket: WebSocket,
    services: ConnectionServices,
    webApp: Uint8Array | undefined,
    onClosed: () => void,
  ) {
    this.#socket = socket;
    this.#services = services;
    this.#webApp = webApp;
    this.#reassembler = new Reassembler(services.clock);
    this.#sender = new FrameSender(socket);
    this.#ping = setInterval(() => socket.ping(), services.pingIntervalMs);
    socket.on('error', () => socket.terminate()); // a broken frame or connection; 'close' follows
    socket.on('close', () => {
      clearInterval(this.#ping);
      services.subscriptions.remove(this);
      services.metrics.connectionClosed();
      onClosed();
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

  notify(notification: HostResult): boolean {
    if (this.#notifications >= MAX_NOTIFICATIONS) return false;
    this.#notifications += 1;
    void this.#send(notification).then(() => {
      this.#notifications -= 1;
    });
    return true;
  }

  knowsDelegate(delegate: string): boolean {
    const messaged = this.#messaged.get(delegate);
    return messaged !== undefined && this.#services.clock.now() - messaged < KNOWN_DELEGATE_MS;
  }

  #noteMessaged(delegate: DelegateKey): void {
    const name = keyText(delegate);
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
    const { metrics, notifier } = this.#services;
    metrics.requested(request, bytes);
    const answer = this.#answerTo(request);
    const sent = answer && this.#answer(answer, messagedDelegate(request));
    notifier.settle(); // behind the answer: whoever changed something hears of it in that order
    await sent;
    const closes = request.type === 'Close' && this.#services.failureShapes === 'network';
    if (closes || request.type === 'Disconnect') this.close();
  }

  /** Does what a request asks. @returns undefined where a node says nothing */
  #answerTo(request: WholeRequest): HostResult | undefined {
    const { contracts, delegates, failureShapes, faults } = this.#services;
    const local = failureShapes === 'local';
    switch (request.type) {
      case 'DelegateOp': {
        const messaged = messagedDelegate(request);
        if (messaged) this.#noteMessaged(messaged);
        return faults.takeDelegateFailure()
          ? delegates.pretendFailure(request.request)
          : delegates.carryOut(request.request, this.#webApp);
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
        return local ? NOT_SUPPORTED : answerNodeQuery(request.query, this.#webApp !== undefined);
      case 'unknown': {
        const cause = `${request.of} has no variant ${request.tag}`;
        return err({ type: 'DeserializationError', cause });
      }
      default:
        return unreachable(request);
    }
  }

  #answer(answer: HostResult, delegate: DelegateKey | undefined): Promise<void> {
    const { faults } = this.#services;
    if (!faults.concernAnswers) return this.#send(answer, delegate);
    return faults
      .letAnswerPass()
      .then((passes) => (passes ? this.#send(answer, delegate) : undefined));
  }

  #send(answer: HostResult, delegate?: DelegateKey): Promise<void> {
    const { bytes, sent } = this.#sender.send(answer);
    this.#services.metrics.answered(bytes, delegate);
    return sent;
  }
}

const NOT_SUPPORTED: HostResult = err({ type: 'Unhandled', cause: 'not supported' });

const messagedDelegate = (request: WholeRequest): DelegateKey | undefined =>
  request.type === 'DelegateOp' && request.request.type === 'ApplicationMessages'
    ? request.request.key
    : undefined;
