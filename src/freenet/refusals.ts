/** What an error from a node says about whom it concerns. Errors carry no request id, and many no key either. */
import { unreachable } from '../shared/result.ts';
import type { ClientError, ContractError, DelegateError } from './client-error.ts';
import type { NodeError, RefusalKind } from './node-error.ts';
import type { DelegateKey } from './types.ts';

/** Whose request an error is about, as far as it says. */
export type Addressee =
  | { readonly type: 'Delegate'; readonly key: DelegateKey }
  | { readonly type: 'AnyDelegate' }
  | {
      readonly type: 'Contract';
      readonly instance: Uint8Array;
      /** Undefined: any of them. */
      readonly operation: 'Get' | 'Put' | 'Update' | 'Subscribe' | undefined;
    }
  | { readonly type: 'AnyContract' }
  | { readonly type: 'Anyone' };

const ANYONE: Addressee = { type: 'Anyone' };

export function addresseeOf(error: ClientError): Addressee {
  if (error.type === 'IncorrectState') {
    return { type: 'Contract', instance: error.key.instance, operation: undefined };
  }
  if (error.type !== 'RequestError') return ANYONE;
  if (error.error.type === 'ContractError') return contractAddressee(error.error.error);
  if (error.error.type === 'DelegateError') return delegateAddressee(error.error.error);
  return ANYONE;
}

function contractAddressee(error: ContractError): Addressee {
  switch (error.type) {
    case 'Get':
    case 'Put':
    case 'Update':
    case 'Subscribe':
      return { type: 'Contract', instance: error.key.instance, operation: error.type };
    case 'MissingContract':
      return { type: 'Contract', instance: error.key, operation: undefined };
    // these name the contract that another one was related to
    case 'ContractStackOverflow':
    case 'MissingRelated':
    case 'unknown':
      return { type: 'AnyContract' };
    default:
      return unreachable(error);
  }
}

function delegateAddressee(error: DelegateError): Addressee {
  switch (error.type) {
    case 'RegisterError':
    case 'Missing':
    case 'MissingSecret':
      return { type: 'Delegate', key: error.key };
    case 'ExecutionError':
    case 'ForbiddenSecretAccess':
    case 'unknown':
      return { type: 'AnyDelegate' };
    default:
      return unreachable(error);
  }
}

/** The error as a caller gets it. */
export function refusalOf(error: ClientError): NodeError {
  if (error.type !== 'RequestError') return refused(error.type, error);
  const inner = error.error;
  if (inner.type === 'ContractError') {
    return refused(`ContractError.${inner.error.type}`, inner.error);
  }
  if (inner.type === 'DelegateError') {
    return refused(`DelegateError.${inner.error.type}`, inner.error);
  }
  return refused(`RequestError.${inner.type}`, inner);
}

const refused = (kind: RefusalKind, error: object): NodeError => ({
  type: 'Refused',
  kind,
  text: 'cause' in error && typeof error.cause === 'string' ? error.cause : '',
});

/**
 * Whether a node says that it doesn't know the connection's token. It closes the socket with code 4401 next, nodes before
 * 0.2.102 without a code.
 */
export const saysTokenInvalid = (error: ClientError): boolean =>
  'cause' in error && error.cause.startsWith('AUTH_TOKEN_INVALID');
