import { expect, test } from 'vitest';
import { parseQuery } from './query.ts';

test.each([
  ['  ', undefined],
  ['Boat', { terms: ['boat'] }],
  ['two  words', { terms: ['two', 'words'] }],
  ['"a phrase" and', { terms: ['a phrase', 'and'] }],
  ['“curly quotes”', { terms: ['curly quotes'] }],
  ['from:Ada', { terms: [], from: 'ada' }],
  ['From:"Ada L" boat', { terms: ['boat'], from: 'ada l' }],
  ['"open', { terms: ['"open'] }],
  ['from:', { terms: ['from:'] }],
  ['""', undefined],
])('%j', (text, query) => {
  expect(parseQuery(text)).toEqual(query);
});
