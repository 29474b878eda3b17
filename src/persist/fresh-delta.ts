import { banId } from '../river/ids.ts';
import type { RoomDelta, RoomState } from '../river/room-state/room-state.ts';
import type { SecretsDelta } from '../river/room-state/secrets.ts';

/**
 * What of a delta a room does not have yet; null when nothing.
 *
 * A node's deltas are against the summary of the subscription, not against what was told since: the same things come again and
 * again. The room's rules take most of them twice, but refuse a whole update for a configuration, ban or secret that is there.
 */
export function freshDelta(delta: RoomDelta, state: RoomState): RoomDelta | null {
  const { configuration, upgrade } = delta;
  const bans = new Set(state.bans.map(banId));
  const fresh: RoomDelta = {
    ...delta,
    configuration:
      configuration !== null &&
      configuration.configuration.configurationVersion >
        state.configuration.configuration.configurationVersion
        ? configuration
        : null,
    bans: some(delta.bans?.filter((ban) => !bans.has(banId(ban)))),
    secrets: delta.secrets && freshSecrets(delta.secrets, state),
    upgrade:
      upgrade !== null && upgrade.upgrade.version > (state.upgrade?.upgrade.version ?? -1)
        ? upgrade
        : null,
  };
  return Object.values(fresh).every((field) => field === null) ? null : fresh;
}

const some = <T>(items: readonly T[] | undefined): readonly T[] | null =>
  items && items.length > 0 ? items : null;

function freshSecrets(delta: SecretsDelta, { secrets }: RoomState): SecretsDelta | null {
  const versions = new Set(secrets.versions.map(({ record }) => record.version));
  const copies = new Set(
    secrets.encryptedSecrets.map(({ secret }) => `${secret.secretVersion} ${secret.memberId}`),
  );
  const newVersions = delta.newVersions.filter(({ record }) => !versions.has(record.version));
  const newEncryptedSecrets = delta.newEncryptedSecrets.filter(
    ({ secret }) => !copies.has(`${secret.secretVersion} ${secret.memberId}`),
  );
  const { currentVersion } = delta;
  const isNewer = currentVersion !== null && currentVersion > secrets.currentVersion;
  if (!isNewer && newVersions.length === 0 && newEncryptedSecrets.length === 0) return null;
  return { currentVersion: isNewer ? currentVersion : null, newVersions, newEncryptedSecrets };
}
