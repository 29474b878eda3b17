import { concatBytes, equalBytes, utf8 } from '../shared/bytes.ts';
import type { Result } from '../shared/result.ts';
import {
  array,
  decode,
  encode,
  fixedInts,
  ints,
  option,
  optional,
  text,
  u64,
  unit,
  usize,
  type Codec,
} from './cbor/codec.ts';
import type { DecodeError } from './cbor/errors.ts';
import { variantStruct } from './cbor/struct.ts';
import { newtype, variants } from './cbor/variants.ts';

/** Room keys, contract ids and signing keys are 32 bytes; storage keys are the key's UTF-8 bytes. */
export type DelegateRequest =
  | { readonly type: 'StoreRequest'; readonly key: Uint8Array; readonly value: Uint8Array }
  | { readonly type: 'GetRequest'; readonly key: Uint8Array }
  | { readonly type: 'DeleteRequest'; readonly key: Uint8Array }
  | { readonly type: 'ListRequest' }
  | { readonly type: 'GetVersionedRequest'; readonly key: Uint8Array }
  | {
      readonly type: 'CasStoreRequest';
      readonly key: Uint8Array;
      readonly value: Uint8Array;
      /** 0: the key must not exist yet. */
      readonly expectedGeneration: bigint;
    }
  | {
      readonly type: 'StoreSigningKey';
      readonly roomKey: Uint8Array;
      readonly signingKeyBytes: Uint8Array;
    }
  | { readonly type: 'GetPublicKey'; readonly roomKey: Uint8Array }
  | SignRequest
  | {
      readonly type: 'EnsureRoomSubscription';
      readonly roomOwnerVk: Uint8Array;
      readonly requestId: bigint;
      readonly contractId: Uint8Array;
    };

interface Sign {
  readonly roomKey: Uint8Array;
  readonly requestId: bigint;
}

/** All of them sign the given bytes with the room's key; the names only say what the bytes are. */
export type SignRequest =
  | (Sign & { readonly type: 'SignMessage'; readonly messageBytes: Uint8Array })
  | (Sign & { readonly type: 'SignMember'; readonly memberBytes: Uint8Array })
  | (Sign & { readonly type: 'SignBan'; readonly banBytes: Uint8Array })
  | (Sign & { readonly type: 'SignConfig'; readonly configBytes: Uint8Array })
  | (Sign & { readonly type: 'SignMemberInfo'; readonly memberInfoBytes: Uint8Array })
  | (Sign & { readonly type: 'SignSecretVersion'; readonly recordBytes: Uint8Array })
  | (Sign & { readonly type: 'SignEncryptedSecret'; readonly secretBytes: Uint8Array })
  | (Sign & { readonly type: 'SignUpgrade'; readonly upgradeBytes: Uint8Array });

/** Rust's `Result` as the delegate answers it. */
export type Outcome<T> =
  | { readonly type: 'Ok'; readonly value: T }
  | { readonly type: 'Err'; readonly reason: string };

export type CasStoreResult =
  | { readonly type: 'Stored'; readonly generation: bigint }
  | {
      readonly type: 'Conflict';
      /** 0 when the key does not exist. */
      readonly currentGeneration: bigint;
      readonly currentValue: Uint8Array | undefined;
    }
  | { readonly type: 'Failed'; readonly reason: string };

export type DelegateResponse =
  | {
      readonly type: 'GetResponse';
      readonly key: Uint8Array;
      readonly value: Uint8Array | undefined;
    }
  | { readonly type: 'ListResponse'; readonly keys: readonly Uint8Array[] }
  | {
      readonly type: 'StoreResponse';
      readonly key: Uint8Array;
      readonly valueSize: number;
      readonly result: Outcome<null>;
    }
  | { readonly type: 'DeleteResponse'; readonly key: Uint8Array; readonly result: Outcome<null> }
  | {
      readonly type: 'GetVersionedResponse';
      readonly key: Uint8Array;
      readonly value: Uint8Array | undefined;
      readonly generation: bigint;
    }
  | {
      readonly type: 'CasStoreResponse';
      readonly key: Uint8Array;
      readonly result: CasStoreResult;
    }
  | {
      readonly type: 'StoreSigningKeyResponse';
      readonly roomKey: Uint8Array;
      readonly result: Outcome<null>;
    }
  | {
      readonly type: 'GetPublicKeyResponse';
      readonly roomKey: Uint8Array;
      readonly publicKey: Uint8Array | null;
    }
  | {
      readonly type: 'SignResponse';
      readonly roomKey: Uint8Array;
      readonly requestId: bigint;
      readonly signature: Outcome<Uint8Array>;
    }
  | {
      readonly type: 'EnsureRoomSubscriptionResponse';
      readonly roomOwnerVk: Uint8Array;
      readonly requestId: bigint;
      readonly result: Outcome<null>;
    };

/**
 * `ints`: as River writes bytes, one integer each; every generation of the delegate reads it. `byte-strings`: half the size;
 * only for the current delegate.
 */
export type ByteForm = 'ints' | 'byte-strings';

const id32 = fixedInts(32);

const requests = (bytes: Codec<Uint8Array>, key32: Codec<Uint8Array>): Codec<DelegateRequest> => {
  const sign = { roomKey: key32, requestId: u64 };
  return variants<DelegateRequest>({
    StoreRequest: variantStruct({ key: bytes, value: bytes }),
    GetRequest: variantStruct({ key: bytes }),
    DeleteRequest: variantStruct({ key: bytes }),
    ListRequest: null,
    GetVersionedRequest: variantStruct({ key: bytes }),
    CasStoreRequest: variantStruct({ key: bytes, value: bytes, expectedGeneration: u64 }),
    StoreSigningKey: variantStruct({ roomKey: key32, signingKeyBytes: key32 }),
    GetPublicKey: variantStruct({ roomKey: key32 }),
    SignMessage: variantStruct({ ...sign, messageBytes: bytes }),
    SignMember: variantStruct({ ...sign, memberBytes: bytes }),
    SignBan: variantStruct({ ...sign, banBytes: bytes }),
    SignConfig: variantStruct({ ...sign, configBytes: bytes }),
    SignMemberInfo: variantStruct({ ...sign, memberInfoBytes: bytes }),
    SignSecretVersion: variantStruct({ ...sign, recordBytes: bytes }),
    SignEncryptedSecret: variantStruct({ ...sign, secretBytes: bytes }),
    SignUpgrade: variantStruct({ ...sign, upgradeBytes: bytes }),
    EnsureRoomSubscription: variantStruct({
      roomOwnerVk: key32,
      requestId: u64,
      contractId: key32,
    }),
  });
};

/** Reads like `codec`, writes a byte string. */
const asByteString = (codec: Codec<Uint8Array>): Codec<Uint8Array> => ({
  read: codec.read,
  write: (writer, value) => writer.byteString(value),
});

const requestCodecs: Record<ByteForm, Codec<DelegateRequest>> = {
  ints: requests(ints, id32),
  'byte-strings': requests(asByteString(ints), asByteString(id32)),
};

const outcome = <T>(value: Codec<T>): Codec<Outcome<T>> =>
  variants<{ type: 'Ok'; value: T } | { type: 'Err'; reason: string }>({
    Ok: newtype('value', value),
    Err: newtype('reason', text),
  });

const done = outcome(unit);

const casStoreResult = variants<CasStoreResult>({
  Stored: variantStruct({ generation: u64 }),
  Conflict: variantStruct<{ currentGeneration: bigint; currentValue: Uint8Array | undefined }>({
    currentGeneration: u64,
    currentValue: optional(ints),
  }),
  Failed: newtype('reason', text),
});

const response = variants<DelegateResponse>({
  GetResponse: variantStruct<{ key: Uint8Array; value: Uint8Array | undefined }>({
    key: ints,
    value: optional(ints),
  }),
  ListResponse: variantStruct({ keys: array(ints) }),
  StoreResponse: variantStruct({ key: ints, valueSize: usize, result: done }),
  DeleteResponse: variantStruct({ key: ints, result: done }),
  GetVersionedResponse: variantStruct<{
    key: Uint8Array;
    value: Uint8Array | undefined;
    generation: bigint;
  }>({ key: ints, value: optional(ints), generation: u64 }),
  CasStoreResponse: variantStruct({ key: ints, result: casStoreResult }),
  StoreSigningKeyResponse: variantStruct({ roomKey: id32, result: done }),
  GetPublicKeyResponse: variantStruct({ roomKey: id32, publicKey: option(id32) }),
  SignResponse: variantStruct({ roomKey: id32, requestId: u64, signature: outcome(ints) }),
  EnsureRoomSubscriptionResponse: variantStruct({
    roomOwnerVk: id32,
    requestId: u64,
    result: done,
  }),
});

/** Payload of an application message to the delegate. Source: river: common/src/chat_delegate.rs (`ChatDelegateRequestMsg`). */
export const encodeDelegateRequest = (request: DelegateRequest, form: ByteForm): Uint8Array =>
  encode(requestCodecs[form], request);

/** Both byte forms are read, and whatever else the delegate's own decoder takes. */
export const decodeDelegateRequest = (bytes: Uint8Array): Result<DelegateRequest, DecodeError> =>
  decode(requestCodecs.ints, bytes, 'request');

export const encodeDelegateResponse = (value: DelegateResponse): Uint8Array =>
  encode(response, value);

/** Source: river: common/src/chat_delegate.rs (`ChatDelegateResponseMsg`). */
export const decodeDelegateResponse = (bytes: Uint8Array): Result<DelegateResponse, DecodeError> =>
  decode(response, bytes, 'response');

/**
 * What connects an answer to its request: the messages carry no ids (or only some do). The same derivation serves both, so
 * they can't drift apart.
 *
 * Unlike River's own keys, these tell a Get, a Store and a Delete of one storage key from each other.
 */
export function correlationKey(message: DelegateRequest | DelegateResponse): Uint8Array {
  switch (message.type) {
    case 'StoreRequest':
    case 'StoreResponse':
      return named('store', message.key);
    case 'GetRequest':
    case 'GetResponse':
      return named('get', message.key);
    case 'DeleteRequest':
    case 'DeleteResponse':
      return named('delete', message.key);
    case 'GetVersionedRequest':
    case 'GetVersionedResponse':
      return named('get-versioned', message.key);
    case 'CasStoreRequest':
    case 'CasStoreResponse':
      return named('cas-store', message.key);
    case 'ListRequest':
    case 'ListResponse':
      return named('list');
    case 'StoreSigningKey':
    case 'StoreSigningKeyResponse':
      return named('signing-key', message.roomKey);
    case 'GetPublicKey':
    case 'GetPublicKeyResponse':
      return named('public-key', message.roomKey);
    case 'EnsureRoomSubscription':
    case 'EnsureRoomSubscriptionResponse':
      return named('subscription', message.roomOwnerVk, message.requestId);
    case 'SignMessage':
    case 'SignMember':
    case 'SignBan':
    case 'SignConfig':
    case 'SignMemberInfo':
    case 'SignSecretVersion':
    case 'SignEncryptedSecret':
    case 'SignUpgrade':
    case 'SignResponse':
      return named('sign', message.roomKey, message.requestId);
  }
}

function named(kind: string, key: Uint8Array = new Uint8Array(), requestId?: bigint): Uint8Array {
  const id = new Uint8Array(requestId === undefined ? 0 : 8);
  if (requestId !== undefined) new DataView(id.buffer).setBigUint64(0, requestId, true);
  return concatBytes([utf8(`${kind}:`), key, id]);
}

/** Whether `response` is an answer to `request`: of its kind, with the same key and request id. */
export const answers = (request: DelegateRequest, response: DelegateResponse): boolean =>
  equalBytes(correlationKey(request), correlationKey(response));
