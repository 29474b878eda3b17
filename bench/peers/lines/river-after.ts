/** River since it coalesces: one save runs, and whoever comes meanwhile shares the one after it. */
import { mount } from '../mount.ts';
import { riverPeer, type Save } from './river-list.ts';

mount(
  riverPeer((save): Save => {
    let running: Promise<void> = Promise.resolve();
    let next: Promise<void> | undefined;
    return () => {
      next ??= running
        .catch(() => undefined)
        .then(() => {
          next = undefined;
          running = save();
          return running;
        });
      return next;
    };
  }),
);
