import { bufferBytes, newBuffer, resultAddress } from './abi.ts';
import { base58 } from './base58.ts';
import { Bytes, Writer, utf8 } from './bytes.ts';
import {
  APPLICATION_MESSAGE,
  CONTRACT_NOTIFICATION,
  INBOUND_NAMES,
  Inbound,
  NO_ORIGIN,
  OTHER_DELEGATE,
  Origin,
  SUBSCRIBE_CONTRACT_RESPONSE,
  decodeInbound,
  decodeOrigin,
} from './inbound.ts';
import { DESER, OTHER, Outbox } from './outbound.ts';
import {
  CAS_STORE,
  DELETE,
  GET,
  GET_PUBLIC_KEY,
  GET_VERSIONED,
  LAST_SIGN,
  LIST,
  STORE,
  STORE_SIGNING_KEY,
  decodeRequest,
} from './request.ts';
import { setInstance } from './log.ts';
import { getPublicKey, sign, storeSigningKey } from './signing.ts';
import { answerNotification, ensureRoomSubscription } from './subscription.ts';
import { casStore, getValue, getVersioned, listKeys, removeValue, storeValue } from './storage.ts';

/** Called by the node for each argument of `process`. */
export function __frnt__initiate_buffer(capacity: u32): i64 {
  return newBuffer(capacity);
}

/** Called by the node right after it has made the instance. */
export function __frnt_set_id(id: i64): void {
  setInstance(id);
}

function answer(origin: Bytes, payload: Bytes, out: Outbox): void {
  const request = decodeRequest(payload);
  if (!request) return out.fail(DESER, utf8('Failed to deserialize request'));
  if (request.kind == STORE) return storeValue(origin, request, out);
  if (request.kind == GET) return getValue(origin, request, out);
  if (request.kind == DELETE) return removeValue(origin, request, out);
  if (request.kind == LIST) return listKeys(origin, out);
  if (request.kind == GET_VERSIONED) return getVersioned(origin, request, out);
  if (request.kind == CAS_STORE) return casStore(origin, request, out);
  if (request.kind == STORE_SIGNING_KEY) return storeSigningKey(origin, request, out);
  if (request.kind == GET_PUBLIC_KEY) return getPublicKey(origin, request, out);
  if (request.kind <= LAST_SIGN) return sign(origin, request, out);
  ensureRoomSubscription(origin, request, out);
}

/** An application message is answered to a web app only, whose name the node attests, and only once. */
function answerApplication(origin: Origin, message: Inbound, out: Outbox): void {
  if (origin.kind == NO_ORIGIN) {
    return out.fail(OTHER, utf8('missing message origin for message type: "application message"'));
  }
  if (origin.kind == OTHER_DELEGATE) {
    const why = new Writer();
    why.text('chat-delegate does not accept inter-delegate calls (caller: ');
    why.raw(base58(origin.id));
    why.text(')');
    return out.fail(OTHER, why.finish());
  }
  if (message.processed) {
    return out.fail(OTHER, utf8('cannot process an already processed message'));
  }
  answer(origin.id, message.payload, out);
}

/**
 * Called by the node with each message.
 *
 * @param parameters buffer, not used
 * @param origin buffer: bincode MessageOrigin, or no bytes
 * @param inbound buffer: bincode InboundDelegateMsg
 * @returns address of the result's address and size; the result is bincode Result<Vec<OutboundDelegateMsg>, DelegateError>
 */
export function process(parameters: i64, origin: i64, inbound: i64): i64 {
  const out = new Outbox();
  const message = decodeInbound(bufferBytes(<usize>inbound));
  if (!message) {
    out.fail(DESER, utf8('the message of the node could not be read'));
  } else if (message.kind == APPLICATION_MESSAGE) {
    answerApplication(decodeOrigin(bufferBytes(<usize>origin)), message, out);
  } else if (message.kind == CONTRACT_NOTIFICATION) {
    answerNotification(message.contract, message.state, out);
  } else if (message.kind != SUBSCRIBE_CONTRACT_RESPONSE) {
    const why = new Writer();
    why.text('unexpected message type: ');
    why.text(INBOUND_NAMES[message.kind]);
    out.fail(OTHER, why.finish());
  }
  return resultAddress(out.encode());
}
