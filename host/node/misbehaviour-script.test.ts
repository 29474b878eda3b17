import { describe, expect, test } from 'vitest';
import { decodeMisbehaviour } from './misbehaviour-script.ts';

const withRule = (rule: unknown): unknown => ({ seed: 1, rules: [rule] });

test('a script comes out as it is written, with every field and every deed', () => {
  const rules = [
    {
      match: { request: 'ApplicationMessages', message: 'CasStoreRequest', keyPrefix: 'room:' },
      when: { nth: 2, times: 3, probability: 0.5, fromMs: 0, untilMs: 1000 },
      do: { type: 'refuse' },
    },
    { match: {}, do: { type: 'delay', at: 'before', ms: 10 } },
    { do: { type: 'disconnect', at: 'after' } },
    { do: { type: 'drop-answer' } },
    { do: { type: 'wrong-generation', by: -1 } },
    { do: { type: 'wrong-key', key: 'other' } },
    { do: { type: 'fill-quota' } },
    { do: { type: 'flip-bits', bits: 1 } },
    { do: { type: 'truncate' } },
    { do: { type: 'duplicate-answer' } },
    { do: { type: 'hold-answer', ms: 0 } },
    { do: { type: 'restart', at: 'before' } },
  ];
  const script = { seed: 4_294_967_295, rules };
  expect(decodeMisbehaviour(script)).toEqual({ ok: true, value: script });
});

describe('what is wrong with a script is said with its path:', () => {
  test.each<[path: string, script: unknown, reason: RegExp]>([
    ['script', [], /no object/],
    ['script', null, /no object/],
    ['seed', { rules: [] }, /missing/],
    ['seed', { seed: -1, rules: [] }, /whole number/],
    ['seed', { seed: 1.5, rules: [] }, /whole number/],
    ['rules', { seed: 1 }, /missing/],
    ['rules', { seed: 1, rules: {} }, /no array/],
    ['more', { seed: 1, rules: [], more: 1 }, /no such field/],
    ['rules[0]', withRule(7), /no object/],
    ['rules[0].do', withRule({}), /missing/],
    ['rules[0].do.type', withRule({ do: {} }), /missing/],
    ['rules[0].do.type', withRule({ do: { type: 'dance' } }), /none of refuse, delay/],
    ['rules[0].do.at', withRule({ do: { type: 'disconnect' } }), /missing/],
    ['rules[0].do.at', withRule({ do: { type: 'restart', at: 'then' } }), /before, after/],
    ['rules[0].do.ms', withRule({ do: { type: 'delay', at: 'after', ms: 1e9 } }), /600000/],
    ['rules[0].do.key', withRule({ do: { type: 'wrong-key', key: 1 } }), /no text/],
    ['rules[0].do.by', withRule({ do: { type: 'refuse', by: 1 } }), /no such field/],
    ['rules[0].match.request', withRule({ match: { request: 'put' } }), /none of/],
    ['rules[0].match.message', withRule({ match: { message: 'Cas' } }), /none of/],
    ['rules[0].match.key', withRule({ match: { key: '' }, do: { type: 'refuse' } }), /no such/],
    ['rules[0].when.nth', withRule({ when: { nth: 0 } }), /from 1/],
    ['rules[0].when.probability', withRule({ when: { probability: 2 } }), /from 0 to 1/],
    ['rules[0].when.every', withRule({ when: { every: 2 } }), /no such field/],
    ['rules[0].el', withRule({ do: { type: 'refuse' }, el: 1 }), /no such field/],
  ])('%s in %j', (path, script, reason) => {
    const decoded = decodeMisbehaviour(script);
    expect(decoded).toEqual({
      ok: false,
      error: { type: 'BadScript', path, reason: expect.stringMatching(reason) as string },
    });
  });
});
