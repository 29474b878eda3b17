import { describe, expect, it } from 'vitest';
import { readVectors } from '../../tests/support/vectors.ts';
import { createInvitation, invitationCode, parseInvitation } from '../river/invitation.ts';
import { memberId } from '../river/ids.ts';
import { verifyingKeyOf } from '../river/keys.ts';
import { edit, loadRoom as recorded } from '../river/testing/rooms.ts';
import type { UserDataVectors } from '../river/testing/vectors.ts';
import type { RoomKey } from '../shared/brand.ts';
import { toBase58 } from '../shared/bytes.ts';
import { systemRandom } from '../shared/random.ts';
import { ok } from '../shared/result.ts';
import { awaitingRoom, isAwaiting } from './awaiting-room.ts';
import { composeJoining, type JoinDeps } from './join.ts';
import { viewOf } from './listing.ts';
import { loadRoom, type LoadedRoom } from './loaded-room.ts';
import { openTestDatabase } from './testing.ts';
import { changeWholeRoom, type WholeRoomChange } from './whole-room.ts';

const vectors = readVectors<UserDataVectors>('user-data');

/** A guest who has accepted an invitation of the recorded room's person and waits for the room. */
async function guest(name: string) {
  const host = recorded(vectors, name);
  const invited = createInvitation(edit(host), systemRandom);
  if (!invited.ok) throw new Error(invited.error.type);
  const read = parseInvitation(invitationCode(invited.value));
  if (!read.ok) throw new Error(read.error.type);
  const invitation = read.value;
  const deps: JoinDeps = {
    memo: host.memo,
    clock: { now: () => 1_900_000_000_000 },
    random: systemRandom,
  };
  const db = await openTestDatabase();
  const room = toBase58(invitation.room) as RoomKey;
  const change = async (make: (stored: LoadedRoom | undefined) => WholeRoomChange) => {
    const all = { db, ...deps, committed: () => {} };
    const done = await changeWholeRoom(all, room, (stored) => ok(make(stored)));
    if (!done.ok) throw new Error(JSON.stringify(done.error));
  };
  const stored = async (): Promise<LoadedRoom> => {
    const loaded = await loadRoom(db, room, deps.memo);
    if (!loaded.ok || !loaded.value) throw new Error('not stored');
    return loaded.value;
  };
  const data = awaitingRoom({
    owner: invitation.room,
    selfSk: invitation.inviteeSigningKey,
    authorizedMember: invitation.invitee,
    inviteChain: [],
    memberInfo: null,
    nickname: 'New here',
    secrets: invitation.roomSecrets,
    contractCodeHash: new Uint8Array(32).fill(1),
  });
  await change(() => ({ type: 'store', data, joined: true }));
  const id = memberId(verifyingKeyOf(invitation.inviteeSigningKey));
  return { host, deps, change, stored, id };
}

describe.each(['small public room', 'own private room'])('an invitation to the %s', (name) => {
  it('makes its holder a member with a name and a join event once the room arrives', async () => {
    const { host, deps, change, stored, id } = await guest(name);
    expect(isAwaiting((await stored()).state)).toBe(true);
    await change((awaited) => {
      if (!awaited) throw new Error('not stored');
      const join = composeJoining(host.state, awaited.own, deps);
      if (!join.ok) throw new Error(join.error.type);
      return { type: 'arrive', state: host.state, ...join.value };
    });
    const here = await stored();
    const view = viewOf(here);
    expect(isAwaiting(here.state)).toBe(false);
    expect(view.members.find((member) => member.id === id)).toMatchObject({
      nickname: 'New here',
      isSelf: true,
    });
    expect(view.messages(1)[0]).toMatchObject({ kind: 'event', isMine: true, author: id });
    expect(here.own.selfMemberInfo).not.toBeNull();
    expect(
      view.messages().every((message) => message.isReadable || message.kind === 'unsupported'),
    ).toBe(true);
  });

  it('adds nothing for somebody who is a member already', () => {
    const host = recorded(vectors, name);
    const join = composeJoining(host.state, host.own, {
      memo: host.memo,
      clock: { now: () => 1_900_000_000_000 },
      random: systemRandom,
    });
    expect(join.ok && join.value.delta).toBeNull();
  });
});
