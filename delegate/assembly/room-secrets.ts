import { Bytes, Writer, utf8 } from './bytes.ts';
import { decrypt, encrypt } from './crypto/aes-gcm.ts';
import { blake3, blake3DeriveKey, blake3Keyed } from './crypto/blake3.ts';
import { SigningKey } from './crypto/ed25519.ts';
import { toMontgomery } from './crypto/edwards.ts';
import { sha256 } from './crypto/sha256.ts';
import { x25519, x25519PublicKey } from './crypto/x25519.ts';
import { memberId } from './member-id.ts';
import { SealedSecret } from './room-state.ts';

/*
 * Secrets of a private room: 32 bytes, numbered by version. Everything follows from the inputs, so that each of a person's
 * delegates makes the same bytes.
 *
 * Source: river: common/src/{key_derivation,ecies}.rs.
 */

/** Bytes of a secret. */
const SECRET: u32 = 32;

const ROOT_CONTEXT = 'river-rotate v1 2026-04 room-secret-root';
const EPHEMERAL_DOMAIN = 'river-ecies-ephemeral-v1 2026-05';

/** The secret of a version, from the owner's seed. */
export function deriveRoomSecret(seed: Bytes, ownerKey: Bytes, version: u32): Bytes {
  const root = Bytes.allocate(32);
  blake3DeriveKey(root.pointer, utf8(ROOT_CONTEXT), seed);
  const input = new Writer();
  input.raw(ownerKey);
  input.u32(version);
  const secret = Bytes.allocate(SECRET);
  blake3Keyed(secret.pointer, root.pointer, input.finish());
  return secret;
}

/** The AES key for what is between two keys. */
function sharedKey(privateKey: usize, publicKey: usize): usize {
  const shared = Bytes.allocate(32);
  x25519(shared.pointer, privateKey, publicKey);
  const key = Bytes.allocate(32);
  sha256(key.pointer, shared);
  return key.pointer;
}

/** Someone to seal secrets for. */
export class Recipient {
  id: i64;
  /** Ed25519, 32 bytes. */
  key: Bytes;
  /** The same key for X25519. */
  montgomery: Bytes = Bytes.allocate(32);

  constructor(key: Bytes) {
    this.id = memberId(key);
    this.key = key;
    toMontgomery(this.montgomery.pointer, key.pointer);
  }
}

/**
 * Seals a secret for a member. The nonce is zero: the key is used once only, as long as what is sealed is what the
 * ephemeral key comes from.
 */
export function sealSecret(secret: Bytes, to: Recipient, version: u32): SealedSecret {
  const input = new Writer();
  input.text(EPHEMERAL_DOMAIN);
  input.raw(secret);
  input.raw(to.key);
  const ephemeral = Bytes.allocate(32);
  blake3(ephemeral.pointer, input.finish());

  const sealed = new SealedSecret();
  sealed.member = to.id;
  sealed.version = version;
  sealed.nonce = Bytes.allocate(12);
  memory.fill(sealed.nonce.pointer, 0, 12);
  sealed.ephemeralKey = Bytes.allocate(32);
  x25519PublicKey(sealed.ephemeralKey.pointer, ephemeral.pointer);
  const key = sharedKey(ephemeral.pointer, to.montgomery.pointer);
  sealed.ciphertext = encrypt(key, sealed.nonce.pointer, secret);
  return sealed;
}

/** The secret that was sealed for the holder of `key`; null when it was not, or is none. */
export function openSecret(sealed: SealedSecret, key: SigningKey): Bytes | null {
  const shared = sharedKey(key.scalar.pointer, sealed.ephemeralKey.pointer);
  const secret = decrypt(shared, sealed.nonce.pointer, sealed.ciphertext);
  return secret && secret.length == SECRET ? secret : null;
}
