import type { MemberId } from '../../river/ids.ts';
import { parseMentions, resolveMention } from '../../river/mentions.ts';
import { shownName } from '../../river/names/display-name.ts';
import type { Mentioned } from '../markdown/mention-chip.ts';
import { mark, withoutMarks } from '../markdown/mention-marks.ts';
import type { MessageItem } from './api.ts';

/** A message with more mentions shows the rest of them as names. */
const MAX_MENTIONS = 200;

/**
 * The text with its mention tokens as marks; undefined where it has none.
 *
 * @param namesOfAll of the members of now, asked only where there is a token: somebody else is shown by the name in the token, and leads nowhere
 */
export function markedMentions(
  text: string,
  namesOfAll: () => ReadonlyMap<MemberId, string>,
  self: MemberId | undefined,
): MessageItem['mentions'] {
  if (!text.includes('@[')) return undefined;
  const names = namesOfAll();
  const people: Mentioned[] = [];
  let marked = '';
  for (const part of parseMentions(text)) {
    if (part.type === 'text') {
      marked += withoutMarks(part.text);
      continue;
    }
    const id = resolveMention(part.ref, names.keys());
    const name = shownName((id === undefined ? undefined : names.get(id)) ?? part.name);
    if (people.length === MAX_MENTIONS) {
      marked += `@${name}`;
      continue;
    }
    marked += mark(people.length);
    people.push({ ...(id !== undefined && { id: String(id) }), name, isSelf: id === self });
  }
  return people.length > 0 ? { marked, people } : undefined;
}
