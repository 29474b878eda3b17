import { describe, expect, it } from 'vitest';
import { refusedOfRoom } from '../../persist/refused-messages.ts';
import type { RefusedMessageRow } from '../../persist/schema.ts';
import { openTestDatabase } from '../../persist/testing.ts';
import { systemClock } from '../../shared/clock.ts';
import { systemRandom } from '../../shared/random.ts';
import { SignatureMemo } from '../../river/signatures/memo.ts';
import { message } from '../testing/sample-message.ts';
import { roomKey } from '../testing/sample-rooms.ts';
import { RefusedCore } from './refused-core.ts';
import { refusedItem, withRefused } from './refused-items.ts';

const row = (id: string, at: number, more: Partial<RefusedMessageRow> = {}): RefusedMessageRow => ({
  room: roomKey(1),
  id,
  at,
  kind: 'text',
  text: `text ${id}`,
  reason: { type: 'banned' },
  ...more,
});
const item = (id: string, at: number) => refusedItem(row(id, at), new Map());
const said = (id: string, at: number) => message(id, 'ana', 'Ana', at, 'hi');

describe('messages that a room has dropped', () => {
  it('stand where they were written', () => {
    const messages = [said('a', 10), said('b', 20), said('c', 30)];
    const ids = (before: number, after: number) =>
      withRefused(messages, [item('3', 40), item('1', 5), item('2', 20)], { before, after }).map(
        ({ id }) => id,
      );
    expect(ids(0, 0)).toEqual(['1', 'a', 'b', '2', 'c', '3']);
    expect(ids(4, 0)).toEqual(['a', 'b', '2', 'c', '3']); // older ones come with the older messages
    expect(ids(0, 4)).toEqual(['1', 'a', 'b', '2', 'c']);
    expect(withRefused([], [item('1', 5)], { before: 0, after: 0 })).toHaveLength(1);
  });

  it('say why, in a sentence, and what can’t be read any more', () => {
    expect(item('1', 5)).toMatchObject({
      mine: true,
      text: 'text 1',
      refused: { reason: 'Not in the room: you were banned before it arrived.', isHere: false },
    });
    const reason = { type: 'too-long', bytes: 1_200, maxBytes: 500 } as const;
    const change = refusedItem(row('2', 5, { kind: 'edit', target: '1', reason }), new Map());
    expect(change.refused?.reason).toBe(
      'A change of a message. Not in the room: it takes 1,200 bytes, and the room allows 500 now.',
    );
    const { text: _, ...without } = row('3', 5);
    expect(refusedItem(without, new Map())).toMatchObject({ kind: 'unreadable', text: '' });
  });

  it('are kept until the person discards them, and that can be taken back', async () => {
    const db = await openTestDatabase();
    const room = roomKey(1);
    const changed: string[] = [];
    const core = new RefusedCore({
      db,
      compose: { memo: new SignatureMemo(), clock: systemClock, random: systemRandom },
      changed: (at) => changed.push(at),
    });
    const kept = () => db.read(['refused_messages'], (tx) => refusedOfRoom(tx, room));
    await db.write(['refused_messages'], 'strict', (tx) =>
      tx.objectStore('refused_messages').put(row('1', 5)),
    );
    expect(await core.discard(room, '1')).toMatchObject({ ok: true });
    expect(await kept()).toEqual([]);
    expect(await core.again(room, '1')).toBeUndefined();
    expect(await core.restore(room, '1')).toMatchObject({ ok: true });
    expect(await kept()).toEqual([row('1', 5)]);
    expect(changed).toEqual([room, room]);
    const again = await core.again(room, '1');
    if (!again) throw new Error('it is kept');
    const { alongside } = again;
    await db.write(alongside.stores, 'strict', (tx) =>
      alongside.write(tx, { path: 'rooms', key: room, seq: 1 }, 0),
    );
    expect(await kept()).toEqual([]); // it went with the transaction that stored it as a new message
  });
});
