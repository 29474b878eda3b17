import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readVectors } from '../../tests/support/vectors.ts';
import type { OutboundDm, OutboundDmStore } from '../river/outbound-dms.ts';
import type { RoomKey } from '../shared/brand.ts';
import { fromBase58, fromHex, toBase58, toHex } from '../shared/bytes.ts';
import { asOnNode, isOwed, mergeOfNode, mergeOutbound } from './outbound-merge.ts';
import {
  decodeOutbound,
  encodeOutbound,
  outboundStoreOf,
  type OutboundRows,
} from './outbound-rows.ts';
import type { DmThreadRow, OutboundDmRow } from './schema.ts';

const recorded = readVectors<{ outbound_dms: string }>('user-data').outbound_dms;
const EMPTY: OutboundRows = { dms: [], threads: [], unknown: [] };
const ROOM = toBase58(new Uint8Array(32).fill(9)) as RoomKey;

const dm = (
  token: number,
  timestamp: number,
  more: Partial<OutboundDmRow> = {},
): OutboundDmRow => ({
  room: ROOM,
  sender: '5',
  recipient: '-2',
  token: toHex(
    Uint8Array.from({ length: 16 }, (_, i) => (i < 2 ? (token >> (8 - 8 * i)) & 255 : 0)),
  ),
  timestamp: BigInt(timestamp),
  plaintext: `number ${token} at ${timestamp}`,
  ...more,
});

const rows = (
  dms: readonly OutboundDmRow[],
  threads: readonly DmThreadRow[] = [],
): OutboundRows => ({
  dms,
  threads,
  unknown: [],
});

const hidden = (at: number, peer = '-2'): DmThreadRow => ({
  room: ROOM,
  peer,
  hiddenAt: BigInt(at),
});
const store = (held: OutboundRows): OutboundDmStore => outboundStoreOf(held);
const texts = (held: OutboundRows): string[] => held.dms.map(({ plaintext }) => plaintext).sort();
const hiddenAt = (held: OutboundRows): (bigint | undefined)[] =>
  held.threads.map((thread) => thread.hiddenAt);

describe('merging what was sent with what the node holds', () => {
  it('keeps River’s own value as it is, byte for byte', () => {
    const bytes = fromHex(recorded);
    const decoded = decodeOutbound(bytes);
    if (!decoded.ok) throw new Error(decoded.error.path);
    expect(decoded.value.entries.length).toBeGreaterThan(0);
    const merged = mergeOutbound(EMPTY, decoded.value);
    expect(encodeOutbound(outboundStoreOf(merged))).toEqual(bytes);
    expect(isOwed(merged, decoded.value)).toBe(false);
  });

  it('has everything of both sides, and of a message that both have the later one', () => {
    const local = rows([dm(1, 10, { seq: 4 }), dm(2, 20)]);
    const remote = store(rows([dm(1, 11), dm(3, 30)]));
    const merged = mergeOutbound(local, remote);
    expect(texts(merged)).toEqual(['number 1 at 11', 'number 2 at 20', 'number 3 at 30']);
    expect(merged.dms.find(({ plaintext }) => plaintext === 'number 1 at 11')?.seq).toBe(4);
    expect(isOwed(merged, remote)).toBe(true);
    expect(isOwed(merged, store(merged))).toBe(false);
  });

  it('is the same in any order, and nothing new the second time', () => {
    const side = fc.array(
      fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 4 })),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(
        side,
        side,
        side,
        fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 3 }),
        (...all) => {
          const [a, b, c, cutoffs] = all;
          const stores = [a, b, c].map((each, i) =>
            store(
              mergeOutbound(
                EMPTY,
                store(
                  rows(
                    each.map(([token, at]) => dm(token, at)),
                    [hidden(cutoffs[i] ?? 1)],
                  ),
                ),
              ),
            ),
          );
          const value = (order: readonly number[]): string => {
            let held = EMPTY;
            for (const i of order) held = mergeOutbound(held, stores[i] as OutboundDmStore);
            return toHex(encodeOutbound(store(held)));
          };
          expect(value([2, 0, 1])).toBe(value([0, 1, 2]));
          expect(value([0, 1, 2, 0, 2, 1])).toBe(value([0, 1, 2]));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('A12: does not bring back the words of a message that its recipient has deleted', () => {
    const local = rows([dm(1, 10, { plaintext: '', purged: true })]);
    const remote = store(rows([dm(1, 99)]));
    const merged = mergeOutbound(local, remote);
    expect(store(merged).entries).toEqual([]);
    expect(isOwed(merged, remote)).toBe(true);
  });

  it('keeps the newest hundred of a pair, whichever side they are on', () => {
    const local = rows(Array.from({ length: 70 }, (_, i) => dm(i, 2 * i)));
    const remote = store(rows(Array.from({ length: 70 }, (_, i) => dm(100 + i, 2 * i + 1))));
    const merged = mergeOutbound(local, remote);
    expect(merged.dms.length).toBe(100);
    expect(Math.min(...merged.dms.map(({ timestamp }) => Number(timestamp)))).toBe(40);
  });

  it('C37: keeps fields that this version does not know', () => {
    const unknown = [
      { name: 'later', bytes: Uint8Array.of(0x65, 0x6c, 0x61, 0x74, 0x65, 0x72, 1) },
    ];
    const merged = mergeOutbound(EMPTY, { ...store(EMPTY), unknown });
    const written = decodeOutbound(encodeOutbound(store(merged)));
    expect(written.ok && written.value.unknown).toEqual(unknown);
  });

  it('A27: hides a conversation up to the later cutoff, and not where it was taken out of the archive here', () => {
    const remote = store(rows([], [hidden(20)]));
    expect(hiddenAt(mergeOutbound(rows([], [hidden(10)]), remote))).toEqual([20n]);
    expect(hiddenAt(mergeOutbound(rows([], [hidden(30)]), remote))).toEqual([30n]);
    const shown: DmThreadRow = { room: ROOM, peer: '-2', shownUpTo: 20n };
    expect(hiddenAt(mergeOutbound(rows([], [shown]), remote))).toEqual([undefined]);
    const newer = store(rows([], [hidden(21)]));
    expect(hiddenAt(mergeOutbound(rows([], [shown]), newer))).toEqual([21n]);
  });

  it('follows a conversation that was taken out of the archive on another device', () => {
    const known = asOnNode(
      [hidden(10), hidden(20, '3')],
      store(rows([], [hidden(10), hidden(20, '3')])),
    );
    const merged = mergeOfNode(rows([], known), store(rows([], [hidden(20, '3')])));
    expect(hiddenAt(merged)).toEqual([undefined, 20n]);
    expect(isOwed(merged, store(rows([], [hidden(20, '3')])))).toBe(false);
  });

  it('A29: takes none out when several are gone at once: something has written over the value', () => {
    const known = asOnNode(
      [hidden(10), hidden(20, '3')],
      store(rows([], [hidden(10), hidden(20, '3')])),
    );
    const merged = mergeOfNode(rows([], known), store(EMPTY));
    expect(hiddenAt(merged)).toEqual([10n, 20n]);
    expect(isOwed(merged, store(EMPTY))).toBe(true);
  });

  it('keeps what was archived here and never was on the node', () => {
    expect(hiddenAt(mergeOfNode(rows([], [hidden(10)]), store(EMPTY)))).toEqual([10n]);
  });

  it('names what is wrong in bytes that are no such value', () => {
    const dmValue = outboundStoreOf(rows([dm(1, 10)])).entries[0] as OutboundDm;
    expect(fromBase58(ROOM)).toEqual(new Uint8Array(dmValue.roomOwnerVk));
    const cut = encodeOutbound(store(rows([dm(1, 10)]))).slice(0, -30);
    const decoded = decodeOutbound(cut);
    expect(decoded.ok ? '' : decoded.error.path).toMatch(/^outbound_dms/);
  });
});
