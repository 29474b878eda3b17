import { concatBytes, utf8 } from '../../../src/shared/bytes.ts';
import { replaced, type Mutation } from './bytes.ts';

/** What parsers of text stumble over: brackets of tokens, line ends, surrogates in UTF-8, directions, combining marks. */
const PIECES = [
  '@[',
  '](rv:',
  ')',
  ']',
  '[',
  '(',
  '@',
  '\u0000',
  '\n',
  '\r',
  '\u2028',
  '\u202e',
  '\ufeff',
  'e\u0301\u0301',
  '\u{1f468}\u200d\u{1f469}',
  'AAAAAAAA',
  'ffffffffffffffff',
  '1234567890',
].map(utf8);

/** Inserts a piece, once or many times. */
export const mutateText: Mutation = (dice, bytes) => {
  const at = dice.below(bytes.length + 1);
  const pieces = dice.list(dice.chance(0.95) ? dice.between(1, 4) : dice.between(100, 2000), () =>
    dice.pick(PIECES),
  );
  return replaced(bytes, at, at, concatBytes(pieces));
};
