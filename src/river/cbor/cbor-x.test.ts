import { Decoder, Encoder } from 'cbor-x';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../shared/bytes.ts';
import { decodeContent, encodeContent, type Content } from '../content.ts';
import { roomData } from '../room-data.ts';
import { roomDelta, roomState } from '../room-state/room-state.ts';
import { roomSummary } from '../room-state/summary.ts';
import { summarize } from '../room.ts';
import { Dice } from '../testing/dice.ts';
import { HONEST, RandomRooms } from '../testing/random-room.ts';
import { loadRoom } from '../testing/rooms.ts';
import type { UserDataVectors } from '../testing/vectors.ts';
import { readVectors } from '../../../tests/support/vectors.ts';
import { decode, encode, i64, type Codec } from './codec.ts';
import { struct } from './struct.ts';

// cbor-x knows nothing of River or of the reader and writer here: what both read alike from what the other wrote is CBOR.

const theirs = new Decoder({ mapsAsObjects: true, useRecords: false });
/** Keeps keys that are numbers. */
const asMaps = new Decoder({ mapsAsObjects: false, useRecords: false });
const writer = new Encoder({ mapsAsObjects: false, useRecords: false, tagUint8Array: false });

const snake = (key: string): string => key.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/** Where the same value says something else here and there; undefined when it does not. */
function difference(ours: unknown, other: unknown, path = ''): string | undefined {
  if (ours === undefined || ours === null)
    return other === undefined || other === null ? undefined : path;
  if (typeof ours === 'bigint' || typeof ours === 'number') {
    return isNumeric(other) && BigInt(ours) === BigInt(other) ? undefined : path;
  }
  if (ours instanceof Uint8Array) return sameBytes(ours, other) ? undefined : path;
  if (Array.isArray(ours)) return listDifference(ours, other, path);
  if (!isObject(ours)) return ours === other ? undefined : path;
  const { type, ...fields } = ours;
  if (typeof type !== 'string') return fieldsDifference(fields, other, path);
  // an enum: the bare name, or the name with what it carries
  if (other === type) return undefined;
  const payload = isObject(other) ? other[type] : undefined;
  const [single] = Object.values(fields);
  return isObject(payload) && fieldsDifference(fields, payload, path) === undefined
    ? undefined
    : difference(single, payload, `${path}.${type}`);
}

const isNumeric = (value: unknown): value is number | bigint =>
  typeof value === 'bigint' || typeof value === 'number';

const sameBytes = (ours: Uint8Array, other: unknown): boolean =>
  (other instanceof Uint8Array || Array.isArray(other)) &&
  toHex(ours) === toHex(Uint8Array.from(other as Iterable<number>));

function listDifference(
  ours: readonly unknown[],
  other: unknown,
  path: string,
): string | undefined {
  // maps are lists of pairs here; `MembersV1 { members: [...] }` is its list
  if (isObject(other) && !Array.isArray(other)) {
    const [only, ...more] = Object.values(other);
    if (Array.isArray(only) && more.length === 0) return listDifference(ours, only, path);
    const entries = Object.entries(other);
    if (entries.length !== ours.length) return path;
    return ours
      .map((pair, i) => {
        const [key, value] = pair as readonly [unknown, unknown];
        if (String(key) !== entries[i]?.[0]) return `${path}{${i}}`;
        return difference(value, entries[i]?.[1], `${path}{${i}}`);
      })
      .find((each) => each !== undefined);
  }
  if (!Array.isArray(other) || other.length !== ours.length) return path;
  return ours
    .map((each, i) => difference(each, other[i], `${path}[${i}]`))
    .find((each) => each !== undefined);
}

function fieldsDifference(
  ours: Record<string, unknown>,
  other: unknown,
  path: string,
): string | undefined {
  if (!isObject(other)) return path;
  const names = new Set(Object.keys(ours).map(snake));
  const unknown = Object.keys(other).find((name) => !names.has(name));
  if (unknown !== undefined) return `${path}.${unknown}`;
  return Object.entries(ours)
    .filter(([, value]) => !(Array.isArray(value) && value.length === 0))
    .map(([key, value]) => difference(value, other[snake(key)], `${path}.${snake(key)}`))
    .find((each) => each !== undefined);
}

/** What one wrote is read alike by both; and what cbor-x writes of it again is read here to what writes the same bytes. */
function agree<T>(codec: Codec<T>, value: T): void {
  const bytes = encode(codec, value);
  expect(difference(value, theirs.decode(bytes))).toBeUndefined();
  const again = decode(codec, Uint8Array.from(writer.encode(asMaps.decode(bytes))));
  expect(again.ok && toHex(encode(codec, again.value))).toBe(toHex(bytes));
}

describe('cbor-x, as a second opinion', () => {
  it('reads rooms, updates and summaries as they are meant, and is read back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1 << 30 }), (seed) => {
        const rooms = new RandomRooms(new Dice(seed), { ...HONEST, bans: 0.5, singleWriter: true });
        const state = rooms.fresh();
        const update = rooms.delta(state);
        agree(roomState, {
          ...state,
          bans: update.bans ?? [],
          members: update.members ?? [],
          memberInfo: update.memberInfo ?? [],
          recentMessages: update.recentMessages ?? [],
          upgrade: update.upgrade,
        });
        agree(roomDelta, update);
      }),
      { numRuns: 15 },
    );
  });

  it.each(['lively public room', 'own private room'])('reads all of the recorded %s', (name) => {
    const { state, own } = loadRoom(readVectors<UserDataVectors>('user-data'), name);
    agree(roomState, state);
    agree(roomSummary, summarize(state));
    const { unknown, ...known } = { ...own, roomState: state };
    expect(unknown).toEqual([]);
    const bytes = encode(roomData, { ...known, unknown });
    expect(difference(known, theirs.decode(bytes))).toBeUndefined();
  });

  it('is no judge of what River takes: it has no types to refuse by, and ideas of its own about tags', () => {
    const one = struct<{ readonly a: bigint }>({ a: i64 });
    const refused = (hex: string): string => {
      const value = decode(one, fromHex(hex));
      return value.ok ? 'taken' : value.error.reason;
    };
    const twice = 'a2616101616102';
    expect([theirs.decode(fromHex(twice)), refused(twice)]).toEqual([
      { a: 2 },
      'the same field twice',
    ]);
    const half = 'a16161f93800';
    expect([theirs.decode(fromHex(half)), refused(half)]).toEqual([
      { a: 0.5 },
      'expected an integer, found a float',
    ]);
    // behind a tag River reads the number
    const tagged = 'a16161c105';
    expect([theirs.decode(fromHex(tagged)), refused(tagged)]).toEqual([
      { a: new Date(5000) },
      'taken',
    ]);
    const notUtf8 = 'a16161627fff';
    expect(theirs.decode(fromHex(notUtf8))).toEqual({ a: '\u007f\ufffd' });
  });

  it('sees a difference where there is one', () => {
    const { state } = loadRoom(readVectors<UserDataVectors>('user-data'), 'lively public room');
    const general: unknown = theirs.decode(encode(roomState, state));
    const [first, ...others] = state.recentMessages;
    if (!first) throw new Error('no messages');
    const other = { ...first, message: { ...first.message, author: first.message.author + 1n } };
    expect(difference({ ...state, recentMessages: [other, ...others] }, general)).toBe(
      '.recent_messages[0].message.author',
    );
  });

  it('writes what a message says so that it is understood here, and understands what is written here', () => {
    const text = fc.string({ unit: 'binary', maxLength: 40 });
    const target = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
    const content: fc.Arbitrary<Content> = fc.oneof(
      fc.record({ type: fc.constant('text' as const), text }),
      fc.record({
        type: fc.constant('reply' as const),
        text,
        targetMessageId: target,
        targetAuthorName: text,
        targetContentPreview: text,
      }),
    );
    fc.assert(
      fc.property(content, (value) => {
        const { type, ...fields } = value;
        const kind = type === 'text' ? 1 : 3;
        expect(difference(fields, theirs.decode(encodeContent(value)))).toBeUndefined();
        const named = new Map(Object.entries(fields).map(([key, each]) => [snake(key), each]));
        expect(decodeContent(kind, 1, Uint8Array.from(writer.encode(named)))).toEqual(value);
      }),
    );
  });
});
