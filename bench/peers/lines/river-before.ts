/**
 * River before it coalesced: every edit saves the whole list, one after the other. It is spared what made its memory grow: a list is
 * only copied when its turn comes, not when the edit is made.
 */
import { mount } from '../mount.ts';
import { riverPeer } from './river-list.ts';

mount(
  riverPeer((save) => {
    let last: Promise<void> = Promise.resolve();
    return () => {
      last = last.catch(() => undefined).then(save);
      return last;
    };
  }),
);
