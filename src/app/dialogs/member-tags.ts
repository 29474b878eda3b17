import { css, html, type TemplateResult } from 'lit';
import type { MemberItem } from '../state/people-api.ts';
import { membersText } from '../state/members-text.ts';
import { alertIcon } from '../theme/icons.ts';

type Tag = keyof typeof membersText.tag;

/** What somebody is to the person and in the room, always in the same order. */
export function tagsOf(member: MemberItem): readonly Tag[] {
  const tags: readonly (Tag | false | undefined)[] = [
    member.resembles && 'warning',
    member.isOwner && 'owner',
    member.isSelf && 'you',
    member.relation,
    member.isDeputy && 'deputy',
    member.isMuted && 'muted',
    member.isUnlisted && 'unlisted',
  ];
  return tags.filter((tag) => typeof tag === 'string');
}

export const tagList = (member: MemberItem): TemplateResult =>
  html`<span class="tags">${tagsOf(member).map((tag) => chip(tag, tagHint(tag, member)))}</span>`;

/** Every mark with what it means, in the order of the rows. */
export const legend = (): TemplateResult =>
  html`<details class="legend">
    <summary>${membersText.legend}</summary>
    <dl>
      ${(Object.keys(membersText.tag) as Tag[]).map(
        (tag) =>
          html`<dt>${chip(tag, membersText.tag[tag].hint)}</dt>
            <dd>${membersText.tag[tag].hint}.</dd>`,
      )}
    </dl>
  </details>`;

/** A deputy's tells by whom. */
function tagHint(tag: Tag, { appointedBy, canBanYou, resembles }: MemberItem): string {
  if (tag === 'warning' && resembles) return membersText.resembles(resembles);
  if (tag !== 'deputy' || appointedBy.length === 0) return membersText.tag[tag].hint;
  const deputy = membersText.deputyOf(appointedBy.map(({ name }) => name));
  return canBanYou ? `${deputy} ${membersText.canBanYou}` : deputy;
}

const chip = (tag: Tag, hint: string): TemplateResult =>
  html`<span class="tag is-${tag}" title=${hint}
    >${tag === 'warning' ? alertIcon(13) : ''}${membersText.tag[tag].word}</span
  >`;

export const memberTagStyles = css`
  .tags {
    display: flex;
    flex-wrap: wrap;
    gap: 0.125rem 0.375rem;
    font-size: var(--size-s);
    color: var(--ink-soft);
  }
  .tag {
    display: inline-flex;
    align-items: center;
    gap: 0.25rem;
  }
  .tags .tag + .tag::before {
    content: '·';
    font-weight: 400;
  }
  .tag.is-warning {
    font-weight: 600;
    color: var(--rust);
  }
  .tag.is-owner,
  .tag.is-deputy {
    font-weight: 600;
    color: var(--ink);
  }
  .legend {
    margin-top: 0.75rem;
    font-size: var(--size-s);
    color: var(--ink-soft);
  }
  summary {
    min-height: 2.75rem;
    line-height: 2.75rem;
    font-weight: 600;
    font-size: var(--size-s);
    color: var(--water);
    cursor: pointer;
  }
  .legend dl {
    display: grid;
    grid-template-columns: max-content 1fr;
    gap: 0.375rem 1rem;
    margin: 0 0 0.5rem;
  }
  .legend dd {
    margin: 0;
  }
`;
