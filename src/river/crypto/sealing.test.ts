import { describe, expect, it } from 'vitest';
import { fromHex, toHex, utf8 } from '../../shared/bytes.ts';
import { openEnvelope, openSecret, sealEnvelope, sealSecretFor, toX25519Public } from './ecies.ts';
import { deriveRoomSecret } from './room-secret.ts';
import { verifyingKeyOf } from '../keys.ts';
import { sealBytes, openSealed } from '../secrets.ts';

const seed = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
const key = (byte: number): Uint8Array => verifyingKeyOf(seed(byte));
describe('sealing', () => {
  it('derives the secrets of rotated versions as River does', () => {
    const owner = key(1);
    const derived = (byte: number, version: number) =>
      toHex(deriveRoomSecret(seed(byte), owner, version));
    expect(derived(0, 0)).toBe('dd189cce079374856eb7a201618e5886a1e9e5598b33340843002cbb9091e1a9');
    expect(derived(0, 0x01020304)).toBe(
      'aa8f7d5ab5158466787228d68854f65d39ace313078f29a9fbad887970d3fe67',
    );
    expect(derived(255, 0)).toBe(
      '60b5600b12fcaa0c52da765995f69cb3eb5437d56753c024976719f1e4317e87',
    );
    expect(derived(1, 1)).toBe('1b19aa5b1e43210240d95e2c2273e9b665d826427d8e7998cd4ab3dfde274cb6');
  });

  it('turns signing keys into X25519 keys', () => {
    expect(toHex(toX25519Public(key(1)))).toBe(
      '1b1b58dd50ea14b60da17b790cd02754d970c9bab864ebb3c0f3016fe51d3f57',
    );
    expect(toHex(toX25519Public(key(2)))).toBe(
      '60346e7c911a5f6ba154129174cafe75b294ac3bbd5549632f48cec6266f8410',
    );
    const identity = Uint8Array.from({ length: 32 }, (_, i) => Number(i === 0));
    expect(toHex(toX25519Public(identity))).toBe('00'.repeat(32));
  });

  it('makes the same copy of a secret each time, which only its member opens', () => {
    const copy = sealSecretFor(seed(0x2a), key(3));
    if (!copy) throw new Error('not sealed');
    expect(toHex(copy.ciphertext)).toBe(
      'ae3a2f82fc8982c6014649b76c19ea0920d0eaf9bf8f2690ddf7dd70bda39bc54d829d924dc0afb8621639430515c78d',
    );
    expect(toHex(copy.senderEphemeralPublicKey)).toBe(
      '19f806d18ca5b14914ebd6831cf896369030b1e9c8c36ae60f7156317021aa12',
    );
    expect(toHex(openSecret(copy, seed(3)) ?? new Uint8Array())).toBe('2a'.repeat(32));
    expect(openSecret(copy, seed(4))).toBeUndefined();
    const smallOrder = { ...copy, senderEphemeralPublicKey: new Uint8Array(32) };
    expect(openSecret(smallOrder, seed(3))).toBeUndefined();
    const identity = Uint8Array.from({ length: 32 }, (_, i) => Number(i === 0));
    expect(sealSecretFor(seed(1), identity)).toBeUndefined();
  });

  it('makes envelopes that only the recipient opens', () => {
    const body = fromHex('80a16454657874a16474657874626869');
    const envelope = sealEnvelope(body, key(3), seed(0x55), new Uint8Array(12).fill(0xab));
    expect(toHex(envelope ?? new Uint8Array())).toBe(
      '38ab664bd86f77d7e66bdd9ae0792913a94fd8b33a1260027e4b46c1f4884c67abababababababababababab' +
        'fcac9c501890a77a0fdfc4af9603b0fb0a7df1f11bd7f2d658449bde8b9b8aeb',
    );
    expect(toHex(openEnvelope(envelope ?? new Uint8Array(), seed(3)) ?? new Uint8Array())).toBe(
      toHex(body),
    );
    expect(openEnvelope(envelope ?? new Uint8Array(), seed(2))).toBeUndefined();
    for (const length of [0, 43, 44, 50])
      expect(openEnvelope(new Uint8Array(length), seed(3))).toBeUndefined();
  });

  it('seals values under a room secret', () => {
    const sealed = sealBytes(utf8('alice'), seed(9), 3, new Uint8Array(12).fill(7));
    expect(toHex(sealed.ciphertext)).toBe('38d7e4fc0d5a54aaa9a893e40c1118cffcb903fc0b');
    expect(sealed.declaredLenBytes).toBe(5);
    expect(openSealed(sealed, new Map([[3, seed(9)]]))).toEqual(utf8('alice'));
    expect(openSealed(sealed, new Map([[3, seed(8)]]))).toBeUndefined();
    expect(openSealed(sealed, new Map([[2, seed(9)]]))).toBeUndefined();
    expect(
      openSealed({ ...sealed, ciphertext: new Uint8Array(5) }, new Map([[3, seed(9)]])),
    ).toBeUndefined();
  });
});
