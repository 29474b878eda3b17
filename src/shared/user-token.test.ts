import { expect, test } from 'vitest';
import { appNodeAddress } from './app-node.ts';
import { fromBase58 } from './bytes.ts';
import { systemRandom } from './random.ts';
import { newUserToken, parseUserToken } from './user-token.ts';

test('a token is 32 random bytes in base58, and is read again with white space around it', () => {
  const token = newUserToken(systemRandom);
  expect(fromBase58(token)).toHaveLength(32);
  expect(newUserToken(systemRandom)).not.toBe(token);
  expect(parseUserToken(`\n ${token}\t`)).toBe(token);
});

test.each(['', ' ', 'ada', '0'.repeat(43), '1'.repeat(33), 'z'.repeat(100_000)])(
  'no token: %.50s',
  (text) => {
    expect(parseUserToken(text)).toBeUndefined();
  },
);

test('a token travels in the handshake and not in the address', () => {
  const token = newUserToken(systemRandom);
  const { url, protocols } = appNodeAddress('http://localhost:7520', token);
  expect(url).toBe('ws://localhost:7520/weir/node');
  expect(protocols).toEqual(['weir', `weir-user.${token}`]);
  // RFC 7230: a subprotocol is a token
  for (const each of protocols) expect(each).toMatch(/^[\w!#$%&'*+.^`|~-]+$/);
  expect(appNodeAddress('http://localhost:7520', undefined).protocols).toEqual([]);
});
