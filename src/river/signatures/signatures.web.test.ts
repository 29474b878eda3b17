import { describe, expect, it } from 'vitest';
import { sign, verifyingKeyOf } from '../keys.ts';
import { edgeCases, edgeSigners } from '../testing/edge-signatures.ts';
import { verifyEd25519 } from './ed25519.ts';
import { chooseVerifier, webCryptoVerifier } from './verifier.ts';

describe('in a browser', () => {
  it('WebCrypto is chosen where it knows Ed25519', async () => {
    expect((await chooseVerifier(crypto.subtle)).kind).toBe('webcrypto');
  });

  it('WebCrypto gives the same verdicts as JavaScript, on every edge', async () => {
    const web = webCryptoVerifier(crypto.subtle);
    for (const each of edgeCases()) {
      expect(await web.verify(each.key, each.message, each.signature), each.name).toBe(each.valid);
      expect(verifyEd25519(each.key, each.message, each.signature), each.name).toBe(each.valid);
    }
    for (const { name, key, sign: signOddly } of edgeSigners()) {
      for (let i = 0; i < 8; i++) {
        const message = Uint8Array.of(i);
        const signature = signOddly(message);
        const verdict = verifyEd25519(key, message, signature);
        expect(await web.verify(key, message, signature), name).toBe(verdict);
      }
    }
  });

  it('WebCrypto verifies what is signed here, and in bulk', async () => {
    const web = webCryptoVerifier(crypto.subtle);
    const seed = new Uint8Array(32).fill(4);
    const messages = Array.from({ length: 200 }, (_, i) => Uint8Array.of(i, 7));
    const verdicts = await Promise.all(
      messages.map((each) => web.verify(verifyingKeyOf(seed), each, sign(each, seed))),
    );
    expect(verdicts.every(Boolean)).toBe(true);
  });
});
