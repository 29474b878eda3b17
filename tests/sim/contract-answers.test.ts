import 'fake-indexeddb/auto';
import { describe, expect, it } from 'vitest';
import { runSchedule } from './run.ts';
import type { Action } from './schedule.ts';
import type { NodeFault } from './sim-node.ts';

const say = (gap: number): Action => ({
  gap,
  type: 'say',
  profile: 0,
  page: 0,
  room: 0,
  count: 1,
});

const atContract = (fault: NodeFault) =>
  ({
    gap: 0,
    type: 'node-fault',
    place: 'contract',
    any: false,
    fault,
  }) as const satisfies Action;

describe('a room’s answers', () => {
  it('never prove an update that the second copy of an earlier one’s answer was taken for', async () => {
    for (let seed = 1; seed <= 10; seed++) {
      const actions = [
        say(400), // the room is put by then
        atContract({ type: 'answer-twice', ms: 3000 }),
        atContract({ type: 'late-run', ms: 9000 }),
        say(30),
        say(60),
      ];
      const { violations } = await runSchedule({
        seed,
        features: { contracts: true, dms: false },
        actions,
      });
      expect(violations, `seed ${seed}`).toEqual([]);
    }
  });

  it('are no receipt of a room that was left while they were waited for', async () => {
    for (const gap of [20, 40]) {
      const actions: Action[] = [
        say(400),
        { ...atContract({ type: 'drop-answer' }), any: true },
        say(30),
        { gap, type: 'leave', profile: 0, page: 1, room: 0 },
        { gap: 20, type: 'node-restart' },
      ];
      const { violations } = await runSchedule({
        seed: 1,
        features: { contracts: true, dms: false },
        actions,
      });
      expect(violations, `gap ${gap}`).toEqual([]);
    }
  });
});
