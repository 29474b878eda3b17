import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readVectors } from '../../tests/support/vectors.ts';
import { Writer } from '../river/cbor/writer.ts';
import { encode } from '../river/cbor/codec.ts';
import type { VerifyingKey } from '../river/keys.ts';
import { roomsMeta, type NotificationMode } from '../river/rooms-meta.ts';
import { verifyingKeyOf } from '../river/keys.ts';
import type { RoomKey } from '../shared/brand.ts';
import { concatBytes, fromHex, toBase58 } from '../shared/bytes.ts';
import { NO_PREFERENCES, reordered, takenOver, type ListPreferences } from './list-preferences.ts';
import { mergeOrders } from './order-merge.ts';
import { mergePreferences } from './preferences-merge.ts';
import {
  decodePreferences,
  encodePreferences,
  isPreferenceOwed,
  preferencesOf,
} from './preferences-value.ts';

const user = readVectors<{ rooms_meta: string }>('user-data');

const owners = Array.from({ length: 8 }, (_, i) => verifyingKeyOf(new Uint8Array(32).fill(i + 1)));
const key = (i: number): RoomKey => toBase58(owners[i] as VerifyingKey) as RoomKey;
const rooms = owners.map((_, i) => key(i));
const [A, B, C, D, E] = [key(0), key(1), key(2), key(3), key(4)];

const prefs = (more: Partial<ListPreferences> = {}): ListPreferences => ({
  ...NO_PREFERENCES,
  ...more,
});

/** Every pair whose rooms are the other way round than before. */
const exchanges = (base: readonly RoomKey[], changed: readonly RoomKey[]): [RoomKey, RoomKey][] =>
  changed.flatMap((room, i) =>
    changed
      .slice(i + 1)
      .filter((after) => base.includes(after) && base.indexOf(after) < base.indexOf(room))
      .map((after): [RoomKey, RoomKey] => [room, after]),
  );

describe('two orders that came from one', () => {
  it('keep a move of either side', () => {
    expect(mergeOrders([A, B, C, D], [D, A, B, C], [A, C, B, D])).toEqual([D, A, C, B]);
    expect(mergeOrders([A, B, C, D], [A, B, D, C], [A, C, B, D])).toEqual([A, D, C, B]);
  });

  it('keep what either side has put in place, and have no room that either has taken out', () => {
    expect(mergeOrders([A, B], [A, B, C], [D, A, B])).toEqual([D, A, B, C]);
    expect(mergeOrders([A, B, C], [A, C], [C, A, B])).toEqual([C, A]);
    expect(mergeOrders([A, B, C], [C, A, B], [A, B])).toEqual([A, B]);
    expect(mergeOrders([], [A, B], [C])).toEqual(mergeOrders([], [C], [A, B]));
    expect(mergeOrders([], [B, A, C], [A, B])).toEqual([B, A, C]);
  });

  const shuffled = (of: readonly RoomKey[]) =>
    fc.shuffledSubarray([...of], { minLength: of.length });

  it('have every exchange that either side has made, and are the same whichever side is mine', () => {
    const three = fc
      .shuffledSubarray(rooms, { minLength: 2 })
      .chain((base) => fc.tuple(fc.constant(base), shuffled(base), shuffled(base)));
    fc.assert(
      fc.property(three, ([base, mine, theirs]) => {
        const merged = mergeOrders(base, mine, theirs);
        expect(merged).toEqual(mergeOrders(base, theirs, mine));
        expect([...merged].sort()).toEqual([...base].sort());
        for (const [first, second] of [...exchanges(base, mine), ...exchanges(base, theirs)]) {
          expect(merged.indexOf(first)).toBeLessThan(merged.indexOf(second));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('are nothing new a second time, and have no room twice', () => {
    const some = fc.shuffledSubarray(rooms);
    fc.assert(
      fc.property(some, some, some, (base, mine, theirs) => {
        const merged = mergeOrders(base, mine, theirs);
        expect(new Set(merged).size).toBe(merged.length);
        const all = new Set([...mine, ...theirs]);
        const out = (room: RoomKey): boolean =>
          base.includes(room) && !(mine.includes(room) && theirs.includes(room));
        expect(new Set(merged)).toEqual(new Set([...all].filter((room) => !out(room))));
        expect(mergeOrders(theirs, merged, theirs)).toEqual(merged);
        expect(mergeOrders(base, merged, merged)).toEqual(merged);
      }),
      { numRuns: 300 },
    );
  });
});

describe('what was decided about the list on two sides', () => {
  const modes = fc.dictionary(
    fc.constantFrom<string>(...rooms),
    fc.constantFrom<NotificationMode>('All', 'MentionsAndReplies', 'Muted'),
    { noNullPrototype: true },
  );

  it('is merged room by room, and a decision here is never lost to one about another room', () => {
    fc.assert(
      fc.property(modes, modes, modes, (base, here, node) => {
        const merged = mergePreferences(
          prefs({ modes: base }),
          prefs({ modes: here }),
          prefs({ modes: node }),
        );
        for (const room of rooms) {
          const expected = here[room] === base[room] ? node[room] : here[room];
          expect(merged.modes[room]).toBe(expected);
        }
        const back = mergePreferences(prefs({ modes: node }), merged, prefs({ modes: node }));
        expect(back).toEqual(merged);
      }),
    );
  });

  it('is the same whichever side is here, where they are about different rooms', () => {
    fc.assert(
      fc.property(modes, modes, modes, (base, here, node) => {
        const one = { ...base, ...here };
        const other = { ...base };
        for (const [room, mode] of Object.entries(node))
          if (one[room] === base[room]) other[room] = mode;
        const merge = (a: typeof one, b: typeof one) =>
          mergePreferences(prefs({ modes: base }), prefs({ modes: a }), prefs({ modes: b })).modes;
        expect(merge(one, other)).toEqual(merge(other, one));
      }),
    );
  });

  it('takes the node’s word for the room that River opens with, and for fields of newer versions', () => {
    const field = (name: string, value: string) => {
      const writer = new Writer();
      writer.text(name);
      writer.text(value);
      return { name, bytes: writer.finish() };
    };
    const base = prefs({ current: A, unknown: [field('later', '1')] });
    const node = prefs({ current: B, unknown: [field('later', '2'), field('newer', '1')] });
    expect(mergePreferences(base, base, node)).toEqual(node);
    expect(mergePreferences(NO_PREFERENCES, node, NO_PREFERENCES)).toEqual(node);
    expect(mergePreferences(base, prefs({ ...base, order: [A] }), base)).toEqual(
      prefs({ ...base, order: [A] }),
    );
  });

  it('forgets how old it was as soon as the node says otherwise', () => {
    const here = takenOver(
      NO_PREFERENCES,
      { order: [A, B], modes: { [A]: 'Muted', [B]: 'Muted' } },
      3,
    );
    const node = prefs({ order: [B, A], modes: { [A]: 'All', [B]: 'Muted' } });
    const merged = mergePreferences({ ...here }, here, node);
    expect(merged.ranks).toEqual({ modes: { [B]: 3 } });
    expect(takenOver(merged, { order: [C], modes: { [A]: 'Muted' } }, 4)).toMatchObject({
      order: [B, A],
      modes: { [A]: 'All' },
    });
  });
});

describe('what earlier delegates hold of the list', () => {
  it('is decided by the newest that says anything, in whatever order they answer; what was decided here stays', () => {
    const copies = [
      { rank: 1, order: [C, A], modes: { [A]: 'Muted', [B]: 'Muted', [D]: 'All' } },
      { rank: 2, order: [], modes: { [A]: 'All' } },
      { rank: 1.5, order: [A, E], modes: { [B]: 'MentionsAndReplies', [C]: 'Muted' } },
    ] as const;
    const here = prefs({ modes: { [C]: 'All' } });
    fc.assert(
      fc.property(fc.shuffledSubarray([...copies], { minLength: 3 }), (all) => {
        let held = here;
        for (const { rank, ...found } of all) held = takenOver(held, found, rank);
        expect(held.order).toEqual([A, E]);
        expect(held.modes).toEqual({
          [A]: 'All',
          [B]: 'MentionsAndReplies',
          [C]: 'All',
          [D]: 'All',
        });
      }),
    );
    expect(takenOver(prefs({ order: [B] }), { order: [A], modes: {} }, 9).order).toEqual([B]);
  });
});

describe('the order that is stored when what is seen was put in another', () => {
  it('has places for the room that was moved, and for those above it; what is below follows its messages', () => {
    expect(reordered([], [B, A, C], B)).toEqual([B]);
    expect(reordered([], [B, A, C], A)).toEqual([B, A]);
    expect(reordered([A, B, C], [B, A, C, D], B)).toEqual([B, A, C]);
    expect(reordered([A], [B, C, A, D], A)).toEqual([B, C, A]);
  });

  it('keeps rooms that are not seen behind the one that they stood behind', () => {
    expect(reordered([A, E, B, D], [B, A], B)).toEqual([B, D, A, E]);
    expect(reordered([E, A], [A, B], A)).toEqual([E, A]);
  });
});

describe('the delegate’s value', () => {
  it('of a recorded user is written as it was read', () => {
    const bytes = fromHex(user.rooms_meta);
    const decoded = decodePreferences(bytes);
    if (!decoded.ok) throw new Error(decoded.error.reason);
    expect(Object.keys(decoded.value.modes).length + decoded.value.order.length).toBeGreaterThan(0);
    const again = decodePreferences(encodePreferences(decoded.value));
    expect(again).toEqual(decoded);
    expect(isPreferenceOwed(decoded.value, new Set(), decoded.value)).toBe(false);
  });

  it('keeps fields that this version does not know, has no place for rooms that were left, and keeps their mode', () => {
    const writer = new Writer();
    writer.text('pinned');
    writer.text('yes');
    const value = encode(roomsMeta, {
      currentRoomKey: owners[2] as VerifyingKey,
      notificationModes: [[owners[1] as VerifyingKey, 'Muted']],
      roomOrder: [owners[1], owners[0], owners[1]] as VerifyingKey[],
      unknown: [{ name: 'pinned', bytes: writer.finish() }],
    });
    const read = decodePreferences(value);
    if (!read.ok) throw new Error(read.error.reason);
    expect(read.value).toMatchObject({ order: [B, A], modes: { [B]: 'Muted' }, current: C });
    const written = decodePreferences(encodePreferences(read.value, new Set([B])));
    expect(written).toEqual({ ok: true, value: { ...read.value, order: [A] } });
    expect(isPreferenceOwed(read.value, new Set([B]), read.value)).toBe(true);
  });

  it('that is none is told by its path', () => {
    const bytes = concatBytes([
      new Uint8Array([0xa1]),
      encode(roomsMeta, {
        currentRoomKey: null,
        notificationModes: [],
        roomOrder: [],
        unknown: [],
      }).subarray(1, 18),
      new Uint8Array([0x41, 0]),
    ]);
    const decoded = decodePreferences(bytes);
    expect(decoded).toMatchObject({ ok: false, error: { path: 'rooms_meta.current_room_key' } });
  });

  it('of River, as rows', () => {
    const meta = { currentRoomKey: null, notificationModes: [], roomOrder: [], unknown: [] };
    expect(preferencesOf(meta)).toEqual(NO_PREFERENCES);
  });
});
