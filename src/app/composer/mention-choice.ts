import { css, html, type TemplateResult } from 'lit';
import type { MemberItem } from '../state/people-api.ts';
import { text } from '../state/text.ts';
import { pebble } from '../theme/pebble.ts';

/** Members whom the word at the caret may mean. `from`: where its `@` stands. */
export interface MentionChoice {
  readonly from: number;
  readonly members: readonly MemberItem[];
  readonly active: number;
}

const MOST = 8;
const WORD = /(?:^|\s)@([^\s@]{0,40})$/u;

/** What may be meant by the word before the caret: names that begin with it first, then names that contain it. */
export function mentionChoice(
  typed: string,
  caret: number,
  members: readonly MemberItem[],
): MentionChoice | undefined {
  const word = WORD.exec(typed.slice(0, caret))?.[1]?.toLocaleLowerCase();
  if (word === undefined) return undefined;
  const others = members.filter((member) => !member.isSelf && member.name !== UNNAMED);
  const name = (member: MemberItem): string => member.name.toLocaleLowerCase();
  const beginning = others.filter((member) => name(member).startsWith(word));
  const containing = others.filter(
    (member) => !name(member).startsWith(word) && name(member).includes(word),
  );
  const found = [...beginning, ...containing].slice(0, MOST);
  return found.length > 0
    ? { from: caret - word.length - 1, members: found, active: 0 }
    : undefined;
}

/**
 * What a key does in the list of people: another one is active, one is taken, or the list is left. Undefined: the key is not the
 * list's.
 */
export function keyInChoice(
  choice: MentionChoice,
  { key, shiftKey }: Pick<KeyboardEvent, 'key' | 'shiftKey'>,
): MentionChoice | { readonly taken: MemberItem | undefined } | 'left' | undefined {
  if (shiftKey) return undefined;
  const { active, members } = choice;
  const step = key === 'ArrowDown' ? 1 : key === 'ArrowUp' ? -1 : 0;
  if (step !== 0) return { ...choice, active: (active + step + members.length) % members.length };
  if (key === 'Escape') return 'left';
  return key === 'Enter' || key === 'Tab' ? { taken: members[active] } : undefined;
}

const UNNAMED = 'Unnamed';

/** What is written for a member: the name, which becomes a mention when it is sent; the whole token where two share a name. */
export function mentionText(member: MemberItem, members: readonly MemberItem[]): string {
  const namesakes = members.filter(
    (each) => each.name.toLocaleLowerCase() === member.name.toLocaleLowerCase(),
  );
  return `${namesakes.length > 1 ? member.mention : `@${member.name}`} `;
}

export const mentionList = (
  { members, active }: MentionChoice,
  all: readonly MemberItem[],
  onChoose: (member: MemberItem) => void,
): TemplateResult =>
  html`<ul class="mentions" id="mentions" role="listbox" aria-label=${text.composer.mention}>
    ${members.map(
      (member, i) =>
        html`<li
          id="mention-${i}"
          role="option"
          aria-selected=${i === active}
          @pointerdown=${(event: Event) => event.preventDefault() /* the field keeps the focus */}
          @click=${() => onChoose(member)}
        >
          ${pebble(member.id, member.name)}
          <bdi>${member.name}</bdi>
          ${isNamesake(member, all) ? html`<span class="label">${member.label}</span>` : ''}
        </li>`,
    )}
  </ul>`;

const isNamesake = (member: MemberItem, all: readonly MemberItem[]): boolean =>
  all.some((each) => each !== member && each.name === member.name);

export const mentionStyles = css`
  .mentions {
    max-height: 16rem;
    margin-bottom: 0.375rem;
    padding: 0.25rem;
    border-radius: var(--round-m);
    background: var(--raised);
    box-shadow: var(--shadow);
    overflow-y: auto;
  }
  .mentions li {
    display: flex;
    align-items: center;
    gap: 0.625rem;
    min-height: 2.75rem;
    padding: 0 0.5rem;
    border-radius: var(--round-s);
    cursor: pointer;
  }
  .mentions bdi {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .mentions .label {
    color: var(--ink-soft);
    font-size: var(--size-s);
  }
  .mentions li:hover {
    background: var(--hover);
  }
  .mentions [aria-selected='true'] {
    background: var(--chosen);
  }
`;
