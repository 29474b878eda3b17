import { runSchedule } from './run.ts';
import type { Schedule } from './schedule.ts';

/** A schedule that still fails and fails no more without any one of its actions: first halves are left out, then single ones. */
export async function shrink(schedule: Schedule): Promise<Schedule> {
  let best = schedule;
  let size = Math.ceil(best.actions.length / 2);
  while (size >= 1) {
    let shorter = false;
    for (let at = 0; at < best.actions.length; at += size) {
      const actions = best.actions.filter((_, i) => i < at || i >= at + size);
      const tried = { ...best, actions };
      const { violations } = await runSchedule(tried);
      if (violations.length === 0) continue;
      best = tried;
      shorter = true;
      at -= size;
    }
    if (!shorter || size > best.actions.length) size = Math.floor(size / 2);
  }
  return best;
}
