import type { RoomKey } from '../../shared/brand.ts';

/** The room that was open has been left. */
export class RoomLeftEvent extends Event {
  static readonly type = 'weir-room-left';
  readonly room: RoomKey;
  readonly roomName: string;

  constructor(room: RoomKey, roomName: string) {
    super(RoomLeftEvent.type, { bubbles: true, composed: true });
    this.room = room;
    this.roomName = roomName;
  }
}

declare global {
  interface HTMLElementEventMap {
    'weir-room-left': RoomLeftEvent;
  }
}
