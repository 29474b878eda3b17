import type { LoadedRoom } from '../../persist/loaded-room.ts';
import { viewOf } from '../../persist/listing.ts';
import type { Content } from '../../river/content.ts';
import { longestText, measureContent } from '../../river/edits/messages.ts';
import type { MessageId } from '../../river/ids.ts';
import { MAX_QUOTE_CHARACTERS } from '../../river/view/messages.ts';
import { firstCharacters } from '../../shared/text.ts';
import type { Writing } from './api.ts';

/** The longest text, in UTF-8 bytes, that a message of this kind can carry: a reply and an edit carry more than their text. */
export function textLimit(loaded: LoadedRoom, writing: Writing): number {
  const { configuration } = loaded.state.configuration;
  if (writing.type === 'new') return longestText(configuration);
  const isPrivate = configuration.privacyMode === 'Private';
  const content = contentOf(loaded, writing.type, BigInt(writing.id));
  let limit = configuration.maxMessageSize;
  // one byte of text is one byte of content or a few more (heads grow): walking down ends after three steps or so
  for (;;) {
    const over =
      measureContent(content('x'.repeat(limit)), isPrivate) - configuration.maxMessageSize;
    if (over <= 0 || limit === 0) return limit;
    limit = Math.max(0, limit - over);
  }
}

function contentOf(
  loaded: LoadedRoom,
  type: 'reply' | 'edit',
  target: MessageId,
): (text: string) => Content {
  if (type === 'edit') return (newText) => ({ type: 'edit', target, newText });
  const quoted = viewOf(loaded)
    .messages()
    .find((message) => message.id === target);
  return (text) => ({
    type: 'reply',
    text,
    targetMessageId: target,
    targetAuthorName: quoted?.authorName ?? '',
    targetContentPreview: firstCharacters(quoted?.text ?? '', MAX_QUOTE_CHARACTERS),
  });
}
