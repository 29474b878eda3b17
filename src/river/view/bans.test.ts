import { describe, expect, it } from 'vitest';
import { applyDelta } from '../room.ts';
import type { RoomState } from '../room-state/room-state.ts';
import { SignatureMemo } from '../signatures/memo.ts';
import {
  banned,
  fresh,
  invited,
  named,
  owner,
  params,
  person,
  update,
} from '../testing/small-room.ts';
import { madeWayFor, viewBans } from './bans.ts';

const ana = person(2);
const bo = person(3);
const cy = person(4);

const source = (change: Partial<RoomState>, limits: { maxUserBans?: number } = {}) => ({
  state: { ...fresh({ maxMembers: 10, ...limits }), ...change },
  params,
  memo: new SignatureMemo(),
});

describe('the bans of a room', () => {
  it('are the newest first, each with whether it works, and why not', () => {
    const bans = [
      banned(owner, bo, 10),
      banned(ana, cy, 20),
      banned(person(9), bo, 30),
      banned(owner, person(8), 40),
    ];
    const members = [invited(ana, owner), invited(cy, owner)];
    const room = source({ bans, members });
    expect(viewBans(room).map(({ target, state }) => [target, state])).toEqual([
      [person(8).id, 'in-force'],
      [bo.id, 'banner-gone'],
      [cy.id, 'no-authority'],
      [bo.id, 'in-force'],
    ]);
    const asDeputy = source({ bans, members, memberInfo: [named(owner, 1, 'o', [ana.id])] });
    expect(viewBans(asDeputy)[2]?.state).toBe('in-force');
  });

  it('that would make way for one more are those that the rules take', () => {
    const members = [invited(ana, owner), invited(cy, owner)];
    const bans = [banned(owner, bo, 10), banned(owner, person(8), 20), banned(ana, cy, 30)];
    const room = source({ bans, members }, { maxUserBans: 3 });
    const going = madeWayFor(room).map(({ id }) => id);
    expect(going).toHaveLength(1);
    const before = viewBans(room).map(({ id }) => id);
    const applied = applyDelta(
      room.state,
      params,
      update({ bans: [banned(owner, ana, 50)] }),
      room.memo,
    );
    expect(applied.ok).toBe(true);
    const after = viewBans(room).map(({ id }) => id);
    expect(before.filter((id) => !after.includes(id))).toEqual(going);
    expect(madeWayFor(source({ bans, members }, { maxUserBans: 4 }))).toEqual([]);
  });
});
