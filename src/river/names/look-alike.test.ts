import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FIRST, LAST } from './handle.ts';
import { LookAlikes, skeleton, type ProtectedName } from './look-alike.ts';

const owner = (name: string): ProtectedName<number> => ({ id: 1, name, role: 'owner' });
const resembles = (name: string, protectedName: string): boolean =>
  new LookAlikes([owner(protectedName)]).of(2, name) !== undefined;

describe('a skeleton', () => {
  it.each([
    ['Clarke', 'c1arke'],
    ['Roorn', 'room'],
    ['Ivvor', '1wor'],
    ['Annie', 'annie'],
    ['Ian', '1an'],
    ['lan', '1an'],
    ['Ilan', '11an'],
    ['Lian', 'lian'],
    ['  Ian   Clarke  ', '1an c1arke'],
    ['Ian\u00a0Clarke', '1an c1arke'],
    ['Ian\u3000Clarke', '1an c1arke'],
    ['Ian\u200bClarke', '1anc1arke'],
    ['\u{1d408}\u{1d41a}\u{1d427}', '1an'],
    ['\uff29\uff41\uff4e', '1an'],
    ['\u2115', 'n'],
    ['\u2113', '1'],
    ['\u{1f6e1}', ''],
    ['\u{1d6a4}\u{1d7d8}\u{1d6c2}', 'ioα'],
    ['\u13aaⲘÉØ\u0262', 'ameøg'],
    ['Ŀŀſ\u0301', 'l1s'],
  ])('of %j is %j', (name, expected) => {
    expect(skeleton(name, 'visual')).toBe(expected);
  });

  it('tells every two suggestions apart', () => {
    const all = FIRST.flatMap((first) => LAST.map((last) => `${first} ${last}`));
    const skeletons = new Set(all.map((name) => skeleton(name, 'visual').replaceAll(' ', '')));
    expect([FIRST.length, LAST.length, skeletons.size]).toEqual([100, 100, 10_000]);
    expect(Math.max(...all.map((name) => name.length))).toBeLessThanOrEqual(21);
  });

  it('of anything has no edge spaces and no double ones, in linear time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (name) => {
        const bones = skeleton(name, 'visual');
        return bones === bones.trim() && !/\s\s/u.test(bones);
      }),
    );
    expect(skeleton('rn'.repeat(100_000), 'visual')).toHaveLength(100_000);
  });
});

describe('a look-alike', () => {
  it.each([
    ['IAN CLARKE', 'Ian Clarke'],
    ['R00m 0wner', 'Room Owner'],
    ['lan Clarke', 'Ian Clarke'],
    ['IanClarke', 'Ian Clarke'],
    ['Ad@', 'Ada'],
    ['Аdа', 'Ada'],
    ['Ada', 'Ada'],
  ])('%j is taken for %j', (name, protectedName) => {
    expect(resembles(name, protectedName)).toBe(true);
  });

  it.each([
    ['Ida', 'Ada'],
    ['Adam', 'Ada'],
    ['Unnamed', 'Unnamed'],
    ['Unknown', 'Unknown'],
    ['Quick Otter', 'Quick Otter'],
    ['Quick Otter', 'QU1CK OTTER'],
  ])('%j is not warned of beside %j', (name, protectedName) => {
    expect(resembles(name, protectedName)).toBe(false);
  });

  it('is no protected person, and is told as the first one that it resembles', () => {
    const people = new LookAlikes([owner('Ian'), { id: 3, name: 'lan', role: 'deputy' }]);
    expect(people.of(3, 'lan')).toBeUndefined();
    expect(people.of(1, 'Ian')).toBeUndefined();
    expect(people.of(2, '1an')).toEqual({ id: 1, name: 'Ian', role: 'owner' });
  });
});
