import { Bytes } from './bytes.ts';
import { CborReader } from './cbor-reader.ts';

/*
 * What a client asks, in CBOR: an enum, externally tagged.
 *
 * Format: river: common/src/chat_delegate.rs (ChatDelegateRequestMsg).
 */

export const STORE: i32 = 0;
export const GET: i32 = 1;
export const DELETE: i32 = 2;
export const LIST: i32 = 3;
export const GET_VERSIONED: i32 = 4;
export const CAS_STORE: i32 = 5;
export const STORE_SIGNING_KEY: i32 = 6;
export const GET_PUBLIC_KEY: i32 = 7;
/** Eight requests that do the same with differently named bytes. */
export const FIRST_SIGN: i32 = 8;
export const LAST_SIGN: i32 = 15;
export const ENSURE_ROOM_SUBSCRIPTION: i32 = 16;

const VARIANTS: StaticArray<string> = [
  'StoreRequest',
  'GetRequest',
  'DeleteRequest',
  'ListRequest',
  'GetVersionedRequest',
  'CasStoreRequest',
  'StoreSigningKey',
  'GetPublicKey',
  'SignMessage',
  'SignMember',
  'SignBan',
  'SignConfig',
  'SignMemberInfo',
  'SignSecretVersion',
  'SignEncryptedSecret',
  'SignUpgrade',
  'EnsureRoomSubscription',
];

/** In the order of the Sign variants. */
const SIGNED: StaticArray<string> = [
  'message_bytes',
  'member_bytes',
  'ban_bytes',
  'config_bytes',
  'member_info_bytes',
  'record_bytes',
  'secret_bytes',
  'upgrade_bytes',
];

export class Request {
  kind: i32 = -1;
  /** Of the key-value requests: any bytes. */
  key: Bytes = new Bytes(0, 0);
  /** What to store, or to sign. */
  value: Bytes = new Bytes(0, 0);
  /** The room's owner key, 32 bytes. */
  room: Bytes = new Bytes(0, 0);
  /** Signing key seed, or contract id: 32 bytes. */
  id: Bytes = new Bytes(0, 0);
  /** Request id, or expected generation. */
  number: u64 = 0;
}

/** Name of a variant's field, '' after the last one. */
function fieldName(kind: i32, field: i32): string {
  if (kind == STORE || kind == CAS_STORE) {
    if (field == 0) return 'key';
    if (field == 1) return 'value';
    return field == 2 && kind == CAS_STORE ? 'expected_generation' : '';
  }
  if (kind <= GET_VERSIONED) return field == 0 ? 'key' : '';
  if (kind == ENSURE_ROOM_SUBSCRIPTION) {
    if (field == 0) return 'room_owner_vk';
    if (field == 1) return 'request_id';
    return field == 2 ? 'contract_id' : '';
  }
  if (field == 0) return 'room_key';
  if (kind == STORE_SIGNING_KEY) return field == 1 ? 'signing_key_bytes' : '';
  if (kind == GET_PUBLIC_KEY) return '';
  if (field == 1) return 'request_id';
  return field == 2 ? SIGNED[kind - FIRST_SIGN] : '';
}

function readField(from: CborReader, request: Request, field: i32): void {
  const kind = request.kind;
  if (kind < STORE_SIGNING_KEY) {
    if (field == 0) request.key = from.bytes();
    else if (field == 1) request.value = from.bytes();
    else request.number = from.unsigned(u64.MAX_VALUE);
  } else if (field == 0) {
    request.room = from.fixedBytes(32);
  } else if (kind == STORE_SIGNING_KEY) {
    request.id = from.fixedBytes(32);
  } else if (field == 1) {
    request.number = from.unsigned(u64.MAX_VALUE);
  } else if (kind == ENSURE_ROOM_SUBSCRIPTION) {
    request.id = from.fixedBytes(32);
  } else {
    request.value = from.bytes();
  }
}

function readFieldsInOrder(from: CborReader, request: Request): void {
  let left = from.array();
  for (let field = 0; fieldName(request.kind, field) != ''; field++) {
    if (!from.hasMore(left)) return from.fail();
    readField(from, request, field);
    if (left > 0) left -= 1;
  }
  from.leave();
}

function readNamedFields(from: CborReader, request: Request): void {
  let left = from.map();
  let seen: u32 = 0;
  let wanted: u32 = 0;
  while (from.hasMore(left)) {
    const name = from.name();
    let field = 0;
    while (fieldName(request.kind, field) != '') {
      if (name.equalsText(fieldName(request.kind, field))) break;
      field += 1;
    }
    if (fieldName(request.kind, field) == '') {
      from.skip();
    } else {
      if (seen & (1 << field)) from.fail(); // twice
      seen |= 1 << field;
      readField(from, request, field);
    }
    if (left > 0) left -= 1;
  }
  for (let field = 0; fieldName(request.kind, field) != ''; field++) wanted |= 1 << field;
  if (seen != wanted) from.fail();
  from.leave();
}

/** Null when the payload is no request. What follows the request is ignored. */
export function decodeRequest(payload: Bytes): Request | null {
  const from = new CborReader(payload);
  const request = new Request();
  const name = from.variant();
  if (from.failed) return null;
  for (let i = 0; i < VARIANTS.length; i++) {
    if (name.equalsText(VARIANTS[i])) request.kind = i;
  }
  if (request.kind < 0) return null;
  // a unit variant's payload is not even looked at
  if (request.kind != LIST) {
    if (from.payloadIsArray()) readFieldsInOrder(from, request);
    else readNamedFields(from, request);
  }
  return from.failed ? null : request;
}
