import { equalBytes } from '../shared/bytes.ts';
import { aesOpen, aesSeal } from './crypto/aes-gcm.ts';
import { openSecret } from './crypto/ecies.ts';
import { memberId } from './ids.ts';
import { verifyingKeyOf, type SigningKey } from './keys.ts';
import type { InvitationSecret } from './room-data.ts';
import type { AuthorizedEncryptedSecret, RoomSecrets } from './room-state/secrets.ts';
import type { PrivateBytes } from './room-state/sealed-bytes.ts';

/** The room secrets that a person can read, by version. 32 bytes each. */
export type SecretsByVersion = ReadonlyMap<number, Uint8Array>;

/** Copies that were opened, with the seed that did: opening one costs about a millisecond. */
const opened = new WeakMap<
  AuthorizedEncryptedSecret,
  { readonly seed: SigningKey; readonly secret: Uint8Array | undefined }
>();

function openCopy(copy: AuthorizedEncryptedSecret, seed: SigningKey): Uint8Array | undefined {
  let known = opened.get(copy);
  if (known === undefined || !equalBytes(known.seed, seed)) {
    known = { seed, secret: openSecret(copy.secret, seed) };
    opened.set(copy, known);
  }
  return known.secret;
}

/**
 * Every secret that a person can read: the owner's copies for them, and for versions without one what the invitation brought. A copy
 * that does not open is passed over.
 */
export function readableSecrets(
  secrets: RoomSecrets,
  selfSk: SigningKey | null,
  invitationSecrets: readonly InvitationSecret[],
): SecretsByVersion {
  const readable = new Map<number, Uint8Array>();
  if (selfSk !== null && secrets.encryptedSecrets.length > 0) {
    const selfId = memberId(verifyingKeyOf(selfSk));
    for (const copy of secrets.encryptedSecrets) {
      const { memberId: recipient, secretVersion } = copy.secret;
      if (recipient !== selfId || readable.has(secretVersion)) continue;
      const secret = openCopy(copy, selfSk);
      if (secret !== undefined) readable.set(secretVersion, secret);
    }
  }
  for (const [version, secret] of invitationSecrets) {
    if (!readable.has(version)) readable.set(version, secret);
  }
  return readable;
}

/** The versions of a room's secrets that are not among `readable`, ascending. */
export const missingSecrets = (secrets: RoomSecrets, readable: SecretsByVersion): number[] =>
  secrets.versions
    .map(({ record }) => record.version)
    .filter((version) => !readable.has(version))
    .sort((a, b) => a - b);

/**
 * Seals a value with a room secret.
 *
 * @param nonce 12 fresh random bytes
 */
export const sealBytes = (
  plaintext: Uint8Array,
  secret: Uint8Array,
  secretVersion: number,
  nonce: Uint8Array,
): PrivateBytes => ({
  type: 'Private',
  ciphertext: aesSeal(secret, nonce, plaintext),
  nonce,
  secretVersion,
  declaredLenBytes: plaintext.length,
});

/** The plaintext of a sealed value, or undefined when its secret is not known or does not fit. */
export function openSealed(
  { ciphertext, nonce, secretVersion }: PrivateBytes,
  secrets: SecretsByVersion,
): Uint8Array | undefined {
  const secret = secrets.get(secretVersion);
  return secret && aesOpen(secret, nonce, ciphertext);
}
