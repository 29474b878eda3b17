import { err, ok, type Result } from '../../shared/result.ts';
import { encode } from '../cbor/codec.ts';
import { openSecret, sealSecretFor } from '../crypto/ecies.ts';
import { deriveRoomSecret } from '../crypto/room-secret.ts';
import type { MemberId } from '../ids.ts';
import { sign, type SigningKey, type VerifyingKey } from '../keys.ts';
import { ownerIdOf } from '../room-state/parameters.ts';
import { EMPTY_DELTA, type RoomDelta } from '../room-state/room-state.ts';
import {
  encryptedSecretForMember,
  secretVersionRecord,
  type AuthorizedEncryptedSecret,
  type AuthorizedSecretVersionRecord,
  type SecretsDelta,
} from '../room-state/secrets.ts';
import { bannedIds } from '../rules/ban-authority.ts';
import { membersById, ruleContext } from '../rules/context.ts';
import { idOfMember } from '../rules/members.ts';
import { secretName } from '../rules/secrets.ts';
import { encryptedSecretClaim, secretVersionClaim } from '../signatures/claims.ts';
import type { SystemTime } from '../system-time.ts';
import { isPrivateRoom, type EditRoom } from './author.ts';
import type { EditRefused } from './refused.ts';

/** Somebody to whom secrets are sealed. */
export interface SecretRecipient {
  readonly id: MemberId;
  readonly key: VerifyingKey;
}

export function signVersionRecord(
  version: number,
  createdAt: SystemTime,
  ownerSeed: SigningKey,
): AuthorizedSecretVersionRecord {
  const record = { version, cipherSpec: 'Aes256Gcm', createdAt } as const;
  return { record, ownerSignature: sign(encode(secretVersionRecord, record), ownerSeed) };
}

/** One member's copy of a secret; undefined for a key to which nothing can be sealed. Equal inputs give equal bytes. */
export function signSecretCopy(
  { id, key }: SecretRecipient,
  version: number,
  secret: Uint8Array,
  owner: { readonly seed: SigningKey; readonly id: MemberId },
): AuthorizedEncryptedSecret | undefined {
  const sealed = sealSecretFor(secret, key);
  if (sealed === undefined) return undefined;
  const copy = { memberId: id, secretVersion: version, ...sealed, provider: owner.id };
  const bytes = encode(encryptedSecretForMember, copy);
  return { secret: copy, ownerSignature: sign(bytes, owner.seed) };
}

/**
 * The copies that recipients lack, of the new version and of every older one that the owner's own copies give (version 0 is random,
 * so older ones are never derived again). River's client, its delegate and Weir make the same bytes here.
 *
 * @param recipients in order, the owner first
 */
export function backfillSecrets(
  existing: readonly AuthorizedEncryptedSecret[],
  owner: { readonly seed: SigningKey; readonly id: MemberId },
  newVersion: number,
  newSecret: Uint8Array,
  recipients: readonly SecretRecipient[],
): AuthorizedEncryptedSecret[] {
  const present = new Set(
    existing.map(({ secret }) => secretName(secret.secretVersion, secret.memberId)),
  );
  const known = new Map<number, Uint8Array>();
  for (const { secret: copy } of existing) {
    const { memberId, secretVersion } = copy;
    if (memberId !== owner.id || secretVersion >= newVersion || known.has(secretVersion)) continue;
    const secret = openSecret(copy, owner.seed);
    if (secret !== undefined) known.set(secretVersion, secret);
  }
  known.set(newVersion, newSecret);
  const versions = [...known].sort(([a], [b]) => a - b);
  const copies: AuthorizedEncryptedSecret[] = [];
  for (const recipient of recipients) {
    for (const [version, secret] of versions) {
      if (present.has(secretName(version, recipient.id))) continue;
      const copy = signSecretCopy(recipient, version, secret, owner);
      if (copy !== undefined) copies.push(copy);
    }
  }
  return copies;
}

/** The owner, then the members in the order of the state, without those whom a ban removes. */
function recipientsOf(room: EditRoom): SecretRecipient[] {
  const { state, params, memo } = room;
  const members = membersById(state.members);
  const banned = bannedIds(ruleContext(params, memo), members, state.memberInfo, state.bans);
  return [
    { id: ownerIdOf(params), key: params.owner },
    ...state.members
      .map((each) => ({ id: idOfMember(each), key: each.member.memberVk }))
      .filter(({ id }) => !banned.has(id)),
  ];
}

function secretsDelta(room: EditRoom, delta: SecretsDelta): RoomDelta {
  const { owner } = room.params;
  room.memo.trust([
    ...delta.newVersions.map((each) => secretVersionClaim(each, owner)),
    ...delta.newEncryptedSecrets.map((each) => encryptedSecretClaim(each, owner)),
  ]);
  return { ...EMPTY_DELTA, secrets: delta };
}

const ownerOnly = (room: EditRoom): EditRefused | undefined => {
  if (!room.author.isOwner) return { type: 'NotOwner' };
  if (!isPrivateRoom(room)) return { type: 'NotAllowed', reason: 'The room is not private.' };
  return undefined;
};

/** A new room secret for everyone who is here now: whoever is gone can't read what comes next. */
export function composeRotation(
  room: EditRoom,
  createdAt: SystemTime,
): Result<RoomDelta, EditRefused> {
  const refused = ownerOnly(room);
  if (refused) return err(refused);
  const { state, params, author } = room;
  const version = state.secrets.currentVersion + 1;
  if (version > 0xffff_ffff) {
    return err({ type: 'BreaksRule', reason: 'The room has no further secret version.' });
  }
  const secret = deriveRoomSecret(author.signingKey, params.owner, version);
  const owner = { seed: author.signingKey, id: author.id };
  const { encryptedSecrets } = state.secrets;
  return ok(
    secretsDelta(room, {
      currentVersion: version,
      newVersions: [signVersionRecord(version, createdAt, author.signingKey)],
      newEncryptedSecrets: backfillSecrets(
        encryptedSecrets,
        owner,
        version,
        secret,
        recipientsOf(room),
      ),
    }),
  );
}

/** Copies for members who lack some, without a new version; null when nobody does. */
export function composeMissingSecrets(room: EditRoom): Result<RoomDelta | null, EditRefused> {
  const refused = ownerOnly(room);
  if (refused) return err(refused);
  const { state, author } = room;
  const version = state.secrets.currentVersion;
  const secret = author.secrets.get(version);
  if (secret === undefined) return err({ type: 'SecretMissing', version });
  const owner = { seed: author.signingKey, id: author.id };
  const newEncryptedSecrets = backfillSecrets(
    state.secrets.encryptedSecrets,
    owner,
    version,
    secret,
    recipientsOf(room),
  );
  if (newEncryptedSecrets.length === 0) return ok(null);
  return ok(secretsDelta(room, { currentVersion: null, newVersions: [], newEncryptedSecrets }));
}
