/**
 * One client's WebSocket, from the node's side: frames in, requests carried out in their order, answers out.
 *
 * Source of what is answered to what: freenet-core: crates/core/src/client_events/websocket.rs (0.2.129).
 */
import type { RawData, WebSocket } from 'ws';
import type { Frame } from '../../src/freenet/chunks.ts';
import { Reassembler, responseFrames } from '../../src/freenet/chunks.ts';
import type { ClientError } from '../../src/freenet/client-error.ts';
import type { ClientRequest } from '../../src/freenet/client-request.ts';
import { decodeClientRequest } from '../../src/freenet/client-request.ts';
import type { HostResult } from '../../src/freenet/host-response.ts';
import { encodeHostResult } from '../../src/freenet/host-response.ts';
import type { DelegateKey } from '../../src/freenet/types.ts';
import type { Clock } from '../../src/shared/clock.ts';
import { err, unreachable } from '../../src/shared/result.ts';
import { refuseContractRequest } from './contracts.ts';
import type { DelegateService } from './delegates.ts';
import type { FailureShapes } from './failure-shapes.ts';
import type { Faults } from './faults.ts';
import type { Metrics } from './metrics.ts';
import { answerNodeQuery } from './node-queries.ts';

/** Sent, before closing with 4401, to a client whose token the node does not know. */
export const TOKEN_INVALID = 'AUTH_TOKEN_INVALID';
export const TOKEN_INVALID_CODE = 4401;

/** A client that sends faster than it is served is read no further while so many of its messages wait. */
const MAX_WAITING = 64;

/** What a connection needs of its node. */
export interface ConnectionServices {
  readonly clock: Clock;
  readonly delegates: DelegateService;
  readonly metrics: Metrics;
  readonly faults: Faults;
  readonly failureShapes: FailureShapes;
  readonly pingIntervalMs: number;
}

export class Connection {
  readonly #socket: WebSocket;
  readonly #services: ConnectionServices;
  /** The contract id of the web app this connection acts for. */
  readonly #webApp: Uint8Array | undefined;
  readonly #reassembler: Reassembler;
  readonly #ping: NodeJS.Timeout;
  #waiting = 0;
  #lastServed: Promise<void> = Promise.resolve();
  #lastSent: Promise<void> = Promise.resolve();
  #streams = 0;

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
    this.#ping = setInterval(() => socket.ping(), services.pingIntervalMs);
    socket.on('error', () => socket.terminate()); // a broken frame or connection; 'close' follows
    socket.on('close', () => {
      clearInterval(this.#ping);
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

  #receive(frame: Buffer): void {
    this.#waiting += 1;
    if (this.#waiting >= MAX_WAITING) this.#socket.pause();
    this.#lastServed = this.#lastServed
      .then(() => this.#serve(frame))
      .catch((error: unknown) =>
        // a bug or a full disk: the client is told, the node goes on
        this.#send(err({ type: 'OperationError', cause: `the node failed: ${String(error)}` })),
      )
      .then(() => {
        this.#waiting -= 1;
        if (this.#socket.isPaused && this.#waiting < MAX_WAITING / 2) this.#socket.resume();
      });
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

  async #carryOut(
    request: Exclude<ClientRequest, { type: 'StreamChunk' }>,
    bytes: number,
  ): Promise<void> {
    const { delegates, failureShapes, faults, metrics } = this.#services;
    metrics.requested(request, bytes);
    switch (request.type) {
      case 'DelegateOp': {
        const answer = faults.takeDelegateFailure()
          ? delegates.pretendFailure(request.request)
          : delegates.carryOut(request.request, this.#webApp);
        await this.#answer(answer, messagedDelegate(request));
        return;
      }
      case 'ContractOp':
        return this.#answer(refuseContractRequest(request.request, failureShapes));
      case 'Disconnect':
        this.close();
        return;
      case 'Close':
        if (failureShapes === 'local') return this.#answer(err(NOT_SUPPORTED));
        await this.#answer(err({ type: 'Disconnect' }));
        this.close();
        return;
      case 'Authenticate':
        // a network node takes note of the token and says nothing
        if (failureShapes === 'local') await this.#answer(err(NOT_SUPPORTED));
        return;
      case 'NodeQueries': {
        if (failureShapes === 'local') return this.#answer(err(NOT_SUPPORTED));
        const answer = answerNodeQuery(request.query, this.#webApp !== undefined);
        if (answer) await this.#answer(answer);
        return;
      }
      case 'unknown':
        return this.#answer(
          err({
            type: 'DeserializationError',
            cause: `${request.of} has no variant ${request.tag}`,
          }),
        );
      default:
        return unreachable(request);
    }
  }

  async #answer(answer: HostResult, delegate?: DelegateKey): Promise<void> {
    if (await this.#services.faults.letAnswerPass()) await this.#send(answer, delegate);
  }

  /** Resolves when the answer has been handed to the system or the connection is gone; frames of two never mix. */
  #send(answer: HostResult, delegate?: DelegateKey): Promise<void> {
    const message = encodeHostResult(answer);
    this.#services.metrics.answered(message.length, delegate);
    this.#lastSent = this.#lastSent.then(() => this.#sendFrames(message));
    return this.#lastSent;
  }

  async #sendFrames(message: Frame): Promise<void> {
    const frames = responseFrames(message, this.#streams++);
    if (!frames.ok) {
      const { bytes, limit } = frames.error;
      const cause = `the answer has ${bytes} bytes, a client takes ${limit}`;
      return this.#sendFrame(encodeHostResult(err({ type: 'OperationError', cause })));
    }
    for (const frame of frames.value) await this.#sendFrame(frame);
  }

  #sendFrame(frame: Uint8Array): Promise<void> {
    // the callback's error says that the socket is closing: nobody is left to be told
    return new Promise((resolve) => this.#socket.send(frame, { binary: true }, () => resolve()));
  }
}

const NOT_SUPPORTED: ClientError = { type: 'Unhandled', cause: 'not supported' };

const messagedDelegate = (request: Extract<ClientRequest, { type: 'DelegateOp' }>) =>
  request.request.type === 'ApplicationMessages' ? request.request.key : undefined;
