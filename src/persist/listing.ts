import type { MemberId, MessageId } from '../river/ids.ts';
import type { OwnRoomData } from '../river/room-data.ts';
import type { RoomState } from '../river/room-state/room-state.ts';
import { RoomView } from '../river/room-view.ts';
import { millisFromTime } from '../river/system-time.ts';
import type { MessageView } from '../river/view/messages.ts';
import { firstCharacters } from '../shared/text.ts';
import { isAwaiting } from './awaiting-room.ts';
import { dmListing } from './dm-listing.ts';
import type { RoomListing } from './schema.ts';

/** A preview is one line of a list: longer ones only make the row heavier. */
const PREVIEW_CHARACTERS = 120;

/** The room as this browser's person sees it: with the newest message that was on screen here as the last read one. */
export const viewOf = ({ state, own, lastRead, muted }: ViewSource): RoomView =>
  new RoomView(state, { ...own, lastReadMessageId: lastRead }, muted);

/** A room in memory. */
interface ViewSource {
  readonly state: RoomState;
  readonly own: OwnRoomData;
  /** The newest message that was on screen here. */
  readonly lastRead: MessageId | null;
  /** Of whom nothing is shown here. */
  readonly muted: ReadonlySet<MemberId>;
}

/** What the room list shows of a room. */
export function listingOf(room: ViewSource): RoomListing {
  const view = viewOf(room);
  const last = lastShown(view, room.muted);
  const dms = room.state.directMessages.messages;
  return {
    name: view.name,
    isPrivate: view.isPrivate,
    unread: view.unread.length,
    unreadForMe: view.unreadForMe.length,
    ...(isAwaiting(room.state) && { isAwaiting: true }),
    ...(last && {
      lastMessage: {
        author: last.authorName,
        preview: firstCharacters(last.textWithNames.replace(/\s+/gu, ' '), PREVIEW_CHARACTERS),
        at: millisFromTime(last.time),
      },
    }),
    dms: view.selfId === undefined ? [] : dmListing(dms, view.selfId, (id) => view.nameOf(id)),
  };
}

/** The newest message that is shown: in most rooms the newest of all, so not more are read than have to be. */
function lastShown(view: RoomView, muted: ReadonlySet<MemberId>): MessageView | undefined {
  for (let newest = 1; ; newest *= 2) {
    const messages = view.messages(newest);
    const last = messages.findLast(({ author }) => !muted.has(author));
    if (last || messages.length < newest) return last;
  }
}
