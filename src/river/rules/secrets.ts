import { compareIds, memberLabel, type MemberId } from '../ids.ts';
import type { RoomState } from '../room-state/room-state.ts';
import type {
  AuthorizedEncryptedSecret,
  AuthorizedSecretVersionRecord,
  RoomSecrets,
  SecretsDelta,
} from '../room-state/secrets.ts';
import { encryptedSecretClaim, secretVersionClaim } from '../signatures/claims.ts';
import { broken, keep, membersById, sorted, type RuleContext } from './context.ts';

// river: common/src/room_state/secret.rs

export function verifySecrets({ owner, signatures }: RuleContext, secrets: RoomSecrets): void {
  for (const [i, record] of secrets.versions.entries()) {
    if (!signatures.isValid(secretVersionClaim(record, owner))) {
      broken(`secrets.versions[${i}]: not signed by the owner`);
    }
  }
  for (const [i, record] of secrets.encryptedSecrets.entries()) {
    if (!signatures.isValid(encryptedSecretClaim(record, owner))) {
      broken(`secrets.encrypted_secrets[${i}]: not signed by the owner`);
    }
  }
  const highest = secrets.versions.reduce((most, { record }) => Math.max(most, record.version), 0);
  if (secrets.currentVersion !== highest) {
    broken(`secrets: the current version is ${secrets.currentVersion}, the highest is ${highest}`);
  }
}

const compareVersions = (
  a: AuthorizedSecretVersionRecord,
  b: AuthorizedSecretVersionRecord,
): number => a.record.version - b.record.version;

const compareSecrets = (a: AuthorizedEncryptedSecret, b: AuthorizedEncryptedSecret): number =>
  a.secret.secretVersion - b.secret.secretVersion ||
  compareIds(a.secret.memberId, b.secret.memberId);

/** Names one member's copy of one version. */
export const secretName = (version: number, member: MemberId): string => `${version}/${member}`;

export function applySecrets(
  context: RuleContext,
  room: RoomState,
  delta: SecretsDelta | null,
): RoomSecrets {
  const taken = delta === null ? room.secrets : takeSecrets(context, room, delta);
  const versions = sorted(taken.versions, compareVersions);
  const encryptedSecrets = sorted(taken.encryptedSecrets, compareSecrets);
  if (versions === taken.versions && encryptedSecrets === taken.encryptedSecrets) return taken;
  return { currentVersion: taken.currentVersion, versions, encryptedSecrets };
}

function takeSecrets(context: RuleContext, room: RoomState, delta: SecretsDelta): RoomSecrets {
  const { owner, ownerId, signatures } = context;
  const { secrets } = room;
  const members = membersById(room.members);
  const isHere = ({ secret }: AuthorizedEncryptedSecret): boolean =>
    secret.memberId === ownerId || members.has(secret.memberId);

  const known = new Set(secrets.versions.map(({ record }) => record.version));
  for (const [i, each] of delta.newVersions.entries()) {
    if (!signatures.isValid(secretVersionClaim(each, owner))) {
      broken(`secrets.new_versions[${i}]: not signed by the owner`);
    }
    const { version } = each.record;
    if (known.has(version)) broken(`secrets: version ${version} is here already`);
    known.add(version);
  }

  const copies = new Set(
    secrets.encryptedSecrets.map(({ secret }) => secretName(secret.secretVersion, secret.memberId)),
  );
  const added: AuthorizedEncryptedSecret[] = [];
  for (const [i, each] of delta.newEncryptedSecrets.entries()) {
    if (!signatures.isValid(encryptedSecretClaim(each, owner))) {
      broken(`secrets.new_encrypted_secrets[${i}]: not signed by the owner`);
    }
    if (!isHere(each)) continue;
    const { secretVersion, memberId } = each.secret;
    if (!known.has(secretVersion))
      broken(`secrets: a copy of the unknown version ${secretVersion}`);
    const name = secretName(secretVersion, memberId);
    if (copies.has(name)) {
      broken(`secrets: ${memberLabel(memberId)} has a copy of version ${secretVersion} already`);
    }
    copies.add(name);
    added.push(each);
  }

  let { currentVersion } = secrets;
  if (delta.currentVersion !== null) {
    if (delta.currentVersion <= currentVersion) {
      broken(`secrets: current version ${delta.currentVersion} is not above ${currentVersion}`);
    }
    if (!known.has(delta.currentVersion)) {
      broken(`secrets: current version ${delta.currentVersion} has no record`);
    }
    currentVersion = delta.currentVersion;
  }
  return {
    currentVersion,
    versions: [...secrets.versions, ...delta.newVersions],
    encryptedSecrets: keep([...secrets.encryptedSecrets, ...added], isHere),
  };
}
