import { ed25519 } from '@noble/curves/ed25519.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readVectors } from '../../../tests/support/vectors.ts';
import { concatBytes, fromHex, toHex } from '../../shared/bytes.ts';
import { sign, verifyingKeyOf } from '../keys.ts';
import {
  edgeCases,
  edgeSigners,
  littleEndian,
  ORDER,
  PRIME,
  TORSION,
  withSign,
} from '../testing/edge-signatures.ts';
import type { RoomStateVectors } from '../testing/vectors.ts';
import { isCanonicalPoint, isReducedScalar, isSmallOrder, verifyEd25519 } from './ed25519.ts';
import { SignatureMemo, type SignatureClaim } from './memo.ts';
import { chooseVerifier, javascriptVerifier, webCryptoVerifier } from './verifier.ts';

const { Point } = ed25519;

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

  it('gives the same verdict on odd keys, whatever the message', async () => {
    for (const { name, key, sign: signOddly } of edgeSigners()) {
      for (let i = 0; i < 8; i++) {
        const message = Uint8Array.of(i);
        const signature = signOddly(message);
        const verdict = verifyEd25519(key, message, signature);
        expect(await web.verify(key, message, signature), name).toBe(verdict);
      }
    }
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

  it('knows verified content again in another object, and nothing that only looks like it', async () => {
    let verified = 0;
    const counting = {
      ...javascriptVerifier,
      verifySync: (...args: Parameters<typeof javascriptVerifier.verifySync>) => {
        verified += 1;
        return javascriptVerifier.verifySync(...args);
      },
    };
    const memo = new SignatureMemo(counting);
    const good = claim(true);
    expect(memo.isValid(good)).toBe(true);
    expect(memo.isValid({ ...good, record: {} })).toBe(true);
    await memo.verifyAll([{ ...good, record: {} }]);
    expect(verified).toBe(1);
    expect(memo.isValid({ ...good, record: {}, signedBytes: () => Uint8Array.of(9) })).toBe(false);
    const other = verifyingKeyOf(new Uint8Array(32).fill(6));
    expect(memo.isValid({ ...good, record: {}, verifyingKey: other })).toBe(false);
    expect(verified).toBe(3);
    const bad = claim(false);
    expect([memo.isValid(bad), memo.isValid({ ...bad, record: {} })]).toEqual([false, false]);
    expect(verified).toBe(5);
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
