import { describe, expect, it } from 'vitest';
import { readVectors } from '../../tests/support/vectors.ts';
import { EMPTY_DELTA, type RoomDelta } from '../river/room-state/room-state.ts';
import { applyDelta, delta, summarize } from '../river/room.ts';
import { composeBan } from '../river/edits/bans.ts';
import { composeConfiguration } from '../river/edits/configuration.ts';
import { composeText } from '../river/edits/messages.ts';
import { idOfMember } from '../river/rules/members.ts';
import { timeFromMillis } from '../river/system-time.ts';
import { edit, loadRoom, moment } from '../river/testing/rooms.ts';
import type { UserDataVectors } from '../river/testing/vectors.ts';
import { systemRandom } from '../shared/random.ts';
import { freshDelta } from './fresh-delta.ts';

const vectors = readVectors<UserDataVectors>('user-data');

/** The owner's room, and another replica of it as it was. */
function twoReplicas() {
  const room = loadRoom(vectors, 'own private room');
  const other = { ...room.state };
  const before = summarize(other);
  const apply = (made: {
    readonly ok: boolean;
    readonly value?: { readonly delta: RoomDelta };
  }): void => {
    if (!made.value) throw new Error(JSON.stringify(made));
    const applied = applyDelta(room.state, room.params, made.value.delta, room.memo);
    if (!applied.ok) throw new Error(applied.error.reason);
  };
  /** What a node tells a subscriber who subscribed at the beginning. */
  const told = (): RoomDelta => delta(room.state, before) ?? EMPTY_DELTA;
  return { room, other, apply, told };
}

describe('freshDelta', () => {
  it('leaves out what the rules would refuse a second time, and keeps what is new', () => {
    const { room, other, apply, told } = twoReplicas();
    apply(composeConfiguration(edit(room), { name: 'Renamed' }, systemRandom));
    const [member] = room.state.members;
    if (!member) throw new Error('a room without members');
    apply(composeBan(edit(room), idOfMember(member), timeFromMillis(1_900_000_000_000)));
    const first = freshDelta(told(), other);
    expect(first).toEqual(told());
    expect(first && applyDelta(other, room.params, first, room.memo)).toMatchObject({ ok: true });

    apply(composeText(edit(room), 'after it', moment()));
    expect(told().configuration).not.toBeNull();
    expect(told().bans).not.toBeNull();
    const raw = applyDelta({ ...other }, room.params, told(), room.memo);
    expect(raw.ok).toBe(false); // what makes this function necessary
    const second = freshDelta(told(), other);
    expect(second).toMatchObject({ configuration: null, bans: null });
    expect(second?.recentMessages?.length).toBe(1);
    expect(second && applyDelta(other, room.params, second, room.memo)).toMatchObject({ ok: true });
    expect(delta(room.state, summarize(other))).toBeNull();
  });

  it('is nothing when everything is here', () => {
    const { room, apply, told } = twoReplicas();
    apply(composeConfiguration(edit(room), { name: 'Renamed' }, systemRandom));
    expect(freshDelta(told(), room.state)).toBeNull();
    expect(freshDelta(EMPTY_DELTA, room.state)).toBeNull();
  });

  it('keeps a secret’s version, and the copies for members, only where they are missing', () => {
    const { secrets } = loadRoom(vectors, 'own private room').state;
    const state = loadRoom(vectors, 'own private room').state;
    const [version] = secrets.versions;
    if (!version) throw new Error('a private room without secrets');
    const whole: RoomDelta = {
      ...EMPTY_DELTA,
      secrets: {
        currentVersion: secrets.currentVersion,
        newVersions: secrets.versions,
        newEncryptedSecrets: secrets.encryptedSecrets,
      },
    };
    expect(freshDelta(whole, state)).toBeNull();
    const without = { ...state, secrets: { ...secrets, versions: secrets.versions.slice(1) } };
    expect(freshDelta(whole, without)?.secrets).toEqual({
      currentVersion: null,
      newVersions: [version],
      newEncryptedSecrets: [],
    });
  });
});
