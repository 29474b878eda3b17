import type { ContractError, DelegateError, RequestError, ClientError } from './client-error.ts';
import { unreachable } from '../shared/result.ts';

/** What a node of several people answers, to any operation, to somebody who asks for more than its rate. Nothing was done. */
export const RATE_EXCEEDED = 'operation rate limit exceeded; retry shortly';

export type RequestName = 'Register' | 'Ask' | 'Put' | 'Get' | 'Update' | 'Subscribe';

/** What was refused, by the names of Freenet's error variants; the last two are answers that amount to a refusal. */
export type RefusalKind =
  | Exclude<ClientError['type'], 'RequestError'>
  | `RequestError.${Exclude<RequestError['type'], 'ContractError' | 'DelegateError'>}`
  | `ContractError.${ContractError['type']}`
  | `DelegateError.${DelegateError['type']}`
  | 'NotFound'
  | 'NotSubscribed';

/** Why a connection ended. */
export type CloseReason =
  /** `close()` was called. */
  | { readonly type: 'ByUs' }
  /** The socket closed or broke; 1006: without a word. */
  | { readonly type: 'Lost'; readonly code: number; readonly text: string }
  /** The node doesn't know the connection's token (any more); mint a new one before connecting again. */
  | { readonly type: 'TokenInvalid' }
  /** The node sent what can't be read. */
  | { readonly type: 'Protocol'; readonly path: string; readonly reason: string }
  /** A request that may have changed something has no certain outcome: a late answer must find nobody to deceive. */
  | { readonly type: 'UnknownOutcome'; readonly request: RequestName }
  /** `accepts` or `onUnsolicited` threw; going on would lose what it should have taken. */
  | { readonly type: 'HandlerFailed'; readonly reason: string };

/**
 * How a call to a node can fail. Except where said, nothing is known of what the node did: a request that changes state may
 * have been carried out.
 */
export type NodeError =
  /** No connection came about, so nothing was sent. `address` is the URL without its query, which may hold a token. */
  | { readonly type: 'ConnectFailed'; readonly address: string; readonly reason: string }
  | { readonly type: 'Timeout'; readonly request: RequestName; readonly afterMs: number }
  /** `sent`: whether any of the request left; if not, the node did nothing. */
  | { readonly type: 'Closed'; readonly sent: boolean; readonly reason: CloseReason }
  /** A network node's answer to everything that goes wrong with a delegate. Never a success, never proof of absence. */
  | { readonly type: 'EmptyValues'; readonly delegate: string }
  /** The node said no. `text` is its own, possibly empty. */
  | { readonly type: 'Refused'; readonly kind: RefusalKind; readonly text: string }
  /** Side `answer`: the node sent what can't be read. Side `request`: ours can't be written, and was not sent. */
  | {
      readonly type: 'Protocol';
      readonly side: 'request' | 'answer';
      readonly path: string;
      readonly reason: string;
    }
  | { readonly type: 'TokenInvalid' }
  /** Not sent. */
  | { readonly type: 'TooLarge'; readonly bytes: number; readonly limit: number };

/** What happened, in a sentence for people. */
export function describeNodeError(error: NodeError): string {
  switch (error.type) {
    case 'ConnectFailed':
      return `The Freenet node at ${error.address} can't be reached: ${error.reason}.`;
    case 'Timeout':
      return `The node did not answer within ${seconds(error.afterMs)}.`;
    case 'Closed':
      return error.sent
        ? `The connection ended before the node answered: ${closeWords(error.reason)}.`
        : `The request was not sent, because the connection has ended: ${closeWords(error.reason)}.`;
    case 'EmptyValues':
      return 'The node gave an empty answer: the delegate is not installed, refused, or failed.';
    case 'Refused':
      if (error.text === RATE_EXCEEDED)
        return 'The node takes no more for a moment: too much was asked at once.';
      return `The node refused: ${error.text === '' ? refusalWords(error.kind) : error.text}`;
    case 'Protocol':
      return error.side === 'answer'
        ? `The node sent something Weir can't read (${place(error)}).`
        : `The request can't be written for the node (${place(error)}).`;
    case 'TokenInvalid':
      return "The node doesn't know this app's session any more; a new one is needed.";
    case 'TooLarge':
      return `The request of ${mib(error.bytes)} is larger than the ${mib(error.limit)} a node takes.`;
    default:
      return unreachable(error);
  }
}

function closeWords(reason: CloseReason): string {
  switch (reason.type) {
    case 'ByUs':
      return 'Weir closed it';
    case 'Lost':
      return reason.text === '' ? `it was lost (code ${reason.code})` : reason.text;
    case 'TokenInvalid':
      return "the node doesn't know this app's session any more";
    case 'Protocol':
      return `the node sent something Weir can't read (${place(reason)})`;
    case 'UnknownOutcome':
      return 'an earlier request had no certain outcome';
    case 'HandlerFailed':
      return `Weir failed on what the node sent (${reason.reason})`;
    default:
      return unreachable(reason);
  }
}

const REFUSALS: Partial<Record<RefusalKind, string>> = {
  NotFound: 'it does not have that contract.',
  'ContractError.MissingContract': 'it does not have that contract.',
  NotSubscribed: 'it did not subscribe to that contract.',
  'DelegateError.Missing': 'the delegate is not installed.',
  'DelegateError.RegisterError': 'the delegate could not be installed.',
  PeerNotJoined: 'it has not joined the network yet.',
  EmptyRing: 'it knows no other node.',
  'RequestError.Timeout': 'the network did not answer it in time.',
  Shutdown: 'it is shutting down.',
  NodeUnavailable: 'it is shutting down.',
};

const refusalWords = (kind: RefusalKind): string => REFUSALS[kind] ?? `${kind}.`;

const place = ({ path, reason }: { path: string; reason: string }): string =>
  path === '' ? reason : `${path}: ${reason}`;

const seconds = (ms: number): string => `${Number((ms / 1000).toFixed(1))} s`;

const mib = (bytes: number): string => `${(bytes / 1_048_576).toFixed(1)} MiB`;
