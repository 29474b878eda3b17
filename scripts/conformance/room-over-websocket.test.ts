import { describe, expect, test } from 'vitest';
import { readVectors } from '../../tests/support/vectors.ts';
import type { RoomStateVectors } from '../../src/river/testing/vectors.ts';
import { fromHex } from '../../src/shared/bytes.ts';
import { JsonValue } from './json.ts';
import type { Played } from './room-over-websocket.ts';
import { playOverWebsocket } from './room-over-websocket.ts';

// every case has a node of its own: all of them are for the command
const { cases, room_contract: contract } = readVectors<RoomStateVectors>('room-state');

type Case = (typeof cases)[number];

function firstOf(what: string, is: (each: Case) => boolean): Case {
  const found = cases.find(is);
  if (!found) throw new Error(`no case of ${what}`);
  return found;
}

const examples = [
  firstOf('a valid state', ({ op, expect: { error } }) => op === 'validate' && !error),
  firstOf('an invalid state', ({ op, expect: { error } }) => op === 'validate' && !!error),
  firstOf(
    'an update',
    ({ op, updates, expect: { error } }) => op === 'update' && updates?.length === 1 && !error,
  ),
  firstOf('a refused update', ({ op, expect: { error } }) => op === 'update' && !!error),
  firstOf('a summary', ({ op }) => op === 'summarize'),
  firstOf('a delta', ({ op, expect: { error } }) => op === 'delta' && !error),
];

const play = (each: unknown): Promise<Played> =>
  playOverWebsocket(new JsonValue(each), fromHex(contract.blake3), undefined);

describe('a recorded case, played on a node', () => {
  test.each(examples)('passes: $op $name', async (each) => {
    expect(await play(each)).toEqual({ why: undefined });
  });

  test('fails where something else was expected', async () => {
    for (const each of examples) {
      const recorded = each.expect as Record<string, unknown>;
      const wrong = Object.fromEntries(
        Object.entries(recorded).map(([name, value]) => [
          name,
          name === 'error' ? { kind: 'Other' } : typeof value === 'string' ? 'f6' : value,
        ]),
      );
      const played = await play({
        ...each,
        expect: each.op === 'validate' && !recorded['error'] ? { error: { kind: 'Other' } } : wrong,
      });
      expect([each.name, played]).toEqual([
        each.name,
        { why: expect.stringMatching(/^(verdict|state|error|summary|delta): .*expected/) },
      ]);
    }
  });

  test('is not covered where no client can play it', async () => {
    const two = firstOf('two updates', ({ updates }) => updates?.length === 2);
    expect(await play(two)).toEqual({ notCovered: 'a request carries one update' });
  });
});
