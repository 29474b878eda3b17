import { describe, expect, it } from 'vitest';
import { memberLabel } from '../../river/ids.ts';
import { withMentions } from './typed-mentions.ts';

const ana = { id: 11n, nickname: 'Ana' };
const lima = { id: 12n, nickname: 'Ana Lima' };
const bo = { id: 13n, nickname: 'Bo' };
const otherBo = { id: 14n, nickname: 'bo' };
const token = ({ id, nickname }: typeof ana): string => `@[${nickname}](rv:${memberLabel(id)})`;

describe('names typed after @', () => {
  it.each([
    ['@Ana hi', `${token(ana)} hi`],
    ['hi @ana!', `hi ${token(ana)}!`],
    ['(@Ana Lima)', `(${token(lima)})`],
    ['@Ana\n@Ana Lima', `${token(ana)}\n${token(lima)}`],
  ])('%j mentions the member, the longest name first', (typed, written) => {
    expect(withMentions(typed, [ana, lima, bo])).toBe(written);
  });

  it.each(['@Anna', 'me@Ana.org', '@', '@ Ana', 'Ana', '@Anastasia Ana'])(
    '%j mentions nobody',
    (typed) => {
      expect(withMentions(typed, [ana, lima])).toBe(typed);
    },
  );

  it('mentions nobody by a name that two members have', () => {
    expect(withMentions('@Bo', [bo, otherBo])).toBe('@Bo');
  });

  it('leaves a token that is there already as it is', () => {
    expect(withMentions(`${token(bo)} @Ana`, [ana, bo])).toBe(`${token(bo)} ${token(ana)}`);
  });

  it('keeps those mentioned in an edited text who are no longer members', () => {
    expect(withMentions('@Cy and @Bo', [bo], 'hello @[Cy](rv:ABCDEFGH)')).toBe(
      `@[Cy](rv:ABCDEFGH) and ${token(bo)}`,
    );
  });
});
