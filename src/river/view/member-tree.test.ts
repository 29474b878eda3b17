import { describe, expect, it } from 'vitest';
import { memberId, type MemberId } from '../ids.ts';
import type { RoomState } from '../room-state/room-state.ts';
import { fresh, invited, named, owner, person } from '../testing/small-room.ts';
import { memberTree, type MemberPlace } from './member-tree.ts';
import { viewMembers } from './members.ts';

const [ana, bo, cy, dee, eli, fay] = [2, 3, 4, 5, 6, 7].map(person) as [
  typeof owner,
  typeof owner,
  typeof owner,
  typeof owner,
  typeof owner,
  typeof owner,
];
const names = new Map([
  [owner.id, 'owner'],
  [ana.id, 'ana'],
  [bo.id, 'bo'],
  [cy.id, 'cy'],
  [dee.id, 'dee'],
  [eli.id, 'eli'],
  [fay.id, 'fay'],
]);
const name = (id: MemberId): string => names.get(id) ?? String(id);

/** owner → ana → bo → cy, owner → dee → eli. */
const state = (change: Partial<RoomState> = {}): RoomState => ({
  ...fresh({ maxMembers: 20 }),
  members: [
    invited(ana, owner),
    invited(bo, ana),
    invited(cy, bo),
    invited(dee, owner),
    invited(eli, dee),
  ],
  ...change,
});

function tree(of: RoomState, viewer = bo): MemberPlace[] {
  const members = viewMembers(of, owner.id, viewer.id, new Map());
  return memberTree({ state: of, ownerId: owner.id, selfId: viewer.id, members });
}

const drawn = (places: readonly MemberPlace[]): string[] =>
  places.map(({ member, depth }) => `${'.'.repeat(depth)}${name(member.id)}`);

const at = (places: readonly MemberPlace[], { id }: typeof owner): MemberPlace => {
  const found = places.find(({ member }) => member.id === id);
  if (!found) throw new Error(`${name(id)} is not in the tree`);
  return found;
};

describe('the tree of members', () => {
  it('has the viewer first, then everybody below who invited them', () => {
    expect(drawn(tree(state()))).toEqual(['..bo', 'owner', '.ana', '...cy', '.dee', '..eli']);
  });

  it('says what each is to the viewer', () => {
    const places = tree(state({ members: [...state().members, invited(fay, cy)] }));
    expect(places.map(({ member, relation }) => [name(member.id), relation])).toEqual([
      ['bo', undefined],
      ['owner', 'above-you'],
      ['ana', 'invited-you'],
      ['cy', 'invited-by-you'],
      ['fay', 'in-your-network'],
      ['dee', undefined],
      ['eli', undefined],
    ]);
  });

  it('hangs a deputy under who appointed them, before the others there', () => {
    const places = tree(state({ memberInfo: [named(owner, 1, 'o', [eli.id])] }));
    expect(drawn(places)).toEqual(['..bo', 'owner', '.eli', '.ana', '...cy', '.dee']);
    expect(at(places, eli)).toMatchObject({ isDeputy: true, canBanViewer: true, inviter: dee.id });
    expect(at(places, owner).deputies).toEqual([eli.id]);
  });

  it('takes the highest of several who appointed one, and leaves those aside who don’t matter to the viewer', () => {
    const infos = [
      named(dee, 1, 'd', [cy.id, fay.id]),
      named(ana, 1, 'a', [eli.id]),
      named(owner, 1, 'o', [eli.id]),
    ];
    const places = tree(state({ memberInfo: infos }));
    expect(drawn(places)).toEqual(['..bo', 'owner', '.eli', '.ana', '...cy', '.dee']);
    expect(at(places, eli).appointers).toEqual([owner.id, ana.id]);
    expect(at(places, cy)).toMatchObject({ isDeputy: false, appointers: [dee.id] });
    expect(at(places, dee).deputies).toEqual([cy.id]); // fay is not here
    expect(drawn(tree(state({ memberInfo: infos }), eli))).toEqual([
      '.eli',
      'owner',
      '.ana',
      '..bo',
      '.dee',
      '..cy',
    ]);
  });

  it('hangs nobody below themselves', () => {
    const infos = [named(bo, 1, 'b', [ana.id, owner.id]), named(ana, 1, 'a', [ana.id])];
    const places = tree(state({ memberInfo: infos }));
    expect(drawn(places)).toEqual(['..bo', 'owner', '.ana', '...cy', '.dee', '..eli']);
    expect(at(places, ana)).toMatchObject({ isDeputy: true, deputies: [], appointers: [bo.id] });
    expect(at(places, owner).isDeputy).toBe(false);
  });

  it('puts those last whose inviter is unknown, and goes round no circle for ever', () => {
    const unknown = person(99);
    const lost = [invited(fay, unknown), ...state().members];
    expect(drawn(tree(state({ members: lost }))).at(-1)).toBe('.fay');
    const circle = [invited(ana, bo), invited(bo, ana), invited(dee, owner)];
    expect(drawn(tree(state({ members: circle })))).toEqual(['..bo', 'owner', '.dee', '.ana']);
  });

  it('of a chain of a thousand is drawn without recursion, and quickly', () => {
    const chain = Array.from({ length: 1_000 }, (_, i) => {
      const key = new Uint8Array(32);
      key[0] = i >> 8; // only their ids matter here
      key[16] = i & 255;
      return { seed: owner.seed, key, id: memberId(key) };
    });
    const members = chain.map((each, i) => invited(each, chain[i - 1] ?? owner));
    const started = performance.now();
    const places = tree(state({ members }), chain.at(-1));
    expect(performance.now() - started).toBeLessThan(2_000);
    expect([places.length, places[0]?.depth, places.at(-1)?.depth]).toEqual([1_001, 1_000, 999]);
  });
});
