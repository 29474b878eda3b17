import type { RoomKey } from '../shared/brand.ts';
import { id32FromBase58 } from '../shared/bytes.ts';

const PREFIX = 'room:';

/** The delegate's storage key of a room (river: ui/src/components/app/chat_delegate.rs). */
export const delegateKeyOfRoom = (room: RoomKey): string => `${PREFIX}${room}`;

/** The room of a delegate key, or undefined when the key names no room. */
export function roomOfKey(key: string): RoomKey | undefined {
  if (!key.startsWith(PREFIX)) return undefined;
  const room = key.slice(PREFIX.length);
  return id32FromBase58(room) ? (room as RoomKey) : undefined;
}
