import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../shared/bytes.ts';
import { decodeContent, encodeContent, type Content } from './content.ts';

describe('content', () => {
  const target = -4104013538549455734n;
  const known: [Content, string][] = [
    [{ type: 'text', text: 'hello' }, 'a164746578746568656c6c6f'],
    [{ type: 'join' }, 'a16a6576656e745f7479706501'],
    [
      { type: 'edit', target, newText: 'hi' },
      'a36b616374696f6e5f7479706501667461726765743b38f46291bea25b75677061796c6f61644da1686e65775f74657874626869',
    ],
    [
      { type: 'delete', target },
      'a36b616374696f6e5f7479706502667461726765743b38f46291bea25b75677061796c6f616440',
    ],
    [
      { type: 'react', target, emoji: '👍' },
      'a36b616374696f6e5f7479706503667461726765743b38f46291bea25b75677061796c6f61644ca165656d6f6a6964f09f918d',
    ],
    [
      {
        type: 'reply',
        text: 'yes',
        targetMessageId: target,
        targetAuthorName: 'alice',
        targetContentPreview: 'hello',
      },
      'a4647465787463796573717461726765745f6d6573736167655f69643b38f46291bea25b75727461726765745f617574686f725f6e616d6565616c696365767461726765745f636f6e74656e745f707265766965776568656c6c6f',
    ],
  ];
  const typeOf = { text: 1, join: 4, edit: 2, delete: 2, react: 2, unreact: 2, reply: 3 } as const;

  it('is written as River writes it and read back', () => {
    for (const [content, hex] of known) {
      expect(toHex(encodeContent(content)), content.type).toBe(hex);
      expect(decodeContent(typeOf[content.type], 1, fromHex(hex))).toEqual(content);
    }
    const unreact: Content = { type: 'unreact', target, emoji: 'x' };
    expect(decodeContent(2, 1, encodeContent(unreact))).toEqual(unreact);
  });

  it('with a payload in the older form is read too, but not behind a tag', () => {
    const [, hex] = known[3] as [Content, string];
    expect(decodeContent(2, 1, fromHex(`${hex.slice(0, -2)}80`)).type).toBe('delete');
    expect(decodeContent(2, 1, fromHex(`${hex.slice(0, -2)}c140`)).type).toBe('undecodable');
  });

  it('of other kinds says what it is instead of failing', () => {
    expect(decodeContent(9, 3, new Uint8Array())).toEqual({
      type: 'unsupported',
      contentType: 9,
      contentVersion: 3,
    });
    expect(decodeContent(1, 1, Uint8Array.of(1))).toEqual({ type: 'undecodable' });
    expect(decodeContent(4, 1, fromHex('a16a6576656e745f7479706509'))).toEqual({
      type: 'unknown-event',
      eventType: 9,
    });
    expect(
      decodeContent(
        2,
        1,
        fromHex(
          'a36b616374696f6e5f747970651877667461726765740067 7061796c6f616440'.replace(' ', ''),
        ),
      ).type,
    ).toBe('unknown-action');
  });
});
