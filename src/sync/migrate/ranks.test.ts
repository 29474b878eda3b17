import { describe, expect, it } from 'vitest';
import type { FoundValue } from '../../persist/earlier-rows.ts';
import { decide, PRESENT_DAY, standingOf, type Copy } from './ranks.ts';

/** A room as copies make it, without bytes: what the importer does with each decision. */
class Room {
  status: 'none' | 'present' | 'left' = 'none';
  identity: string | undefined;
  choice: { readonly type: 'leave' | 'join'; readonly seq: number } | undefined;
  readonly found: FoundValue[] = [];
  readonly keys = new Set<string>();
  #seq = 0;

  /** As the person, or the delegate in use, has it. */
  static held(status: 'present' | 'left', identity: string): Room {
    const room = new Room();
    Object.assign(room, { status, identity });
    room.keys.add(identity);
    return room;
  }

  choose(type: 'leave' | 'join', identity = this.identity): void {
    this.choice = { type, seq: ++this.#seq };
    this.status = type === 'join' ? 'present' : 'left';
    this.identity = identity;
  }

  take(copy: Copy): void {
    const isHere = this.status !== 'none';
    const row = isHere
      ? { status: this.status as 'present' | 'left', ...(this.choice && { choice: this.choice }) }
      : undefined;
    const standing = standingOf(this.found, row, this.identity, false);
    const { status, copyFirst, choice } = decide(standing, copy);
    const stores = copy.type === 'room' || (isHere && choice !== undefined);
    const seq = stores ? ++this.#seq : undefined;
    if (stores) {
      this.status = status;
      if (choice) this.choice = { type: choice, seq: seq as number };
      if (copy.type === 'room' && (!isHere || copyFirst)) this.identity = copy.identity;
      if (copy.identity !== undefined) this.keys.add(copy.identity);
    }
    this.found.push({
      key: `${this.found.length}`,
      hash: '',
      held: copy.type,
      rank: copy.rank,
      ...(copy.identity !== undefined && { identity: copy.identity }),
      ...(copy.type === 'room' && !isHere && { created: true }),
      ...(seq !== undefined && { seq }),
      fate: stores ? 'imported' : 'noted',
    });
  }
}

const room = (rank: number, identity: string): Copy => ({ type: 'room', rank, identity });
const left = (rank: number): Copy => ({ type: 'left', rank, identity: undefined });

function permutations<T>(of: readonly T[]): T[][] {
  if (of.length < 2) return [[...of]];
  return of.flatMap((first, i) =>
    permutations([...of.slice(0, i), ...of.slice(i + 1)]).map((rest) => [first, ...rest]),
  );
}

describe('which copy of a room decides', () => {
  it.each<[string, readonly Copy[], string, string]>([
    ['the newest identity wins', [room(2, 'a'), room(5, 'b'), room(9, 'c')], 'present', 'c'],
    [
      'also where the oldest has it too',
      [room(2, 'a'), room(5, 'b'), room(9, 'a')],
      'present',
      'a',
    ],
    ['a newer tombstone takes the room away', [room(2, 'a'), room(3, 'b'), left(7)], 'left', 'b'],
    ['an older one does not', [room(2, 'a'), left(4), room(7, 'b')], 'present', 'b'],
    [
      'the last of several decides',
      [room(1, 'a'), left(2), room(3, 'b'), left(4), room(5, 'c')],
      'present',
      'c',
    ],
    ['left last', [room(1, 'a'), left(2), room(3, 'b'), left(4)], 'left', 'b'],
    [
      'a tombstone in the old blob is older than the key beside it',
      [left(3.5), room(4, 'a')],
      'present',
      'a',
    ],
    ['of equal rank the tombstone wins', [room(4, 'a'), left(4)], 'left', 'a'],
  ])('C33: %s, in any order of arrival', (_, copies, status, identity) => {
    for (const order of permutations(copies)) {
      const held = new Room();
      for (const copy of order) held.take(copy);
      expect([held.status, held.identity], JSON.stringify(order)).toEqual([status, identity]);
      for (const copy of copies) if (copy.identity) expect(held.keys).toContain(copy.identity);
    }
  });

  it('what the delegate in use holds is above every copy', () => {
    for (const status of ['present', 'left'] as const) {
      for (const order of permutations([room(2, 'b'), left(5), room(9, 'c')])) {
        const held = Room.held(status, 'a');
        for (const copy of order) held.take(copy);
        expect([held.status, held.identity, held.choice]).toEqual([status, 'a', undefined]);
      }
    }
  });

  it('A25: what the person decides after an import is above every copy that comes later', () => {
    const leaves = new Room();
    leaves.take(room(2, 'a'));
    leaves.choose('leave');
    leaves.take(room(9, 'b'));
    expect([leaves.status, leaves.identity]).toEqual(['left', 'a']);

    const returns = new Room();
    returns.take(left(5));
    returns.take(room(2, 'a'));
    returns.choose('join', 'mine');
    returns.take(left(9));
    returns.take(room(8, 'b'));
    expect([returns.status, returns.identity]).toEqual(['present', 'mine']);
  });

  it('a room that is not here, and was left in the delegate in use, stays left', () => {
    const standing = standingOf([], undefined, undefined, true);
    expect(standing.leftRank).toBe(PRESENT_DAY);
    expect(decide(standing, room(9, 'a')).status).toBe('left');
  });

  it('an identity that came from elsewhere since is not replaced by a late copy', () => {
    const held = new Room();
    held.take(room(2, 'a'));
    held.identity = 'from another device';
    held.take(room(9, 'b'));
    expect(held.identity).toBe('from another device');
  });
});
