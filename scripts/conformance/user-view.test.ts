import { expect, it } from 'vitest';
import { decode } from '../../src/river/cbor/codec.ts';
import { outboundDmStore } from '../../src/river/outbound-dms.ts';
import { roomSlot } from '../../src/river/room-data.ts';
import { readVectors } from '../../tests/support/vectors.ts';
import { JsonValue } from './json.ts';
import type { Report } from './runner.ts';
import { checkView } from './user-view.ts';

class Outcomes implements Report {
  passed = 0;
  readonly failures: string[] = [];
  readonly gaps: string[] = [];

  pass(): void {
    this.passed += 1;
  }

  fail(name: string, why: string): void {
    this.failures.push(`${name}: ${why}`);
  }

  notCovered(name: string): void {
    this.gaps.push(name);
  }
}

type Json = Record<string, unknown>;

function run(change: (room: Json & { expected_view: Json }) => void): Outcomes {
  const root = readVectors<{ rooms: (Json & { expected_view: Json })[]; outbound_dms: string }>(
    'user-data',
  );
  const file = new JsonValue(root);
  const outbound = decode(outboundDmStore, file.field('outbound_dms').hex());
  if (!outbound.ok) throw outbound.error;
  const outcomes = new Outcomes();
  for (const [i, room] of file.field('rooms').items().entries()) {
    change(root.rooms[i] as Json & { expected_view: Json });
    const slot = decode(roomSlot, room.field('room_slot').hex());
    if (!slot.ok || slot.value.type !== 'Present') throw new Error('not a room');
    checkView(room, slot.value.room, outbound.value, outcomes);
  }
  return outcomes;
}

it('a person reads in every recorded room what River’s source says they read', () => {
  const { passed, failures, gaps } = run(() => {});
  expect(failures).toEqual([]);
  expect(gaps).toEqual([]);
  expect(passed).toBe(70);
});

it('a view that differs fails, and one with something unknown is listed', () => {
  const { failures, gaps } = run(({ expected_view: view, name }) => {
    if (name !== 'small public room') return;
    view['room_name'] = 'Other';
    view['after_last_read'] = 4;
    const messages = view['last_messages'] as Json[];
    (messages[0] as Json)['text'] = 'Bad morning!';
    view['mood'] = 'sunny';
  });
  expect(failures.map((each) => each.replace(/:.*?expected_view/, ''))).toEqual([
    'small public room.room_name: room_name: expected Other but got Weir Garden',
    expect.stringContaining('small public room.last_messages: last_messages[0]: text'),
    'small public room.after_last_read: after_last_read: expected 4 but got 3',
  ]);
  expect(gaps).toEqual(['small public room: expected_view.mood']);
});
