import type { MemberId } from '../../river/ids.ts';
import { encodeMention, parseMentions, resolveMention } from '../../river/mentions.ts';
import { shownName } from '../../river/names/display-name.ts';
import { NameTokens, withTokens } from './name-tokens.ts';

interface Named {
  readonly id: MemberId;
  readonly nickname: string;
}

/**
 * Turns the names that a person has typed into mention tokens, only where one member alone has that name, as it is or as it is
 * shown.
 *
 * @param before the text that is being edited: people in it who are no longer members stay mentioned
 */
export function withMentions(typed: string, members: readonly Named[], before = ''): string {
  return typed.includes('@') ? withTokens(typed, tokensByName(members, before)) : typed;
}

function tokensByName(members: readonly Named[], before: string): ReadonlyMap<string, string> {
  const ids = members.map((member) => member.id);
  const tokens = new NameTokens();
  const listed = new Set(members.flatMap(({ nickname }) => names(nickname)));
  for (const part of parseMentions(before)) {
    if (part.type !== 'mention' || part.name === '') continue;
    if (resolveMention(part.ref, ids) !== undefined) continue;
    const ref = part.ref.type === 'label' ? part.ref.label : BigInt.asUintN(64, part.ref.id);
    const written = part.ref.type === 'label' ? ref : ref.toString(16);
    if (listed.has(part.name.toLowerCase())) tokens.add(part.name, ''); // who is meant is not clear
    tokens.add(part.name, `@[${part.name}](rv:${written})`);
  }
  for (const { id, nickname } of members) {
    for (const name of new Set(names(nickname))) tokens.add(name, encodeMention(nickname, id));
  }
  return tokens.unique();
}

const names = (nickname: string): readonly string[] => [
  nickname.toLowerCase(),
  shownName(nickname).toLowerCase(),
];
