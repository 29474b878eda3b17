import { viewOf } from '../../persist/listing.ts';
import type { LoadedRoom } from '../../persist/loaded-room.ts';
import { shownName } from '../../river/names/display-name.ts';
import { messageId, type MessageId } from '../../river/ids.ts';
import { isAction, readContent } from '../../river/message-content.ts';
import { CONTENT_TYPE_EVENT } from '../../river/room-state/content-types.ts';
import type { AuthorizedMessage } from '../../river/room-state/messages.ts';
import type { NotificationMode } from '../../river/rooms-meta.ts';
import type { RoomView } from '../../river/room-view.ts';
import { isAddressedTo } from '../../river/view/addressed.ts';
import { utf8, utf8Text } from '../../shared/bytes.ts';
import { notificationText } from './notification-text.ts';

/** What the browser is asked to show. A newer one of the same room takes the place of the older. */
export interface RoomNotification {
  readonly title: string;
  readonly body: string;
}

/** Longest preview, in UTF-8 bytes. */
const MAX_PREVIEW_BYTES = 50;
const CUT_BYTES = 47;

/**
 * What is to be told of messages that have just come into a room, or nothing: by others, no joins, of actions only reactions to what
 * the person has written, and only what the room's mode lets through.
 *
 * @param isNew whether a message was not there before
 */
export function notificationOf(
  room: LoadedRoom,
  isNew: (id: MessageId) => boolean,
  mode: NotificationMode,
): RoomNotification | undefined {
  if (mode === 'Muted') return undefined;
  const view = viewOf(room);
  const { selfId } = view;
  if (selfId === undefined) return undefined;
  const messages = room.state.recentMessages;
  const fresh = messages.filter((each) => each.message.author !== selfId && isNew(messageId(each)));
  const reader = { messages, actions: view.actions, secrets: view.secrets };
  const said = fresh.filter(
    (each) =>
      !isAction(each) &&
      each.message.content.contentType !== CONTENT_TYPE_EVENT &&
      !view.actions.deleted.has(messageId(each)) &&
      (mode === 'All' || isAddressedTo(reader, each, selfId)),
  );
  const reactions = mode === 'All' ? fresh.flatMap((each) => reactionTo(room, view, each)) : [];
  const body = bodyOf(view, said, reactions);
  return body === undefined ? undefined : { title: shownName(view.name), body };
}

/** The emoji of a reaction to one of the person's own messages that is still there. */
function reactionTo({ state }: LoadedRoom, view: RoomView, each: AuthorizedMessage): string[] {
  const content = isAction(each) ? readContent(each, view.secrets) : undefined;
  if (content?.type !== 'react') return [];
  const target = state.recentMessages.find((other) => messageId(other) === content.target);
  const isMine =
    target !== undefined &&
    target.message.author === view.selfId &&
    !isAction(target) &&
    target.message.content.contentType !== CONTENT_TYPE_EVENT &&
    !view.actions.deleted.has(content.target);
  return isMine ? [content.emoji] : [];
}

function bodyOf(
  view: RoomView,
  said: readonly AuthorizedMessage[],
  reactions: readonly string[],
): string | undefined {
  const [message] = said;
  if (said.length > 1) return notificationText.messages(said.length);
  if (message) {
    const id = messageId(message);
    const shown = view.messages().find((each) => each.id === id);
    const words = shown?.isReadable ? oneLine(shown.textWithNames) : notificationText.encrypted;
    return notificationText.message(shownName(view.nameOf(message.message.author)), cut(words));
  }
  const [emoji] = reactions;
  if (reactions.length > 1) return notificationText.reactions(reactions.length);
  return emoji === undefined ? undefined : notificationText.reaction(emoji);
}

const oneLine = (words: string): string => words.replace(/[\n\r\u0085\u2028\u2029]/gu, ' ');

/** Cut between characters. */
function cut(words: string): string {
  const bytes = utf8(words);
  if (bytes.length <= MAX_PREVIEW_BYTES) return words;
  let end = CUT_BYTES;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return `${utf8Text(bytes.subarray(0, end))}...`;
}
