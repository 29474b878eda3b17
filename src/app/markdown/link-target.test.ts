import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linkTarget, misleads } from './link-target.ts';

const HERE = 'http://localhost:7520';
const ID = 'EqJ5YpGEV3XLqEvKWLQHFhGAac2qXzSUoE6k2zbdnXBr';
const CODE = '2'.repeat(300);

const target = (address: string) => linkTarget(address, HERE);

describe('the address of a link', () => {
  it('is one of the web or of a mailbox', () => {
    expect(target('https://freenet.org/x?y=1#z')).toEqual({
      type: 'web',
      href: 'https://freenet.org/x?y=1#z',
      host: 'freenet.org',
      label: 'freenet.org/x?y=1#z',
    });
    expect(target('http://freenet.org/')?.label).toBe('http://freenet.org');
    const mail = { type: 'mail', href: 'mailto:ana@example.org', label: 'ana@example.org' };
    expect(target('mailto:ana@example.org')).toEqual(mail);
    expect(target('mailto:ana@example.org?bcc=all@evil.example&body=x')).toEqual(mail);
  });

  it.each([
    'javascript:alert(1)',
    'JavaScript:alert(1)',
    ' javascript:alert(1)',
    'java\nscript:alert(1)',
    'java\tscript:alert(1)',
    '\u0001javascript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:x',
    'file:///etc/passwd',
    'blob:http://localhost:7520/1',
    'ftp://example.org',
    'rv:ABCDEFGH',
    '/room/x',
    '#top',
    '//example.org',
    'http://',
    'https://user@example.org',
    'https://paypal.com@evil.example',
    'https://user:secret@example.org',
    'https://example.org/\u202egpj.exe',
    'https://exam\u200bple.org/',
    'https://example.org/\u2066x',
    'mailto:a@b.c,d@e.f',
    `https://example.org/${'x'.repeat(2_048)}`,
    '',
  ])('%j is none', (address) => {
    expect(target(address)).toBeUndefined();
  });

  it('never has another scheme, whatever is written', () => {
    const scheme = fc.constantFrom('javascript', 'data', 'vbscript', 'http', 'https', 'mailto', '');
    const noise = fc.string({
      unit: fc.constantFrom(
        '\t',
        '\n',
        '\0',
        ' ',
        ':',
        '/',
        '\\',
        '@',
        'a',
        '%',
        '.',
        '\u202e',
        '\u200d',
        'ａ',
      ),
    });
    fc.assert(
      fc.property(noise, scheme, noise, noise, (before, name, middle, rest) => {
        const found = target(`${before}${name}:${middle}${rest}`);
        if (!found) return;
        expect(found.href).toMatch(/^(https?:\/\/[^/@]+(\/|$)|mailto:)/);
        expect(`${found.href}${found.label}`).not.toMatch(/[\p{Cc}\p{Cf}]/u);
      }),
      { numRuns: 2_000 },
    );
  });

  it('shows a host in other letters as it is looked up', () => {
    const found = target('https://аррӏе.com/'); // Cyrillic
    expect(found).toMatchObject({ host: 'xn--80ak6aa92e.com', label: 'xn--80ak6aa92e.com' });
  });

  it('shows the letters of a path, unless something in it would not be seen', () => {
    expect(target('https://example.org/%D1%80%D0%B5%D0%BA%D0%B0')?.label).toBe('example.org/река');
    expect(target('https://example.org/a%E2%80%AEb')?.label).toBe('example.org/a%E2%80%AEb');
    expect(target('https://example.org/a%20b')?.label).toBe('example.org/a%20b');
    expect(target('https://example.org/%ff')?.label).toBe('example.org/%ff');
  });

  it('is shortened behind the host', () => {
    const label = target(`https://example.org/${'x'.repeat(500)}`)?.label ?? '';
    expect([label.length, label.slice(0, 12), label.at(-1)]).toEqual([64, 'example.org/', '…']);
  });
});

describe('a web app of Freenet', () => {
  it('opens on the node of whoever reads', () => {
    expect(target(`http://127.0.0.1:7509/v1/contract/web/${ID}/`)).toEqual({
      type: 'freenet',
      href: `${HERE}/v1/contract/web/${ID}/`,
      label: 'freenet:EqJ5YpGE',
    });
    expect(target(`https://node.example/v1/contract/web/${ID}/a/b?c#d`)).toMatchObject({
      href: `${HERE}/v1/contract/web/${ID}/a/b?c#d`,
      label: 'freenet:EqJ5YpGE/a/b?c#d',
    });
  });

  it.each([
    `http://node.example/v1/contract/web/${ID}/../../x`,
    `http://node.example/v1/contract/web/${ID}/%2e%2e/x`,
    `http://node.example/v1/contract/web/${ID}x9/`,
    'http://node.example/v1/contract/web/short/',
    `http://node.example/v2/contract/web/${ID}/`,
  ])('is not %s', (address) => {
    expect(target(address)).toMatchObject({ type: 'web' });
  });
});

describe('a place in Weir', () => {
  it('opens in this window: rooms, messages, invitations', () => {
    expect(target(`${HERE}/room/abc/m/1`)).toMatchObject({
      type: 'inside',
      href: `${HERE}/room/abc/m/1`,
    });
    expect(target(`${HERE}/?invitation=${CODE}`)).toMatchObject({
      type: 'inside',
      href: `${HERE}/?invitation=${CODE}`,
    });
    expect(target(`${HERE}/weir/metrics`)).toMatchObject({ type: 'web' });
  });

  it('is also an invitation that was made on another node', () => {
    const address = `http://127.0.0.1:7509/v1/contract/web/${ID}/?invitation=${CODE}`;
    expect(target(address)).toMatchObject({
      type: 'inside',
      href: `${HERE}/?invitation=${CODE}`,
      label: 'invitation:22222222',
    });
    expect(target(`https://evil.example/?invitation=${CODE}`)).toMatchObject({ type: 'web' });
    expect(target(`${HERE}/?invitation=short`)).toMatchObject({ type: 'web' });
  });
});

describe('the words of a link', () => {
  const to = (address: string) => {
    const found = target(address);
    if (!found) throw new Error(address);
    return found;
  };

  it.each([
    ['paypal.com', 'https://evil.example/'],
    ['https://paypal.com/login', 'https://evil.example/'],
    ['PayPal.com', 'https://paypal.com.evil.example/'],
    ['paypal.com:80', 'https://paypal.com/'],
    ['paypal.com@evil.example', 'https://paypal.com/'],
    ['аррӏе.com', 'https://аррӏе.com/'],
    ['freenet.org', `http://x.example/v1/contract/web/${ID}/`],
    ['ana@example.org', 'mailto:eve@evil.example'],
  ])('%s misleads to %s', (words, address) => {
    expect(misleads(words, to(address))).toBe(true);
  });

  it.each([
    ['the docs', 'https://example.org/'],
    ['example.org', 'https://example.org/deep/link'],
    ['https://example.org/a', 'https://example.org/b'],
    ['example.org', 'https://www.example.org/'],
    ['e.g.', 'https://example.org/'],
    ['v1.2', 'https://example.org/'],
    ['ana@example.org', 'mailto:ana@example.org'],
  ])('%s is honest to %s', (words, address) => {
    expect(misleads(words, to(address))).toBe(false);
  });
});
