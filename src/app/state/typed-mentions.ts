import type { MemberId } from '../../river/ids.ts';
import { encodeMention, parseMentions, resolveMention } from '../../river/mentions.ts';

interface Named {
  readonly id: MemberId;
  readonly nickname: string;
}

/**
 * Turns the names that a person has typed (`@Ana`, `@Ana Lima`) into mention tokens: at the start of a word, not running on into
 * a longer word, the longest name first, and only where one member alone has that name. Everything else stays what it was.
 *
 * @param before the text that is being edited: people in it who are no longer members stay mentioned
 */
export function withMentions(typed: string, members: readonly Named[], before = ''): string {
  if (!typed.includes('@')) return typed;
  const tokens = tokensByName(members, before);
  const names = [...tokens.keys()].sort((a, b) => b.length - a.length);
  let out = '';
  let at = 0;
  while (at < typed.length) {
    const name = startsWord(typed, at) && names.find((each) => isAt(typed, at, each));
    if (name) {
      out += tokens.get(name) ?? '';
      at += name.length + 1;
    } else {
      out += typed[at];
      at += 1;
    }
  }
  return out;
}

/** Lower-cased names without those that several share. */
function tokensByName(members: readonly Named[], before: string): ReadonlyMap<string, string> {
  const ids = members.map((member) => member.id);
  const tokens = new Map<string, string>();
  for (const part of parseMentions(before)) {
    if (part.type !== 'mention' || part.name === '') continue;
    if (resolveMention(part.ref, ids) !== undefined) continue;
    const ref = part.ref.type === 'label' ? part.ref.label : BigInt.asUintN(64, part.ref.id);
    const written = part.ref.type === 'label' ? ref : ref.toString(16);
    tokens.set(part.name.toLowerCase(), `@[${part.name}](rv:${written})`);
  }
  const shared = new Set<string>();
  for (const { id, nickname } of members) {
    const name = nickname.toLowerCase();
    if (name.trim() === '') continue;
    if (tokens.has(name)) shared.add(name);
    tokens.set(name, encodeMention(nickname, id));
  }
  for (const name of shared) tokens.delete(name);
  return tokens;
}

const isWordCharacter = (character: string | undefined): boolean =>
  character !== undefined && /[\p{L}\p{N}_]/u.test(character);

const startsWord = (typed: string, at: number): boolean =>
  typed[at] === '@' && !isWordCharacter(typed[at - 1]);

const isAt = (typed: string, at: number, name: string): boolean =>
  typed.slice(at + 1, at + 1 + name.length).toLowerCase() === name &&
  !isWordCharacter(typed[at + 1 + name.length]);
