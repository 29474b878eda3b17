import type { RoomKey } from '../../shared/brand.ts';

/** The person chose a room in the list. */
export class RoomChosenEvent extends Event {
  static readonly type = 'weir-room-chosen';
  readonly room: RoomKey;

  constructor(room: RoomKey) {
    super(RoomChosenEvent.type, { bubbles: true, composed: true });
    this.room = room;
  }
}

/** What can be done with a room without opening it first. */
export type RoomAct = 'read' | 'search' | 'notifications' | 'details' | 'leave';

export class RoomActEvent extends Event {
  static readonly type = 'weir-room-act';
  readonly room: RoomKey;
  readonly roomName: string;
  readonly act: RoomAct;

  constructor(room: RoomKey, roomName: string, act: RoomAct) {
    super(RoomActEvent.type, { bubbles: true, composed: true });
    this.room = room;
    this.roomName = roomName;
    this.act = act;
  }
}

declare global {
  interface HTMLElementEventMap {
    'weir-room-chosen': RoomChosenEvent;
    'weir-room-act': RoomActEvent;
  }
}
