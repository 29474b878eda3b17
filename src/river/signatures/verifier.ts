import { fromHex } from '../../shared/bytes.ts';
import { isCanonicalPoint, isReducedScalar, isSmallOrder, verifyEd25519 } from './ed25519.ts';

/** Says what River says of a signature, in bulk or at once. */
export interface SignatureVerifier {
  readonly kind: 'webcrypto' | 'javascript';
  verify(verifyingKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean>;
  /** About 2 ms each: for the few that were not verified ahead. */
  verifySync(verifyingKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
}

export const javascriptVerifier: SignatureVerifier = {
  kind: 'javascript',
  verify: async (verifyingKey, message, signature) =>
    verifyEd25519(verifyingKey, message, signature),
  verifySync: verifyEd25519,
};

/** Imported keys are kept: a room's messages come from few authors. */
const MAX_KEYS = 5000;

/**
 * WebCrypto's Ed25519, an order of magnitude faster and off the thread. Engines agree with River except on points of small order
 * and encodings that are not canonical, which some refuse outright: those are decided here.
 */
export function webCryptoVerifier(subtle: SubtleCrypto): SignatureVerifier {
  const keys = new Map<string, Promise<CryptoKey>>();
  const importKey = (verifyingKey: Uint8Array): Promise<CryptoKey> => {
    const name = String.fromCharCode(...verifyingKey);
    let key = keys.get(name);
    if (key === undefined) {
      if (keys.size >= MAX_KEYS) keys.clear();
      key = subtle.importKey('raw', verifyingKey.slice(), 'Ed25519', false, ['verify']);
      keys.set(name, key);
    }
    return key;
  };
  return {
    kind: 'webcrypto',
    async verify(verifyingKey, message, signature) {
      const r = signature.subarray(0, 32);
      if (signature.length !== 64 || !isReducedScalar(signature.subarray(32))) return false;
      if (!isCanonicalPoint(r)) return false;
      if (!isCanonicalPoint(verifyingKey) || isSmallOrder(verifyingKey) || isSmallOrder(r)) {
        return verifyEd25519(verifyingKey, message, signature);
      }
      let key: CryptoKey;
      try {
        key = await importKey(verifyingKey);
      } catch {
        return false; // the engine refuses what is no point of the curve
      }
      return subtle.verify('Ed25519', key, signature.slice(), message.slice());
    },
    verifySync: verifyEd25519,
  };
}

// RFC 8032, section 7.1, test 2
const PROBE = {
  key: fromHex('3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c'),
  message: Uint8Array.of(0x72),
  signature: fromHex(
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  ),
};

/** WebCrypto where it knows Ed25519, else JavaScript. Ask once and keep the answer. */
export async function chooseVerifier(subtle: SubtleCrypto | undefined): Promise<SignatureVerifier> {
  if (subtle === undefined) return javascriptVerifier;
  try {
    const verifier = webCryptoVerifier(subtle);
    const good = await verifier.verify(PROBE.key, PROBE.message, PROBE.signature);
    return good ? verifier : javascriptVerifier;
  } catch {
    return javascriptVerifier; // no Ed25519 in this engine
  }
}
