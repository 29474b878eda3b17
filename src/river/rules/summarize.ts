import { compareBytes } from '../../shared/bytes.ts';
import { banId, compareIds, messageId, signatureDigest } from '../ids.ts';
import { effectiveMaxDirectMessages } from '../room-state/configuration.ts';
import {
  MAX_DM_MESSAGES_PER_PAIR,
  type AuthorizedDirectMessage,
} from '../room-state/direct-messages.ts';
import { compareOrderKeys, orderKeyOf } from '../room-state/messages.ts';
import type { RoomState } from '../room-state/room-state.ts';
import {
  compareDmKeys,
  type DirectMessagesSummary,
  type DmPairHorizon,
  type RetentionHorizon,
  type RoomSummary,
} from '../room-state/summary.ts';
import { byPair, dmKeyOf } from './direct-messages.ts';
import { canonicalInfos } from './member-info.ts';
import { idOfMember } from './members.ts';

/** What a replica with this state holds; the same for any order of its lists. Source: river: common/src/room_state/*.rs. */
export function summarizeRoom(state: RoomState): RoomSummary {
  const { configuration } = state.configuration;
  const { secrets } = state;
  return {
    configuration: configuration.configurationVersion,
    bans: uniqueSorted(state.bans.map(banId), compareIds),
    members: uniqueSorted(state.members.map(idOfMember), compareIds),
    memberInfo: [...canonicalInfos(state.memberInfo)]
      .map(([id, { memberInfo, signature }]) => {
        return [id, [memberInfo.version, signatureDigest(signature)]] as const;
      })
      .sort((a, b) => compareIds(a[0], b[0])),
    secrets: {
      currentVersion: secrets.currentVersion,
      versionIds: uniqueSorted(
        secrets.versions.map(({ record }) => record.version),
        (a, b) => a - b,
      ),
      memberSecrets: uniqueSorted(
        secrets.encryptedSecrets.map(
          ({ secret }) => [secret.secretVersion, secret.memberId] as const,
        ),
        (a, b) => a[0] - b[0] || compareIds(a[1], b[1]),
      ),
    },
    recentMessages: {
      messageIds: uniqueSorted(state.recentMessages.map(messageId), compareIds),
      horizon: horizon(
        state.recentMessages.map(orderKeyOf),
        configuration.maxRecentMessages,
        compareOrderKeys,
      ),
    },
    directMessages: summarizeDirectMessages(state),
    upgrade: state.upgrade?.upgrade.version ?? null,
    version: state.version,
  };
}

function summarizeDirectMessages({
  directMessages,
  configuration,
}: RoomState): DirectMessagesSummary {
  const { messages, purges } = directMessages;
  return {
    messageSignatures: uniqueSorted(
      messages.map(({ senderSignature }) => senderSignature),
      compareBytes,
    ),
    purgeVersions: purges
      .map(({ recipientId, state }) => [recipientId, state.version] as const)
      .sort((a, b) => compareIds(a[0], b[0])),
    pairHorizons: pairHorizons(messages),
    globalHorizon: horizon(
      messages.map(dmKeyOf),
      effectiveMaxDirectMessages(configuration.configuration),
      compareDmKeys,
    ),
  };
}

function pairHorizons(messages: readonly AuthorizedDirectMessage[]): DmPairHorizon[] {
  const horizons: DmPairHorizon[] = [];
  for (const pair of byPair(messages).values()) {
    const [first] = pair;
    if (first === undefined || pair.length < MAX_DM_MESSAGES_PER_PAIR) continue;
    const { sender, recipient } = first.message;
    horizons.push({ sender, recipient, oldestRetained: least(pair.map(dmKeyOf), compareDmKeys) });
  }
  return horizons.sort(
    (a, b) => compareIds(a.sender, b.sender) || compareIds(a.recipient, b.recipient),
  );
}

function horizon<K>(
  keys: readonly K[],
  most: number,
  compare: (a: K, b: K) => number,
): RetentionHorizon<K> {
  if (most === 0) return { type: 'Closed' };
  if (keys.length < most) return { type: 'Open' };
  return { type: 'OldestRetained', key: least(keys, compare) };
}

const least = <K>(keys: readonly K[], compare: (a: K, b: K) => number): K =>
  keys.reduce((best, key) => (compare(key, best) < 0 ? key : best));

function uniqueSorted<T>(items: T[], compare: (a: T, b: T) => number): T[] {
  items.sort(compare);
  return items.filter((item, i) => i === 0 || compare(items[i - 1] as T, item) !== 0);
}
