import { equalBytes } from '../../shared/bytes.ts';
import { javascriptVerifier, type SignatureVerifier } from './verifier.ts';

/** A record says that the holder of a key signed it. */
export interface SignatureClaim {
  /** The signed record: never changed in place, so that its verdict can be remembered with it. */
  readonly record: object;
  /** 32 bytes. */
  readonly verifyingKey: Uint8Array;
  readonly signature: Uint8Array;
  /** The exact bytes under the signature: River's own encoding of the record's inner part. */
  readonly signedBytes: () => Uint8Array;
}

interface Verdict {
  readonly verifyingKey: Uint8Array;
  readonly valid: boolean;
}

/** What was verified lately, by content: the same record arrives again as another object when a state is read again. */
interface VerifiedContent {
  readonly verifyingKey: Uint8Array;
  readonly signedBytes: Uint8Array;
}

/** A few full rooms' worth; about half a kilobyte each. */
const MAX_CONTENTS = 4096;

/**
 * Remembers which records are rightly signed by whom, so that the rules of a room can ask at once and as often as they like, and a
 * signature is verified once.
 *
 * A verdict belongs to the record's object and the key: the same record under another key is another question. Verified content
 * is found again in other objects, within bounds.
 */
export class SignatureMemo {
  readonly #verifier: SignatureVerifier;
  readonly #verdicts = new WeakMap<object, Verdict>();
  /** By signature; the oldest first. */
  readonly #contents = new Map<string, VerifiedContent>();

  constructor(verifier: SignatureVerifier = javascriptVerifier) {
    this.#verifier = verifier;
  }

  /** What is known without verifying. */
  check({ record, verifyingKey }: SignatureClaim): boolean | 'unknown' {
    const verdict = this.#verdicts.get(record);
    if (verdict === undefined) return 'unknown';
    const same = verdict.verifyingKey === verifyingKey;
    return same || equalBytes(verdict.verifyingKey, verifyingKey) ? verdict.valid : 'unknown';
  }

  /** The verdict, found on the spot if it is not known: about 2 ms, so verify many with `verifyAll` first. */
  isValid(claim: SignatureClaim): boolean {
    const known = this.check(claim);
    if (known !== 'unknown') return known;
    const signedBytes = claim.signedBytes();
    return this.#settle(
      claim,
      signedBytes,
      this.#isVerifiedContent(claim, signedBytes) ||
        this.#verifier.verifySync(claim.verifyingKey, signedBytes, claim.signature),
    );
  }

  /** Verifies the claims that are not known yet, in parallel where the engine can. */
  async verifyAll(claims: readonly SignatureClaim[]): Promise<void> {
    await Promise.all(
      claims.map(async (claim) => {
        if (this.check(claim) !== 'unknown') return;
        const signedBytes = claim.signedBytes();
        const valid =
          this.#isVerifiedContent(claim, signedBytes) ||
          (await this.#verifier.verify(claim.verifyingKey, signedBytes, claim.signature));
        this.#settle(claim, signedBytes, valid);
      }),
    );
  }

  /** Takes claims as true that were verified before, such as those of rooms in the own database. */
  trust(claims: readonly SignatureClaim[]): void {
    for (const { record, verifyingKey } of claims) {
      this.#verdicts.set(record, { verifyingKey, valid: true });
    }
  }

  #settle(claim: SignatureClaim, signedBytes: Uint8Array, valid: boolean): boolean {
    const { record, verifyingKey, signature } = claim;
    this.#verdicts.set(record, { verifyingKey, valid });
    if (!valid) return false;
    const name = nameOf(signature);
    this.#contents.delete(name);
    this.#contents.set(name, { verifyingKey, signedBytes });
    if (this.#contents.size > MAX_CONTENTS) {
      const [oldest] = this.#contents.keys();
      if (oldest !== undefined) this.#contents.delete(oldest);
    }
    return true;
  }

  #isVerifiedContent(claim: SignatureClaim, signedBytes: Uint8Array): boolean {
    const content = this.#contents.get(nameOf(claim.signature));
    return (
      content !== undefined &&
      equalBytes(content.verifyingKey, claim.verifyingKey) &&
      equalBytes(content.signedBytes, signedBytes)
    );
  }
}

const nameOf = (signature: Uint8Array): string => String.fromCharCode(...signature);
