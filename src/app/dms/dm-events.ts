import type { RoomKey } from '../../shared/brand.ts';

/** The person wants the direct messages of a room: with one member, or the list of conversations. */
export class DmsChosenEvent extends Event {
  static readonly type = 'weir-dms-chosen';
  readonly room: RoomKey;
  readonly peer: string | undefined;

  constructor(room: RoomKey, peer?: string) {
    super(DmsChosenEvent.type, { bubbles: true, composed: true });
    this.room = room;
    this.peer = peer;
  }
}

declare global {
  interface HTMLElementEventMap {
    'weir-dms-chosen': DmsChosenEvent;
  }
}
