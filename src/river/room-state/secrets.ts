import { array, fixedInts, i64, ints, option, signature, u32 } from '../cbor/codec.ts';
import { struct } from '../cbor/struct.ts';
import { unitEnum } from '../cbor/variants.ts';
import type { MemberId } from '../ids.ts';
import { systemTime, type SystemTime } from '../system-time.ts';

export interface SecretVersionRecord {
  readonly version: number;
  readonly cipherSpec: 'Aes256Gcm';
  readonly createdAt: SystemTime;
}

/** Signed by the owner over the encoded `record`. */
export interface AuthorizedSecretVersionRecord {
  readonly record: SecretVersionRecord;
  readonly ownerSignature: Uint8Array;
}

/** One member's copy of one version of the room's secret, sealed to the member's key. */
export interface EncryptedSecretForMember {
  readonly memberId: MemberId;
  readonly secretVersion: number;
  /** 48 bytes: the 32-byte secret under AES-256-GCM, tag appended. */
  readonly ciphertext: Uint8Array;
  /** 12 bytes. */
  readonly nonce: Uint8Array;
  /** 32 bytes, X25519. */
  readonly senderEphemeralPublicKey: Uint8Array;
  readonly provider: MemberId;
}

/** Signed by the owner over the encoded `secret`. */
export interface AuthorizedEncryptedSecret {
  readonly secret: EncryptedSecretForMember;
  readonly ownerSignature: Uint8Array;
}

export interface RoomSecrets {
  readonly currentVersion: number;
  readonly versions: readonly AuthorizedSecretVersionRecord[];
  readonly encryptedSecrets: readonly AuthorizedEncryptedSecret[];
}

export interface SecretsDelta {
  readonly currentVersion: number | null;
  readonly newVersions: readonly AuthorizedSecretVersionRecord[];
  readonly newEncryptedSecrets: readonly AuthorizedEncryptedSecret[];
}

export const secretVersionRecord = struct<SecretVersionRecord>({
  version: u32,
  cipherSpec: unitEnum(['Aes256Gcm']),
  createdAt: systemTime,
});

export const encryptedSecretForMember = struct<EncryptedSecretForMember>({
  memberId: i64,
  secretVersion: u32,
  ciphertext: ints,
  nonce: fixedInts(12),
  senderEphemeralPublicKey: fixedInts(32),
  provider: i64,
});

const versions = array(
  struct<AuthorizedSecretVersionRecord>({
    record: secretVersionRecord,
    ownerSignature: signature,
  }),
);

const encryptedSecrets = array(
  struct<AuthorizedEncryptedSecret>({
    secret: encryptedSecretForMember,
    ownerSignature: signature,
  }),
);

/** `RoomSecretsV1`. Source: river: common/src/room_state/secret.rs. */
export const roomSecrets = struct<RoomSecrets>({
  currentVersion: u32,
  versions,
  encryptedSecrets,
});

export const secretsDelta = struct<SecretsDelta>({
  currentVersion: option(u32),
  newVersions: versions,
  newEncryptedSecrets: encryptedSecrets,
});
