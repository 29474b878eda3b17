import type { RoomDelta, RoomState } from '../river/room-state/room-state.ts';
import { delta as deltaBetween, summarize } from '../river/room.ts';

/**
 * What of a delta a room does not have yet; null when nothing.
 *
 * A node's deltas are against the summary of the subscription, not against what was told since: the same things come again and
 * again. The room's rules take most of them twice, but refuse a whole update for a configuration, ban or secret that is there.
 */
export function freshDelta(delta: RoomDelta, state: RoomState): RoomDelta | null {
  const { secrets, directMessages } = delta;
  const current = state.secrets.currentVersion;
  // a room that had nothing but this: what it has for ours is what is new
  const told: RoomState = {
    configuration: delta.configuration ?? state.configuration,
    bans: delta.bans ?? [],
    members: delta.members ?? [],
    memberInfo: delta.memberInfo ?? [],
    secrets: {
      currentVersion: Math.max(secrets?.currentVersion ?? 0, current),
      versions: secrets?.newVersions ?? [],
      encryptedSecrets: secrets?.newEncryptedSecrets ?? [],
    },
    recentMessages: delta.recentMessages ?? [],
    directMessages: {
      messages: directMessages?.newMessages ?? [],
      purges: directMessages?.advancedPurges ?? [],
    },
    upgrade: delta.upgrade,
    version: state.version,
  };
  return deltaBetween(told, summarize(state));
}
