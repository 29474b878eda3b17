import { compareBytes, toHex } from '../../shared/bytes.ts';
import { banId, messageId, signatureDigest } from '../ids.ts';
import type { DirectMessagesDelta } from '../room-state/direct-messages.ts';
import { compareOrderKeys, orderKeyOf } from '../room-state/messages.ts';
import type { RoomDelta, RoomState } from '../room-state/room-state.ts';
import type { SecretsDelta } from '../room-state/secrets.ts';
import {
  compareDmKeys,
  type DirectMessagesSummary,
  type RetentionHorizon,
  type RoomSummary,
  type SecretsSummary,
} from '../room-state/summary.ts';
import { dmKeyOf, pairName } from './direct-messages.ts';
import { idOfMember } from './members.ts';
import { secretName } from './secrets.ts';

/**
 * What a replica with this state has to tell one with that summary, in stored order; null when nothing.
 *
 * A replica whose secrets lag behind still has an (empty) secrets delta to tell, as River's does.
 * Source: river: common/src/room_state/*.rs.
 */
export function deltaForSummary(state: RoomState, summary: RoomSummary): RoomDelta | null {
  const { configuration, upgrade } = state;
  const delta: RoomDelta = {
    configuration:
      configuration.configuration.configurationVersion > summary.configuration
        ? configuration
        : null,
    bans: missing(state.bans, new Set(summary.bans), banId),
    members: missing(state.members, new Set(summary.members), idOfMember),
    memberInfo: memberInfoDelta(state, summary),
    secrets: secretsDelta(state, summary.secrets),
    recentMessages: messagesDelta(state, summary),
    directMessages: directMessagesDelta(state, summary.directMessages),
    upgrade:
      upgrade !== null && (summary.upgrade === null || upgrade.upgrade.version > summary.upgrade)
        ? upgrade
        : null,
    version: null,
  };
  return Object.values(delta).every((value) => value === null) ? null : delta;
}

const some = <T>(items: readonly T[]): readonly T[] | null => (items.length === 0 ? null : items);

const missing = <T, I>(
  items: readonly T[],
  held: ReadonlySet<I>,
  idOf: (item: T) => I,
): readonly T[] | null => some(items.filter((item) => !held.has(idOf(item))));

function memberInfoDelta(state: RoomState, summary: RoomSummary): RoomDelta['memberInfo'] {
  const ranks = new Map(summary.memberInfo);
  return some(
    state.memberInfo.filter(({ memberInfo, signature }) => {
      const rank = ranks.get(memberInfo.memberId);
      if (rank === undefined) return true;
      const [version, digest] = rank;
      if (memberInfo.version !== version) return memberInfo.version > version;
      return compareBytes(signatureDigest(signature), digest) > 0;
    }),
  );
}

function secretsDelta({ secrets }: RoomState, summary: SecretsSummary): SecretsDelta | null {
  const versions = new Set(summary.versionIds);
  const copies = new Set(summary.memberSecrets.map(([version, id]) => secretName(version, id)));
  const newVersions = secrets.versions.filter(({ record }) => !versions.has(record.version));
  const newEncryptedSecrets = secrets.encryptedSecrets.filter(
    ({ secret }) => !copies.has(secretName(secret.secretVersion, secret.memberId)),
  );
  const same = secrets.currentVersion === summary.currentVersion;
  if (same && newVersions.length === 0 && newEncryptedSecrets.length === 0) return null;
  const { currentVersion } = secrets;
  return {
    currentVersion: currentVersion > summary.currentVersion ? currentVersion : null,
    newVersions,
    newEncryptedSecrets,
  };
}

/** Whether the other replica would keep what has this key. */
function isRetained<K>(
  horizon: RetentionHorizon<K>,
  key: K,
  compare: (a: K, b: K) => number,
): boolean {
  switch (horizon.type) {
    case 'Open':
      return true;
    case 'Closed':
      return false;
    case 'OldestRetained':
      return compare(key, horizon.key) > 0;
  }
}

function messagesDelta(
  state: RoomState,
  { recentMessages }: RoomSummary,
): RoomDelta['recentMessages'] {
  const held = new Set(recentMessages.messageIds);
  return some(
    state.recentMessages.filter(
      (each) =>
        !held.has(messageId(each)) &&
        isRetained(recentMessages.horizon, orderKeyOf(each), compareOrderKeys),
    ),
  );
}

function directMessagesDelta(
  { directMessages }: RoomState,
  summary: DirectMessagesSummary,
): DirectMessagesDelta | null {
  const held = new Set(summary.messageSignatures.map(toHex));
  const horizons = new Map(
    summary.pairHorizons.map((each) => [pairName(each), each.oldestRetained] as const),
  );
  const newMessages = directMessages.messages.filter((each) => {
    if (held.has(toHex(each.senderSignature))) return false;
    const key = dmKeyOf(each);
    const oldest = horizons.get(pairName(each.message));
    if (oldest !== undefined && compareDmKeys(key, oldest) <= 0) return false;
    return isRetained(summary.globalHorizon, key, compareDmKeys);
  });
  const versions = new Map(summary.purgeVersions);
  const advancedPurges = directMessages.purges.filter(
    ({ recipientId, state }) => state.version > (versions.get(recipientId) ?? 0n),
  );
  if (newMessages.length === 0 && advancedPurges.length === 0) return null;
  return { newMessages, advancedPurges };
}
