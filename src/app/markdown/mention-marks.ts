/**
 * Mentions are taken out of a text before it is read as Markdown, and put back afterwards, so that no markup can break or forge
 * them: in between each is its number between two characters that no text has (they are taken out of it).
 *
 * Source: river: ui/src/components/conversation.rs.
 */

const OPEN = '\ue000';
const CLOSE = '\ue001';
const MARK = /\ue000(\d{1,4})\ue001/g;

/** A text without the characters that marks are made of. */
export const withoutMarks = (text: string): string => text.replace(/[\ue000\ue001]/g, '');

export const mark = (index: number): string => `${OPEN}${index}${CLOSE}`;

export type MarkedPart =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'mention'; readonly index: number };

/**
 * The text and the mentions in it.
 *
 * @param count of the mentions: other numbers were never given out
 */
export function parts(text: string, count: number): readonly MarkedPart[] {
  const found: MarkedPart[] = [];
  let from = 0;
  for (const { 0: whole, 1: number, index } of text.matchAll(MARK)) {
    addText(found, text.slice(from, index));
    const mention = Number(number);
    if (mention < count) found.push({ type: 'mention', index: mention });
    from = index + whole.length;
  }
  addText(found, text.slice(from));
  return found;
}

/** What is left of a mark that was cut through is not shown. */
function addText(found: MarkedPart[], text: string): void {
  const clean = withoutMarks(text);
  if (clean !== '') found.push({ type: 'text', text: clean });
}
