import { IN_SIGHT_LOCK } from '../../bridge/tags.ts';
import type { RoomKey } from '../../shared/brand.ts';

/** Tells the other windows which room this one shows while it has the focus: by a lock, which goes when the window does. */
export class InSight {
  #shown: RoomKey | undefined;
  #held: RoomKey | undefined;
  #release = (): void => {};

  constructor() {
    for (const type of ['focus', 'blur']) addEventListener(type, () => this.#update());
    document.addEventListener('visibilitychange', () => this.#update());
  }

  show(room: RoomKey | undefined): void {
    this.#shown = room;
    this.#update();
  }

  #update(): void {
    const seen = document.hasFocus() && document.visibilityState === 'visible';
    const room = seen ? this.#shown : undefined;
    if (room === this.#held) return;
    this.#release();
    this.#held = room;
    if (room === undefined) return;
    const held = new Promise<void>((resolve) => (this.#release = resolve));
    void navigator.locks.request(`${IN_SIGHT_LOCK}${room}`, { mode: 'shared' }, () => held);
  }
}
