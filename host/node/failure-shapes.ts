/**
 * How a node words what became of a delegate request.
 *
 * A network node answers every failure like a success without content, whatever went wrong; a local node says what it was.
 * Source: freenet-core: crates/core/src/contract.rs and contract/executor/runtime/delegates.rs (0.2.129).
 */
import type { DelegateRequest } from '../../src/freenet/client-request.ts';
import type { ClientError } from '../../src/freenet/client-error.ts';
import type { HostResult } from '../../src/freenet/host-response.ts';
import type { DelegateKey, OutboundDelegateMsg } from '../../src/freenet/types.ts';
import type { Result } from '../../src/shared/result.ts';
import { err, ok, unreachable } from '../../src/shared/result.ts';

export type FailureShapes = 'network' | 'local';

export type DelegateFailure =
  | { readonly type: 'NotRegistered' }
  /** The delegate's module does not match its key, or is no delegate. */
  | { readonly type: 'BadDelegate'; readonly cause: string }
  /** The guest returned an error. */
  | { readonly type: 'GuestError'; readonly cause: string }
  /** The guest trapped or answered nonsense, or the node could not store what it wrote. */
  | { readonly type: 'Broken'; readonly cause: string };

export type DelegateOutcome = Result<readonly OutboundDelegateMsg[], DelegateFailure>;

export function describeDelegateFailure(failure: DelegateFailure): string {
  return failure.type === 'NotRegistered' ? 'it is not registered' : failure.cause;
}

/** @param request the operation: a local node confirms an unregistration in its own way */
export function answerDelegate(
  shapes: FailureShapes,
  request: DelegateRequest['type'],
  key: DelegateKey,
  outcome: DelegateOutcome,
): HostResult {
  if (shapes === 'network') {
    return ok({ type: 'DelegateResponse', key, values: outcome.ok ? outcome.value : [] });
  }
  if (!outcome.ok) return err(localError(key, outcome.error));
  return request === 'UnregisterDelegate'
    ? ok({ type: 'Ok' })
    : ok({ type: 'DelegateResponse', key, values: outcome.value });
}

function localError(key: DelegateKey, failure: DelegateFailure): ClientError {
  switch (failure.type) {
    case 'NotRegistered':
      return delegateError({ type: 'Missing', key });
    case 'BadDelegate':
      return delegateError({ type: 'RegisterError', key });
    case 'GuestError':
      return delegateError({ type: 'ExecutionError', cause: failure.cause });
    case 'Broken':
      return { type: 'Unhandled', cause: failure.cause };
    default:
      return unreachable(failure);
  }
}

const delegateError = (
  error: Extract<
    Extract<ClientError, { type: 'RequestError' }>['error'],
    { type: 'DelegateError' }
  >['error'],
): ClientError => ({ type: 'RequestError', error: { type: 'DelegateError', error } });
