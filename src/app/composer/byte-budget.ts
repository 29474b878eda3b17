import { utf8 } from '../../shared/bytes.ts';

/** How a text stands to its limit. `near` begins at four fifths, where River begins to count aloud. */
export interface ByteBudget {
  readonly used: number;
  readonly max: number;
  readonly state: 'free' | 'near' | 'over';
}

/** @param max in UTF-8 bytes */
export function byteBudget(text: string, max: number): ByteBudget {
  const used = utf8(text).length;
  if (used > max) return { used, max, state: 'over' };
  return { used, max, state: used >= Math.floor(max / 5) * 4 ? 'near' : 'free' };
}
