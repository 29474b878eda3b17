import { fixedInts, ints, u32 } from '../cbor/codec.ts';
import { variantStruct } from '../cbor/struct.ts';
import { unitEnum, variants } from '../cbor/variants.ts';

export type PrivacyMode = 'Public' | 'Private';

export const privacyMode = unitEnum(['Public', 'Private']);

/** A value that a private room seals: a nickname, the room's name, its description. */
export type SealedBytes = PublicBytes | PrivateBytes;

export interface PublicBytes {
  readonly type: 'Public';
  /** UTF-8, if the writer is honest. */
  readonly value: Uint8Array;
}

export interface PrivateBytes {
  readonly type: 'Private';
  /** AES-256-GCM with the 16-byte tag appended. */
  readonly ciphertext: Uint8Array;
  /** 12 bytes. */
  readonly nonce: Uint8Array;
  readonly secretVersion: number;
  /** Length of the plaintext in bytes as its writer claims; limits are checked against it. */
  readonly declaredLenBytes: number;
}

/** `{"Public": {value}}` or `{"Private": {...}}`. Source: river: common/src/room_state/privacy.rs. */
export const sealedBytes = variants<SealedBytes>({
  Public: variantStruct<Omit<PublicBytes, 'type'>>({ value: ints }),
  Private: variantStruct<Omit<PrivateBytes, 'type'>>({
    ciphertext: ints,
    nonce: fixedInts(12),
    secretVersion: u32,
    declaredLenBytes: u32,
  }),
});

/** The length that the contract's limits look at, in bytes. */
export const declaredLength = (sealed: SealedBytes): number =>
  sealed.type === 'Public' ? sealed.value.length : sealed.declaredLenBytes;
