import { describe, expect, it } from 'vitest';
import { readVectors } from '../../../tests/support/vectors.ts';
import { memberId } from '../ids.ts';
import { RoomView } from '../room-view.ts';
import { timeFromMillis } from '../system-time.ts';
import { as, edit, loadRoom, moment, type LoadedRoom } from '../testing/rooms.ts';
import { applyVerified, must, refusal } from '../testing/edits.ts';
import type { UserDataVectors } from '../testing/vectors.ts';
import { composeBan } from './bans.ts';
import { composeMemberInfo } from './member-info.ts';

const vectors = readVectors<UserDataVectors>('user-data');
const load = (name: string): LoadedRoom => loadRoom(vectors, name);

const { random } = moment();
const now = 1_900_000_000n;

describe('a member info', () => {
  it('takes a new nickname and keeps the deputies, and the other way round', async () => {
    const room = load('lively public room');
    const first = must(composeMemberInfo(edit(room), { nickname: 'Märit' }, random));
    await applyVerified(room, first.delta);
    expect(new RoomView(room.state, room.own).members.find(({ isSelf }) => isSelf)?.nickname).toBe(
      'Märit',
    );
    const second = must(composeMemberInfo(edit(room), { deputies: [7n] }, random));
    await applyVerified(room, second.delta);
    expect(second.memberInfo.memberInfo).toMatchObject({
      version: first.memberInfo.memberInfo.version + 1,
      deputies: [7n],
      preferredNickname: first.memberInfo.memberInfo.preferredNickname,
    });
  });

  it('is sealed in a private room, and refused when too long or empty', async () => {
    const room = load('private room');
    const { delta, memberInfo } = must(
      composeMemberInfo(edit(room), { nickname: 'Secret' }, random),
    );
    expect(memberInfo.memberInfo.preferredNickname.type).toBe('Private');
    await applyVerified(room, delta);
    expect(new RoomView(room.state, room.own).members.find(({ isSelf }) => isSelf)?.nickname).toBe(
      'Secret',
    );
    expect(refusal(composeMemberInfo(edit(room), { nickname: 'x'.repeat(51) }, random))).toBe(
      'TooLong',
    );
    expect(refusal(composeMemberInfo(edit(room), { nickname: '' }, random))).toBe('Empty');
    const many = Array.from({ length: 65 }, (_, i) => BigInt(i));
    expect(refusal(composeMemberInfo(edit(room), { deputies: many }, random))).toBe('BreaksRule');
  });
});

describe('a ban', () => {
  it('removes the member, everyone they invited, and their messages', async () => {
    const room = load('lively public room');
    const owner = room.vector.actors['owner'];
    if (!owner) throw new Error('no owner');
    const byOwner = as(room, owner);
    const inviters = new Set(room.state.members.map(({ member }) => member.invitedBy));
    const target = room.state.members.find(({ member }) => inviters.has(memberId(member.memberVk)));
    if (!target) throw new Error('nobody has invited anybody');
    const id = memberId(target.member.memberVk);
    const before = room.state.members.length;
    const changes = await applyVerified(
      room,
      must(composeBan(byOwner, id, timeFromMillis(Number(now) * 1000))).delta,
    );
    expect(changes.fields.has('bans')).toBe(true);
    expect(room.state.members.length).toBeLessThan(before - 1);
    expect(room.state.recentMessages.some(({ message }) => message.author === id)).toBe(false);
    expect(refusal(composeBan(as(room, owner), id, timeFromMillis(1)))).toBe('NoSuchMember');
  });

  it('is refused of the owner, oneself, an ancestor, and without authority', () => {
    const room = load('lively public room');
    const me = edit(room);
    const time = timeFromMillis(1);
    expect(refusal(composeBan(me, new RoomView(room.state, room.own).ownerId, time))).toBe(
      'NotAllowed',
    );
    expect(refusal(composeBan(me, me.author.id, time))).toBe('NotAllowed');
    const own = room.state.members.find(({ member }) => memberId(member.memberVk) === me.author.id);
    expect(refusal(composeBan(me, own?.member.invitedBy ?? 0n, time))).toBe('NotAllowed');
    const others = room.state.members.map(({ member }) => memberId(member.memberVk));
    const outcomes = new Set(others.map((id) => refusal(composeBan(me, id, time))));
    expect(outcomes).toContain('NotAllowed');
  });
});
