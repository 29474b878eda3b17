import { blake3 } from '@noble/hashes/blake3.js';
import { expect, test } from 'vitest';
import { toHex, utf8 } from '../shared/bytes.ts';
import { userIdOf } from './user-id.ts';

test('a user id is the hash of the token after a fixed text', () => {
  expect(userIdOf('alice')).toBe(toHex(blake3(utf8('freenet-user-idalice'))));
  expect(userIdOf('alice')).toBe(
    '1c8ae24af0369920d6db818af725cb97d7ccf5b942ff89c65d13025c62b8adcb',
  );
});
