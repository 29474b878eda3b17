/**
 * An open connection to a Freenet node.
 *
 * The wire has no request ids. What keeps answers from being mistaken:
 * - one request at a time per delegate, and per contract and operation; the others wait their turn;
 * - a request that changes state and has no certain outcome ends the connection, so that a late answer finds nobody;
 * - a response that no waiting request recognises as its own is unsolicited, never "the" answer.
 *
 * Protocol: freenet-core: crates/core/src/client_events/websocket.rs.
 */
import { equalBytes } from '../shared/bytes.ts';
import type { Clock } from '../shared/clock.ts';
import type { Result } from '../shared/result.ts';
import { err, ok } from '../shared/result.ts';
import { WireError } from './bincode.ts';
import type { Frame } from './chunks.ts';
import { CHUNK_ABOVE_BYTES, Reassembler, requestFrames } from './chunks.ts';
import type { ClientError } from './client-error.ts';
import { encodeClientRequest } from './client-request.ts';
import type { HostResponse, HostResult } from './host-response.ts';
import { decodeHostResult } from './host-response.ts';
import type { CloseReason, NodeError } from './node-error.ts';
import type { NodeRequest } from './node-requests.ts';
import { payloadsOf } from './node-requests.ts';
import { addresseeOf, saysTokenInvalid } from './refusals.ts';
import type { SocketLike } from './socket.ts';
import { messageBytes, SOCKET_OPEN } from './socket.ts';
import type { ContractKey, DelegateKey, UpdateData } from './types.ts';

/** The close code of a node that doesn't know the connection's token. */
export const TOKEN_INVALID_CODE = 4401;

/** What a node sent and no request waited for. */
export type Unsolicited =
  /** A delegate's reaction to something else, or an answer whose request has given up. Never without payloads. */
  | {
      readonly type: 'DelegatePush';
      readonly key: DelegateKey;
      readonly payloads: readonly Uint8Array[];
    }
  /** To every subscriber, the one that caused the change included. Some are lost; read again now and then. */
  | { readonly type: 'UpdateNotification'; readonly key: ContractKey; readonly update: UpdateData }
  /** Any other late, empty or unknown answer. */
  | { readonly type: 'Unmatched'; readonly result: HostResult };

export interface NodeCounters {
  /** Of WebSocket payload, chunk wrapping included. */
  readonly bytesSent: number;
  readonly bytesReceived: number;
  /** Requests of which any part was sent; a chunked one is one. */
  readonly requests: number;
}

interface Waiting<T> {
  readonly request: NodeRequest<T>;
  readonly message: Frame;
  readonly frames: Iterable<Frame>;
  readonly outcome: Promise<Result<T, NodeError>>;
  readonly settle: (result: Result<T, NodeError>) => void;
  readonly deadline: AbortController;
}

export class Connection {
  readonly closed: Promise<CloseReason>;
  readonly #resolveClosed: (reason: CloseReason) => void;
  readonly #socket: SocketLike;
  readonly #clock: Clock;
  readonly #onUnsolicited: (message: Unsolicited) => void;
  readonly #reassembler: Reassembler;
  readonly #counters = { bytesSent: 0, bytesReceived: 0, requests: 0 };
  /** The first of each lane was sent, the others wait. */
  readonly #lanes = new Map<string, Waiting<unknown>[]>();
  /** What was sent and waits for its answer, in the order it was sent. */
  readonly #outstanding = new Set<Waiting<unknown>>();
  #nextStreamId = 0;
  /** Whether an answer may still come whose request is settled: an error may then be that answer. */
  #answersOwed = false;
  #ended: CloseReason | undefined;

  constructor(socket: SocketLike, clock: Clock, onUnsolicited: (message: Unsolicited) => void) {
    let resolveClosed: (reason: CloseReason) => void = () => undefined;
    this.closed = new Promise((resolve) => (resolveClosed = resolve));
    this.#resolveClosed = resolveClosed;
    this.#socket = socket;
    this.#clock = clock;
    this.#onUnsolicited = onUnsolicited;
    this.#reassembler = new Reassembler(clock);
  }

  get counters(): NodeCounters {
    return { ...this.#counters };
  }

  close(): void {
    this.#end({ type: 'ByUs' });
  }

  /** To be called with the code and reason of the socket's close event. */
  socketClosed(code: number, text: string): void {
    this.#end(
      code === TOKEN_INVALID_CODE ? { type: 'TokenInvalid' } : { type: 'Lost', code, text },
    );
  }

  /**
   * Sends the request when its lane is free and resolves with its outcome; never rejects. The time limit counts from the
   * sending.
   */
  request<T>(request: NodeRequest<T>): Promise<Result<T, NodeError>> {
    if (this.#ended) return Promise.resolve(err(errorAfter(this.#ended, false)));
    const made = this.#prepare(request);
    if (!made.ok) return Promise.resolve(made);

    const lane = this.#lanes.get(request.lane) ?? [];
    if (request.joinsIdentical) {
      const same = lane.find(({ message }) => equalBytes(message, made.value.message));
      if (same) return same.outcome as Promise<Result<T, NodeError>>;
    }
    lane.push(made.value as Waiting<unknown>);
    this.#lanes.set(request.lane, lane);
    if (lane.length === 1) this.#send(made.value as Waiting<unknown>);
    return made.value.outcome;
  }

  #prepare<T>(request: NodeRequest<T>): Result<Waiting<T>, NodeError> {
    let message: Frame;
    try {
      message = encodeClientRequest(request.message);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      const { path, reason } = error;
      return err({ type: 'Protocol', side: 'request', path, reason });
    }
    const frames = requestFrames(message, this.#nextStreamId);
    if (!frames.ok) return frames;
    if (message.length > CHUNK_ABOVE_BYTES) this.#nextStreamId += 1;

    let settle: (result: Result<T, NodeError>) => void = () => undefined;
    const outcome = new Promise<Result<T, NodeError>>((resolve) => (settle = resolve));
    const deadline = new AbortController();
    return ok({ request, message, frames: frames.value, outcome, settle, deadline });
  }

  #send(waiting: Waiting<unknown>): void {
    // a closing socket drops what it is given without a word, until its close event comes
    if (this.#socket.readyState !== SOCKET_OPEN) {
      this.#end({ type: 'Lost', code: 1006, text: 'the connection is closing' });
      return;
    }
    this.#outstanding.add(waiting);
    this.#counters.requests += 1;
    try {
      for (const frame of waiting.frames) {
        this.#socket.send(frame);
        this.#counters.bytesSent += frame.length;
      }
    } catch (error) {
      this.#end({ type: 'Lost', code: 1006, text: words(error) });
      return;
    }
    this.#clock.sleep(waiting.request.timeoutMs, waiting.deadline.signal).then(
      () => this.#timedOut(waiting),
      () => undefined, // aborted: it was settled
    );
  }

  #timedOut(waiting: Waiting<unknown>): void {
    if (!this.#outstanding.has(waiting)) return;
    const { name, timeoutMs, changesState } = waiting.request;
    this.#answersOwed = true;
    this.#settle(
      [waiting],
      () => err({ type: 'Timeout', request: name, afterMs: timeoutMs }),
      changesState,
    );
  }

  /** To be called with the data of each of the socket's message events. Never throws. */
  received(data: unknown): void {
    if (this.#ended) return; // late: nobody waits for it
    const message = this.#messageOf(data);
    if (!message.ok) {
      const { path, reason } = message.error;
      this.#end({ type: 'Protocol', path, reason });
      return;
    }
    if (!message.value) return;
    try {
      if (message.value.ok) this.#responded(message.value.value);
      else this.#failed(message.value.error);
    } catch (error) {
      this.#end({ type: 'HandlerFailed', reason: words(error) });
    }
  }

  /** The message a frame is or completes; undefined when there is none (yet). */
  #messageOf(data: unknown): Result<HostResult | undefined, { path: string; reason: string }> {
    const frame = messageBytes(data);
    if (!frame) return err({ path: '', reason: 'a message that is not binary' });
    this.#counters.bytesReceived += frame.length;

    const first = decodeHostResult(frame);
    if (!first.ok || !first.value.ok) return first;
    const response = first.value.value;
    if (response.type === 'StreamHeader') return ok(undefined); // the chunks say the same
    if (response.type !== 'StreamChunk') return first;

    const added = this.#reassembler.add(response);
    if (!added.ok) return err({ path: 'StreamChunk', reason: added.error.reason });
    if (!added.value) return ok(undefined);
    const whole = decodeHostResult(added.value);
    return whole.ok && whole.value.ok && whole.value.value.type === 'StreamChunk'
      ? err({ path: 'StreamChunk', reason: 'chunks of chunks' })
      : whole;
  }

  #responded(response: HostResponse): void {
    if (response.type === 'ContractResponse' && response.response.type === 'UpdateNotification') {
      const { key, update } = response.response;
      this.#onUnsolicited({ type: 'UpdateNotification', key, update });
      return;
    }
    const found =
      this.#answered((request) => request.answer(response)) ??
      this.#answered((request) => request.standIn?.(response));
    if (found) {
      const { waiting, result } = found;
      const open = !result.ok && result.error.type === 'EmptyValues';
      this.#settle([waiting], () => result, open && waiting.request.changesState);
      return;
    }
    if (response.type === 'DelegateResponse') {
      const payloads = payloadsOf(response);
      if (payloads.length > 0) {
        this.#onUnsolicited({ type: 'DelegatePush', key: response.key, payloads });
        return;
      }
    }
    this.#onUnsolicited({ type: 'Unmatched', result: ok(response) });
  }

  #answered(
    judge: (request: NodeRequest<unknown>) => Result<unknown, NodeError> | undefined,
  ): { waiting: Waiting<unknown>; result: Result<unknown, NodeError> } | undefined {
    for (const waiting of this.#outstanding) {
      const result = judge(waiting.request);
      if (result) return { waiting, result };
    }
    return undefined;
  }

  /**
   * An error fails every request it may be about. When it may be about several, those it wasn't about are still answered
   * later, and such an answer must not be taken for a later request's: if any of them changes state, the connection ends.
   */
  #failed(error: ClientError): void {
    if (saysTokenInvalid(error)) {
      this.#end({ type: 'TokenInvalid' });
      return;
    }
    const addressee = addresseeOf(error);
    const concerned = [...this.#outstanding].filter(({ request }) => request.concerns(addressee));
    if (concerned.length === 0) {
      this.#onUnsolicited({ type: 'Unmatched', result: err(error) });
      return;
    }
    if (concerned.length > 1) this.#answersOwed = true;
    const open = concerned.some(
      ({ request }) => request.refusalIsOpen || (request.changesState && this.#answersOwed),
    );
    this.#settle(concerned, ({ request }) => request.refused(error), open);
  }

  /** Settles these; then ends the connection if the outcome of a change is open, else sends what waited behind them. */
  #settle(
    all: readonly Waiting<unknown>[],
    outcome: (waiting: Waiting<unknown>) => Result<unknown, NodeError>,
    open: boolean,
  ): void {
    for (const waiting of all) {
      this.#outstanding.delete(waiting);
      this.#lanes.get(waiting.request.lane)?.shift();
      waiting.deadline.abort();
      waiting.settle(outcome(waiting));
    }
    const [first] = all;
    if (open && first) this.#end({ type: 'UnknownOutcome', request: first.request.name });
    for (const { request } of all) this.#sendNext(request.lane);
  }

  #sendNext(lane: string): void {
    const next = this.#lanes.get(lane)?.[0];
    if (next) this.#send(next);
    else this.#lanes.delete(lane);
  }

  #end(reason: CloseReason): void {
    if (this.#ended) return;
    this.#ended = reason;
    for (const lane of this.#lanes.values()) {
      for (const waiting of lane) {
        const sent = this.#outstanding.has(waiting);
        waiting.deadline.abort();
        waiting.settle(err(errorAfter(reason, sent)));
      }
    }
    this.#lanes.clear();
    this.#outstanding.clear();
    this.#socket.close();
    this.#resolveClosed(reason);
  }
}

/** @param sent whether any of the request was sent before the connection ended */
function errorAfter(reason: CloseReason, sent: boolean): NodeError {
  if (reason.type === 'TokenInvalid') return { type: 'TokenInvalid' };
  if (reason.type === 'Protocol' && sent) {
    return { type: 'Protocol', side: 'answer', path: reason.path, reason: reason.reason };
  }
  return { type: 'Closed', sent, reason };
}

const words = (error: unknown): string => (error instanceof Error ? error.message : String(error));
