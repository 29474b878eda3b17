import { firstCharacters } from '../shared/text.ts';
import { compareIds, memberLabel, type MemberId } from './ids.ts';

/** A stretch of a message's text: as it is, or a mention of somebody. */
export type TextPart =
  | { readonly type: 'text'; readonly text: string }
  | {
      readonly type: 'mention';
      /** The name at the time of writing; may be empty, and says nothing about who is meant. */
      readonly name: string;
      readonly ref: MentionRef;
    };

/** Who is meant: the 8-character label of today, or the whole id of older messages. */
export type MentionRef =
  | { readonly type: 'label'; readonly label: string }
  | { readonly type: 'id'; readonly id: MemberId };

const LABEL = /^[A-Z2-7]{8}$/;
const LEGACY_ID = /^[0-9A-Fa-f]{1,16}$/;
const OPEN = '@[';
const SCHEME = '](rv:';

/**
 * Takes `@[name](rv:ref)` tokens out of a text; whatever is not quite one stays text.
 *
 * Source: river: common/src/mention.rs.
 */
export function parseMentions(text: string): readonly TextPart[] {
  const parts: TextPart[] = [];
  let from = 0;
  for (let at = text.indexOf(OPEN); at >= 0; at = text.indexOf(OPEN, at)) {
    const nameFrom = at + OPEN.length;
    const nameTo = text.indexOf(']', nameFrom);
    if (nameTo < 0) break;
    const refFrom = nameTo + SCHEME.length;
    const refTo = text.startsWith(SCHEME, nameTo) ? text.indexOf(')', refFrom) : -1;
    const ref = refTo < 0 ? undefined : parseRef(text.slice(refFrom, refTo));
    if (ref === undefined) {
      at = nameFrom;
      continue;
    }
    if (at > from) parts.push({ type: 'text', text: text.slice(from, at) });
    parts.push({ type: 'mention', name: text.slice(nameFrom, nameTo), ref });
    at = refTo + 1;
    from = at;
  }
  if (from < text.length || parts.length === 0)
    parts.push({ type: 'text', text: text.slice(from) });
  return parts;
}

function parseRef(ref: string): MentionRef | undefined {
  if (LABEL.test(ref)) return { type: 'label', label: ref };
  if (LEGACY_ID.test(ref)) return { type: 'id', id: BigInt.asIntN(64, BigInt(`0x${ref}`)) };
  return undefined;
}

const MAX_NAME_CHARACTERS = 64;

/** The token that mentions a member. `name` loses brackets and control characters, and what is over 64 characters. */
export function encodeMention(name: string, id: MemberId): string {
  const clean = name.replace(/[[\]()]|\p{Cc}/gu, '').trim();
  return `${OPEN}${firstCharacters(clean, MAX_NAME_CHARACTERS)}${SCHEME}${memberLabel(id)})`;
}

/** The member who is meant, if among `members`; of several with one label the one with the smallest id. */
export function resolveMention(ref: MentionRef, members: Iterable<MemberId>): MemberId | undefined {
  let found: MemberId | undefined;
  for (const id of members) {
    const fits = ref.type === 'id' ? id === ref.id : memberLabel(id) === ref.label;
    if (fits && (found === undefined || compareIds(id, found) < 0)) found = id;
  }
  return found;
}

/** Whether the text mentions this member. */
export const mentions = (text: string, id: MemberId): boolean =>
  parseMentions(text).some(
    (part) => part.type === 'mention' && resolveMention(part.ref, [id]) !== undefined,
  );

/** The text with every mention as `@` and the current name, or the name in the token for someone unknown. */
export function textWithNames(text: string, names: ReadonlyMap<MemberId, string>): string {
  if (!text.includes(OPEN)) return text;
  return parseMentions(text)
    .map((part) => {
      if (part.type === 'text') return part.text;
      const id = resolveMention(part.ref, names.keys());
      return `@${(id === undefined ? undefined : names.get(id)) ?? part.name}`;
    })
    .join('');
}
