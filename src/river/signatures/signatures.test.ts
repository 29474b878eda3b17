import { ed25519 } from '@noble/curves/ed25519.js';
import { sha512 } from '@noble/hashes/sha2.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readVectors } from '../../../tests/support/vectors.ts';
import { concatBytes, fromHex, toHex } from '../../shared/bytes.ts';
import { sign, verifyingKeyOf } from '../keys.ts';
import type { RoomStateVectors } from '../testing/vectors.ts';
import { isCanonicalPoint, isReducedScalar, isSmallOrder, verifyEd25519 } from './ed25519.ts';
import { SignatureMemo, type SignatureClaim } from './memo.ts';
import { chooseVerifier, javascriptVerifier, webCryptoVerifier } from './verifier.ts';

const { Point } = ed25519;
const ORDER = Point.CURVE().n;
const PRIME = Point.CURVE().p;

const littleEndian = (value: bigint): Uint8Array =>
  Uint8Array.from({ length: 32 }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn));

const scalarOf = (bytes: Uint8Array): bigint =>
  bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n) % ORDER;

/** A point of order 8. */
const TORSION = Point.fromHex('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05');

/** A signature by a secret scalar under `verifyingKey`, with a chosen R. */
function signRaw(
  scalar: bigint,
  nonce: bigint,
  verifyingKey: Uint8Array,
  r: Uint8Array,
  message: Uint8Array,
): Uint8Array {
  const k = scalarOf(sha512(concatBytes([r, verifyingKey, message])));
  return concatBytes([r, littleEndian((nonce + k * scalar) % ORDER)]);
}

interface EdgeCase {
  readonly name: string;
  readonly key: Uint8Array;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
  readonly valid: boolean;
}

function edgeCases(): EdgeCase[] {
  const message = Uint8Array.of(1, 2, 3);
  const seed = new Uint8Array(32).fill(7);
  const key = verifyingKeyOf(seed);
  const signature = sign(message, seed);
  const s = scalarOf(signature.subarray(32));
  const r = signature.subarray(0, 32);
  const scalar = 12345n;
  const nonce = 99n;
  const nonceR = Point.BASE.multiply(nonce).toBytes();
  const mixedKey = Point.BASE.multiply(scalar).add(TORSION).toBytes();
  const mixedR = Point.BASE.multiply(nonce).add(TORSION).toBytes();
  const cleanKey = Point.BASE.multiply(scalar).toBytes();
  const identity = littleEndian(1n);
  const zeros = new Uint8Array(32);
  const cases: EdgeCase[] = [
    { name: 'a plain signature', key, message, signature, valid: true },
    { name: 'another message', key, message: Uint8Array.of(1, 2, 4), signature, valid: false },
    {
      name: 'S + L',
      key,
      message,
      signature: concatBytes([r, littleEndian(s + ORDER)]),
      valid: false,
    },
    { name: 'S = L', key, message, signature: concatBytes([r, littleEndian(ORDER)]), valid: false },
    {
      name: 'R with a torsion component',
      key: cleanKey,
      message,
      signature: signRaw(scalar, nonce, cleanKey, mixedR, message),
      valid: false,
    },
    {
      name: 'identity key, R = identity, S = 0',
      key: identity,
      message,
      signature: concatBytes([identity, zeros]),
      valid: true,
    },
    {
      name: 'identity key, R = sB',
      key: identity,
      message,
      signature: concatBytes([nonceR, littleEndian(nonce)]),
      valid: true,
    },
    {
      name: 'identity key not canonical (y = p + 1), R = sB',
      key: littleEndian(PRIME + 1n),
      message,
      signature: concatBytes([nonceR, littleEndian(nonce)]),
      valid: true,
    },
    {
      name: 'identity key with a sign, R = sB',
      key: withSign(identity),
      message,
      signature: concatBytes([nonceR, littleEndian(nonce)]),
      valid: true,
    },
    {
      name: 'R not canonical (y = p + 1)',
      key: identity,
      message,
      signature: concatBytes([littleEndian(PRIME + 1n), zeros]),
      valid: false,
    },
    {
      name: 'R = identity with a sign',
      key: identity,
      message,
      signature: concatBytes([withSign(identity), zeros]),
      valid: false,
    },
    { name: 'a key that is no point', key: littleEndian(2n), message, signature, valid: false },
    {
      name: 'a key beyond p that is no point',
      key: littleEndian(PRIME + 2n),
      message,
      signature,
      valid: false,
    },
    { name: 'all zeros', key: zeros, message, signature: new Uint8Array(64), valid: false },
    { name: '63 bytes', key, message, signature: signature.subarray(0, 63), valid: false },
  ];
  // keys with a torsion component: valid exactly when k is a multiple of the torsion's order
  for (let i = 0; i < 24; i++) {
    const text = Uint8Array.of(9, i);
    const mixed = signRaw(scalar, nonce, mixedKey, nonceR, text);
    const k = scalarOf(sha512(concatBytes([nonceR, mixedKey, text])));
    cases.push({
      name: `mixed-order key ${i}`,
      key: mixedKey,
      message: text,
      signature: mixed,
      valid: k % 8n === 0n,
    });
    const torsionKey = TORSION.toBytes();
    const k2 = scalarOf(sha512(concatBytes([nonceR, torsionKey, text])));
    cases.push({
      name: `small-order key ${i}`,
      key: torsionKey,
      message: text,
      signature: concatBytes([nonceR, littleEndian(nonce)]),
      valid: k2 % 8n === 0n,
    });
  }
  return cases;
}

const withSign = (bytes: Uint8Array): Uint8Array => {
  const signed = bytes.slice();
  signed[31] = (signed[31] as number) | 0x80;
  return signed;
};

describe('the equation', () => {
  const web = webCryptoVerifier(crypto.subtle);

  it('gives the same verdict in JavaScript and in WebCrypto, on every edge', async () => {
    let valid = 0;
    for (const each of edgeCases()) {
      expect(verifyEd25519(each.key, each.message, each.signature), each.name).toBe(each.valid);
      expect(await web.verify(each.key, each.message, each.signature), each.name).toBe(each.valid);
      valid += Number(each.valid);
    }
    expect(valid).toBeGreaterThan(6); // among them mixed-order keys whose k happens to clear the torsion
  });

  it('accepts what River signed and refuses it with any bit changed', async () => {
    const { signatures, actors } = readVectors<RoomStateVectors>('room-state');
    for (const [i, { signer, signed_bytes, signature }] of signatures.entries()) {
      const key = fromHex(actors[signer]?.verifying_key ?? '');
      const message = fromHex(signed_bytes);
      expect(await web.verify(key, message, fromHex(signature))).toBe(true);
      if (i % 20 !== 0) continue;
      expect(verifyEd25519(key, message, fromHex(signature))).toBe(true);
      const changed = fromHex(signature);
      changed[i % 64] = (changed[i % 64] as number) ^ (1 << (i % 8));
      expect(verifyEd25519(key, message, changed)).toBe(false);
      expect(await web.verify(key, message, changed)).toBe(false);
    }
  });

  it('agrees on mutated keys and signatures', async () => {
    const seed = new Uint8Array(32).fill(3);
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(
        bytes,
        fc.nat(95),
        fc.integer({ min: 0, max: 255 }),
        async (message, at, value) => {
          const both = concatBytes([verifyingKeyOf(seed), sign(message, seed)]);
          both[at] = value;
          const key = both.subarray(0, 32);
          const signature = both.subarray(32);
          expect(await web.verify(key, message, signature)).toBe(
            verifyEd25519(key, message, signature),
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  it('knows scalars, canonical encodings and small orders', () => {
    expect(isReducedScalar(littleEndian(ORDER - 1n))).toBe(true);
    expect(isReducedScalar(littleEndian(ORDER))).toBe(false);
    expect(isReducedScalar(new Uint8Array(32).fill(255))).toBe(false);
    for (const y of [0n, 1n, 5n, PRIME - 1n])
      expect(isCanonicalPoint(littleEndian(y)), `${y}`).toBe(true);
    for (let i = 0n; i < 19n; i++) expect(isCanonicalPoint(littleEndian(PRIME + i))).toBe(false);
    expect(isCanonicalPoint(withSign(littleEndian(5n)))).toBe(true);
    expect(isCanonicalPoint(withSign(littleEndian(1n)))).toBe(false);
    expect(isCanonicalPoint(withSign(littleEndian(PRIME - 1n)))).toBe(false);
    let small = Point.ZERO;
    for (let i = 0; i < 8; i++) {
      expect(isSmallOrder(small.toBytes()), `${i}`).toBe(true);
      small = small.add(TORSION);
    }
    expect(small.is0()).toBe(true);
    expect(isSmallOrder(Point.BASE.toBytes())).toBe(false);
    expect(isSmallOrder(withSign(littleEndian(PRIME + 1n)))).toBe(true);
  });
});

describe('the verifier', () => {
  it('is WebCrypto where that knows Ed25519, else JavaScript', async () => {
    expect((await chooseVerifier(crypto.subtle)).kind).toBe('webcrypto');
    expect((await chooseVerifier(undefined)).kind).toBe('javascript');
    const without = { importKey: () => Promise.reject(new Error('NotSupported')) };
    expect((await chooseVerifier(without as unknown as SubtleCrypto)).kind).toBe('javascript');
  });
});

describe('the memo', () => {
  const seed = new Uint8Array(32).fill(5);
  const key = verifyingKeyOf(seed);
  const claim = (valid: boolean): SignatureClaim & { asked: () => number } => {
    let asked = 0;
    const message = Uint8Array.of(8);
    return {
      record: {},
      verifyingKey: key,
      signature: valid ? sign(message, seed) : new Uint8Array(64),
      signedBytes: () => {
        asked += 1;
        return message;
      },
      asked: () => asked,
    };
  };

  it('verifies a record once, ahead or when asked', async () => {
    const memo = new SignatureMemo(await chooseVerifier(crypto.subtle));
    const good = claim(true);
    const bad = claim(false);
    expect(memo.check(good)).toBe('unknown');
    await memo.verifyAll([good, bad]);
    await memo.verifyAll([good, bad]);
    expect([memo.check(good), memo.check(bad)]).toEqual([true, false]);
    expect([memo.isValid(good), memo.isValid(bad)]).toEqual([true, false]);
    expect([good.asked(), bad.asked()]).toEqual([1, 1]);
    const late = claim(true);
    expect(memo.isValid(late)).toBe(true);
    expect(memo.check(late)).toBe(true);
  });

  it('does not take a verdict under one key for a verdict under another', () => {
    const memo = new SignatureMemo(javascriptVerifier);
    const good = claim(true);
    memo.trust([good]);
    expect(memo.check(good)).toBe(true);
    const other = { ...good, verifyingKey: verifyingKeyOf(new Uint8Array(32).fill(6)) };
    expect(memo.check(other)).toBe('unknown');
    expect(memo.isValid(other)).toBe(false);
    expect(toHex(good.verifyingKey)).not.toBe(toHex(other.verifyingKey));
  });
});
