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

const atContract = (fault: NodeFault): Action => ({
  gap: 0,
  type: 'node-fault',
  place: 'contract',
  any: false,
  fault,
});

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
});
