import { describe, expect, it } from 'vitest';
import { readVectors } from '../../../tests/support/vectors.ts';
import { memberId } from '../ids.ts';
import { canonicalInfos } from '../rules/member-info.ts';
import { timeFromMillis } from '../system-time.ts';
import { applyVerified, must, refusal } from '../testing/edits.ts';
import { as, edit, loadRoom, moment, type LoadedRoom } from '../testing/rooms.ts';
import type { UserDataVectors } from '../testing/vectors.ts';
import { banRefusal, composeBan } from './bans.ts';
import { composeAppointment, composeRevocation, deputiesOf } from './deputies.ts';
import type { EditRoom } from './author.ts';

const vectors = readVectors<UserDataVectors>('user-data');
const { random } = moment();

/** The recorded room, the owner, and two members whom the owner invited. */
function sample() {
  const room = loadRoom(vectors, 'lively public room');
  const actor = room.vector.actors['owner'];
  if (!actor) throw new Error('no owner');
  const byOwner = (): EditRoom => as(room, actor);
  const people = Object.values(room.vector.actors)
    .map((each) => as(room, each))
    .filter(({ author, state }) =>
      state.members.some(({ member }) => memberId(member.memberVk) === author.id),
    );
  return { room, byOwner, people };
}

const again = (room: LoadedRoom, { author }: EditRoom): EditRoom => ({ ...edit(room), author });

describe('a deputy', () => {
  it('of the owner may ban whom they could not ban before, until it is taken back', async () => {
    const { room, byOwner, people } = sample();
    const found = people
      .flatMap((a) => people.map((b) => [a, b] as const))
      .find(([a, b]) => a !== b && !isBelow(room, a, b) && !isBelow(room, b, a));
    if (!found) throw new Error('nobody lacks authority');
    const [ana, bo] = found;
    expect(refusal(composeBan(ana, bo.author.id, timeFromMillis(1)))).toBe('NotAllowed');
    await applyVerified(room, must(composeAppointment(byOwner(), ana.author.id, random)).delta);
    expect(deputiesOf(byOwner())).toContain(ana.author.id);
    expect(banRefusal(again(room, ana), bo.author.id)).toBeUndefined();
    const twice = must(composeAppointment(byOwner(), ana.author.id, random));
    expect(twice.memberInfo.memberInfo.deputies.filter((id) => id === ana.author.id)).toHaveLength(
      1,
    );
    await applyVerified(room, must(composeRevocation(byOwner(), ana.author.id, random)).delta);
    expect(banRefusal(again(room, ana), bo.author.id)).toMatchObject({ type: 'NotAllowed' });
    expect(refusal(composeRevocation(byOwner(), ana.author.id, random))).toBe('NotAllowed');
  });

  it('keeps the name of who appoints them', () => {
    const { room, byOwner, people } = sample();
    const before = canonicalInfos(room.state.memberInfo).get(byOwner().author.id);
    const { memberInfo } = must(composeAppointment(byOwner(), people[0]?.author.id ?? 0n, random));
    expect(memberInfo.memberInfo.preferredNickname).toEqual(before?.memberInfo.preferredNickname);
    expect(memberInfo.memberInfo.version).toBe((before?.memberInfo.version ?? 0) + 1);
  });

  it('is nobody who is above, beside, gone, the owner, or oneself', () => {
    const { byOwner, people, room } = sample();
    const owner = byOwner().author.id;
    expect(refusal(composeAppointment(byOwner(), owner, random))).toBe('NotAllowed');
    expect(refusal(composeAppointment(byOwner(), 1n, random))).toBe('NoSuchMember');
    for (const ana of people) {
      expect(refusal(composeAppointment(ana, ana.author.id, random))).toBe('NotAllowed');
      expect(refusal(composeAppointment(ana, owner, random))).toBe('NotAllowed');
      for (const bo of people) {
        if (bo.author.id === ana.author.id) continue;
        const made = refusal(composeAppointment(ana, bo.author.id, random));
        expect(made).toBe(isBelow(room, bo, ana) ? 'made' : 'NotAllowed');
      }
    }
  });
});

/** Whether `a` was invited by `b`, directly or not. */
function isBelow(room: LoadedRoom, a: EditRoom, b: EditRoom): boolean {
  const inviters = new Map(
    room.state.members.map(({ member }) => [memberId(member.memberVk), member.invitedBy]),
  );
  for (let at = inviters.get(a.author.id); at !== undefined; at = inviters.get(at)) {
    if (at === b.author.id) return true;
  }
  return false;
}
