import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { linkify } from './linkify.ts';

const links = (message: string): string[] =>
  linkify(message).flatMap((part) => (part.type === 'link' ? [part.href] : []));

describe('addresses in a message', () => {
  test('an address becomes a link, and what is around it stays text', () => {
    expect(linkify('see https://freenet.org/a?b=c#d now')).toEqual([
      { type: 'text', text: 'see ' },
      { type: 'link', text: 'https://freenet.org/a?b=c#d', href: 'https://freenet.org/a?b=c#d' },
      { type: 'text', text: ' now' },
    ]);
  });

  test.each([
    ['Read http://a.example.', 'http://a.example/'],
    ['(https://a.example/x)', 'https://a.example/x'],
    ['https://a.example/x_(y)', 'https://a.example/x_(y)'],
    ['«https://a.example/x»?!', 'https://a.example/x%C2%BB'],
    ['HTTPS://A.example/Up', 'https://a.example/Up'],
  ])('the end of the address is found in %s', (message, href) => {
    expect(links(message)).toEqual([href]);
  });

  test.each([
    'javascript:alert(1)',
    'data:text/html,x',
    'ftp://a.example',
    'https://',
    'https://freenet.org@evil.example/',
    'https://freenet.org:pw@evil.example/',
    'https://a b',
  ])('%s is no link, or at most up to the space', (message) => {
    expect(links(message).every((href) => href === 'https://a/')).toBe(true);
  });

  test('an invisible direction mark ends the address', () => {
    expect(links('https://a.example/\u202egpj.exe')).toEqual(['https://a.example/']);
  });

  test('a flood of addresses is linked up to a bound, and no text is lost', () => {
    const flood = 'http://a.b '.repeat(5_000);
    const parts = linkify(flood);
    expect(parts.filter((part) => part.type === 'link')).toHaveLength(100);
    expect(parts.map((part) => part.text).join('')).toBe(flood);
  });

  test('the pieces are always the whole message, and every link is http or https', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.webUrl({ withQueryParameters: true, withFragments: true }),
      fc.constantFrom('https://', 'http://x', ').', '\n', '@', '‮'),
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const message = pieces.join('');
        const parts = linkify(message);
        expect(parts.map((part) => part.text).join('')).toBe(message);
        for (const part of parts) {
          if (part.type === 'link') expect(part.href).toMatch(/^https?:\/\/[^@/]+\//);
        }
      }),
    );
  });
});
