import { describe, expect, it } from 'vitest';
import { memberId, memberLabel } from './ids.ts';
import { verifyingKeyOf } from './keys.ts';
import {
  encodeMention,
  mentions,
  parseMentions,
  resolveMention,
  textWithNames,
} from './mentions.ts';

const seed = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
const key = (byte: number): Uint8Array => verifyingKeyOf(seed(byte));
const id = (byte: number): bigint => memberId(key(byte));

describe('mentions', () => {
  const ref = (text: string) => parseMentions(text).filter((part) => part.type === 'mention');
  const label = memberLabel(id(1));

  it('are tokens with a label, or with the older whole id', () => {
    expect(ref(`hi @[Ann](rv:${label})!`)).toEqual([
      { type: 'mention', name: 'Ann', ref: { type: 'label', label: 'MDKEKCRF' } },
    ]);
    expect(ref('@[A](rv:000000000000000a)')).toMatchObject([{ ref: { type: 'id', id: 10n } }]);
    expect(ref('@[A](rv:FF)')).toMatchObject([{ ref: { type: 'id', id: 255n } }]);
    expect(ref('@[A](rv:ffffffffffffffff)')).toMatchObject([{ ref: { type: 'id', id: -1n } }]);
    expect(ref('@[A](rv:23456723)')).toMatchObject([{ ref: { type: 'label', label: '23456723' } }]);
    expect(ref(`@[](rv:${label})`)).toMatchObject([{ name: '' }]);
    expect(ref(`@[@[Ann](rv:${label})`)).toMatchObject([{ name: '@[Ann' }]);
  });

  it('that are not quite tokens stay text, whole', () => {
    for (const text of [
      '@[docs](http:01)',
      'a@[b].c',
      '@[unterminated',
      '@[name](rv:)',
      '@[name](rv:zz)',
      '@[name](xx:01)',
      '@[a](rv:1',
      '',
      '@[a](rv:12345678901234567)',
    ]) {
      expect(parseMentions(text), text).toEqual([{ type: 'text', text }]);
    }
    expect(parseMentions('@['.repeat(50_000)).length).toBe(1);
  });

  it('are written without brackets and control characters, 64 characters at most', () => {
    expect(encodeMention('ev)il](rv:dead)', id(1))).toBe(`@[evilrv:dead](rv:${label})`);
    expect(encodeMention(' a]b)c(d[e\u0007 ', id(1))).toBe(`@[abcde](rv:${label})`);
    expect(encodeMention('👍'.repeat(70), id(1))).toBe(`@[${'👍'.repeat(64)}](rv:${label})`);
  });

  it('name the member, with a shared label the one with the smallest id', () => {
    const twin = 66n + (1n << 40n);
    expect(memberLabel(66n)).toBe(memberLabel(twin));
    const shared = { type: 'label', label: memberLabel(66n) } as const;
    expect(resolveMention(shared, [twin, 66n])).toBe(66n);
    expect(resolveMention(shared, [twin])).toBe(twin);
    expect(resolveMention({ type: 'id', id: 5n }, [twin])).toBeUndefined();
    expect(mentions(encodeMention('x', twin), 66n)).toBe(true);
    expect(mentions('no', 66n)).toBe(false);
    const names = new Map([[id(1), 'Now']]);
    expect(textWithNames(`@[Then](rv:${label}) and @[Gone](rv:77)`, names)).toBe('@Now and @Gone');
  });
});
