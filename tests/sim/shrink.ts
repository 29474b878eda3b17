import { runSchedule } from './run.ts';
import type { Features, Schedule } from './schedule.ts';

/**
 * A schedule that still fails and fails no more without any one of its features or actions: first features are left out, then
 * halves of the actions, then single ones.
 */
export async function shrink(schedule: Schedule): Promise<Schedule> {
  let best = schedule;
  for (const features of withoutOne(schedule.features)) {
    const tried = { ...best, features: { ...best.features, ...features } };
    if ((await runSchedule(tried)).violations.length > 0) best = tried;
  }
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

const withoutOne = ({ contracts, dms, earlier }: Features): readonly object[] => [
  ...(contracts ? [{ contracts: false }] : []),
  ...(dms ? [{ dms: false }] : []),
  ...(earlier ? [{ earlier: undefined }] : []),
];
