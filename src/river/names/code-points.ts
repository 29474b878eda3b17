/** First and last code points. */
export type Ranges = readonly (readonly [number, number])[];

/** @param list hex, such as `ad 600-605` */
export function ranges(list: string): Ranges {
  return list
    .trim()
    .split(/\s+/)
    .map((range) => {
      const [from = '', to = from] = range.split('-');
      return [Number.parseInt(from, 16), Number.parseInt(to, 16)] as const;
    });
}

export const isIn = (list: Ranges, code: number): boolean =>
  list.some(([from, to]) => code >= from && code <= to);
