/** Opens or closes a fenced code block; the mark is its first character. */
const FENCE = /^ {0,3}(`{3,}|~{3,})/;

/**
 * Cuts a text at empty lines into pieces of at most `size` UTF-16 units where that is possible without cutting through a fenced
 * code block; a single block that is longer stays whole. Joined, the pieces are the text again.
 */
export function sections(text: string, size: number): readonly string[] {
  if (text.length <= size) return [text];
  const pieces: string[] = [];
  let piece = '';
  for (const block of blocks(text)) {
    if (piece !== '' && piece.length + block.length > size) {
      pieces.push(piece);
      piece = '';
    }
    piece += block;
  }
  if (piece !== '') pieces.push(piece);
  return pieces;
}

/** Runs of lines that end with the empty lines after them; fenced code by itself. */
export function blocks(text: string): readonly string[] {
  const found: string[] = [];
  let block = '';
  let fence: string | undefined;
  let isDone = false; // the next line with something in it begins a block
  for (const line of text.split(/(?<=\n)/)) {
    const next = fenceAfter(fence, line);
    const isEmpty = fence === undefined && line.trim() === '';
    const opens = fence === undefined && next !== undefined;
    if ((isDone || opens) && !isEmpty && block !== '') {
      found.push(block);
      block = '';
    }
    block += line;
    const closes = fence !== undefined && next === undefined;
    isDone = closes || (isEmpty && (isDone || block.trim() !== ''));
    fence = next;
  }
  if (block !== '') found.push(block);
  return found;
}

/** @returns the fence that is open after this line */
export function fenceAfter(open: string | undefined, line: string): string | undefined {
  const mark = FENCE.exec(line)?.[1];
  if (open === undefined) return mark;
  const closes =
    mark !== undefined && mark[0] === open[0] && mark.length >= open.length && line.trim() === mark;
  return closes ? undefined : open;
}
