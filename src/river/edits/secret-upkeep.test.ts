import { describe, expect, it } from 'vitest';
import { readVectors } from '../../../tests/support/vectors.ts';
import { idOfMember } from '../rules/members.ts';
import { millisFromTime, timeFromMillis } from '../system-time.ts';
import { applyVerified, must } from '../testing/edits.ts';
import { edit, loadRoom, type LoadedRoom } from '../testing/rooms.ts';
import type { UserDataVectors } from '../testing/vectors.ts';
import { composeBan } from './bans.ts';
import { composeSecretUpkeep } from './secret-upkeep.ts';

const vectors = readVectors<UserDataVectors>('user-data');
const load = (name: string): LoadedRoom => loadRoom(vectors, name);

/** A private room with nothing owed, the moment of its current secret, and somebody in it. */
async function settled() {
  const room = load('own private room');
  const owed = must(composeSecretUpkeep(edit(room), timeFromMillis(0)));
  if (owed) await applyVerified(room, owed);
  const { versions, currentVersion } = room.state.secrets;
  const current = versions.find(({ record }) => record.version === currentVersion);
  const [member] = room.state.members;
  if (!current || !member) throw new Error('no secret, or nobody in it');
  return { room, since: millisFromTime(current.record.createdAt), member: idOfMember(member) };
}

describe('the upkeep of a secret', () => {
  it('is nothing where nobody lacks any, in a public room, and in somebody else’s', async () => {
    const { room } = await settled();
    expect(must(composeSecretUpkeep(edit(room), timeFromMillis(9e12)))).toBeNull();
    for (const other of ['small public room', 'private room']) {
      expect(must(composeSecretUpkeep(edit(load(other)), timeFromMillis(9e12)))).toBeNull();
    }
  });

  it('hands out what members lack, without another version', async () => {
    const { room } = await settled();
    const version = room.state.secrets.currentVersion;
    const mine = edit(room).author.id;
    room.state.secrets = {
      ...room.state.secrets,
      encryptedSecrets: room.state.secrets.encryptedSecrets.filter(
        ({ secret }) => secret.memberId === mine,
      ),
    };
    const owed = must(composeSecretUpkeep(edit(room), timeFromMillis(9e12)));
    expect(owed?.secrets?.newVersions).toEqual([]);
    expect(owed?.secrets?.newEncryptedSecrets.length).toBeGreaterThan(version);
  });

  it('is another version after a ban that came without one: once, and not before its time', async () => {
    const { room, since, member } = await settled();
    const version = room.state.secrets.currentVersion;
    const bannedAt = since + 5_000;
    await applyVerified(room, must(composeBan(edit(room), member, timeFromMillis(bannedAt))).delta);
    expect(must(composeSecretUpkeep(edit(room), timeFromMillis(bannedAt - 1)))).toBeNull();
    const owed = must(composeSecretUpkeep(edit(room), timeFromMillis(bannedAt + 1)));
    expect(owed?.secrets?.currentVersion).toBe(version + 1);
    if (owed) await applyVerified(room, owed);
    expect(must(composeSecretUpkeep(edit(room), timeFromMillis(bannedAt + 2)))).toBeNull();
    expect(
      room.state.secrets.encryptedSecrets.some(({ secret }) => secret.memberId === member),
    ).toBe(false);
  });
});
