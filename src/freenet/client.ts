/** A client of a Freenet node over any WebSocket, in the native encoding. Carries bytes, not meaning. */
import type { Clock } from '../shared/clock.ts';
import { systemClock } from '../shared/clock.ts';
import type { Result } from '../shared/result.ts';
import { err, ok } from '../shared/result.ts';
import type { NodeCounters, Unsolicited } from './connection.ts';
import { Connection, TOKEN_INVALID_CODE } from './connection.ts';
import type { CloseReason, NodeError } from './node-error.ts';
import type {
  DelegateAsk,
  DelegateSource,
  GetAnswer,
  GetCall,
  PutCall,
  SubscribeCall,
  UpdateCall,
} from './node-requests.ts';
import {
  DELEGATE_TIMEOUT_MS,
  askRequest,
  getRequest,
  putRequest,
  registerRequest,
  subscribeRequest,
  updateRequest,
} from './node-requests.ts';
import type { OpenSocket, SocketLike } from './socket.ts';
import type { ContractKey } from './types.ts';

const CONNECT_TIMEOUT_MS = 5_000;

export interface ConnectOptions {
  /** Absolute ws: or wss: URL of the node's command path; the encoding is added to its query. */
  readonly url: string;
  readonly openSocket: OpenSocket;
  readonly clock?: Clock;
  readonly connectTimeoutMs?: number;
  /** May be called before `connectNode` has resolved. If it throws, the connection ends. */
  readonly onUnsolicited?: (message: Unsolicited) => void;
  readonly onClosed?: (reason: CloseReason) => void;
}

/**
 * A connection to a node. Calls resolve with a result and never reject; once it has ended, for whatever reason, every call
 * answers `Closed` (or `TokenInvalid`) and it stays so: connect again.
 *
 * Keep delegate and contract traffic on separate connections where you can: errors without a key fail everything that waits
 * on theirs.
 */
export interface NodeConnection {
  /**
   * Installs a delegate on the node. Ok proves nothing by itself: a network node answers a failed registration with the same
   * empty response. Only an answer to `askDelegate` proves that the delegate is there.
   */
  register(delegate: DelegateSource, timeoutMs?: number): Promise<Result<void, NodeError>>;

  /**
   * Sends all payloads in one request and resolves with the payloads of the delegate's answer. Requests to one delegate run
   * one after another; `timeoutMs` (10 s unless told) counts from the sending.
   *
   * With `changesState`, an outcome that is not known (`Timeout`, `EmptyValues`, `Refused`, `Protocol`) ends the connection.
   */
  askDelegate(ask: DelegateAsk): Promise<Result<readonly Uint8Array[], NodeError>>;

  /** Contract calls wait 65 s unless told. An unknown outcome of `put` or `update` ends the connection. */
  put(call: PutCall): Promise<Result<ContractKey, NodeError>>;
  get(call: GetCall): Promise<Result<GetAnswer, NodeError>>;
  /**
   * Resolves with the contract's summary of the state after the update, which may be empty. An update identical to one that
   * waits is not sent: it shares that one's outcome and time limit.
   */
  update(call: UpdateCall): Promise<Result<Uint8Array, NodeError>>;
  /** Notifications go to `onUnsolicited` until the connection ends. */
  subscribe(call: SubscribeCall): Promise<Result<void, NodeError>>;

  close(): void;
  /** Resolves once, with why the connection ended. */
  readonly closed: Promise<CloseReason>;
  /** As of now. */
  readonly counters: NodeCounters;
}

/**
 * Connects to a node. Resolves once the socket is open; never rejects.
 *
 * A token the node doesn't know shows only afterwards: the connection then ends with `TokenInvalid`.
 *
 * Errors: `ConnectFailed`, `TokenInvalid`
 */
export function connectNode(options: ConnectOptions): Promise<Result<NodeConnection, NodeError>> {
  const { openSocket, clock = systemClock, connectTimeoutMs = CONNECT_TIMEOUT_MS } = options;
  const address = options.url.replace(/[?#].*$/s, '');
  const failed = (reason: string): NodeError => ({ type: 'ConnectFailed', address, reason });

  let socket: SocketLike;
  try {
    socket = openSocket(nativeUrl(options.url));
    socket.binaryType = 'arraybuffer';
  } catch (error) {
    return Promise.resolve(err(failed(error instanceof Error ? error.message : String(error))));
  }

  const connection = new Connection(socket, clock, options.onUnsolicited ?? (() => undefined));
  const { onClosed } = options;
  return new Promise((resolve) => {
    const deadline = new AbortController();
    let connecting = true;
    const settle = (result: Result<NodeConnection, NodeError>): void => {
      connecting = false;
      deadline.abort();
      resolve(result);
    };

    socket.addEventListener('open', () => {
      if (!connecting) return;
      if (onClosed) void connection.closed.then(onClosed);
      settle(ok(callsOf(connection)));
    });
    socket.addEventListener('message', ({ data }) => connection.received(data));
    socket.addEventListener('close', ({ code, reason }) => {
      if (connecting) {
        settle(
          err(
            code === TOKEN_INVALID_CODE
              ? { type: 'TokenInvalid' }
              : failed(closeText(code, reason)),
          ),
        );
      }
      connection.socketClosed(code, reason);
    });
    // a close event follows and says all there is; without a listener `ws` would throw
    socket.addEventListener('error', () => undefined);

    clock.sleep(connectTimeoutMs, deadline.signal).then(
      () => {
        if (!connecting) return;
        settle(err(failed(`no connection within ${connectTimeoutMs} ms`)));
        connection.close();
      },
      () => undefined, // aborted: connected, or failed otherwise
    );
  });
}

/** A node takes FlatBuffers for granted unless told otherwise. */
function nativeUrl(text: string): string {
  const url = new URL(text);
  url.searchParams.set('encodingProtocol', 'native');
  return url.href;
}

const closeText = (code: number, reason: string): string =>
  reason === '' ? `the connection was refused or broke (code ${code})` : reason;

function callsOf(connection: Connection): NodeConnection {
  return {
    register: (delegate, timeoutMs = DELEGATE_TIMEOUT_MS) =>
      connection.request(registerRequest(delegate, timeoutMs)),
    askDelegate: (ask) => {
      if (ask.payloads.length === 0) {
        return Promise.resolve(
          badRequest('payloads', 'a request without payloads has no answer but an empty one'),
        );
      }
      return connection.request(askRequest(ask));
    },
    put: (call) => {
      const { contract } = call;
      if (contract.type !== 'Wasm' || contract.version.type !== 'V1') {
        return Promise.resolve(badRequest('contract', 'a container of an unknown kind'));
      }
      return connection.request(putRequest(call, contract.version.contract.key));
    },
    get: (call) => connection.request(getRequest(call)),
    update: (call) => connection.request(updateRequest(call)),
    subscribe: (call) => connection.request(subscribeRequest(call)),
    close: () => connection.close(),
    closed: connection.closed,
    get counters() {
      return connection.counters;
    },
  };
}

const badRequest = (path: string, reason: string): Result<never, NodeError> =>
  err({ type: 'Protocol', side: 'request', path, reason });
