import { createCipheriv } from 'node:crypto';
import { gcm } from '@noble/ciphers/aes.js';
import { ed25519, x25519 } from '@noble/curves/ed25519.js';
import { blake3 } from '@noble/hashes/blake3.js';
import { sha256, sha512 } from '@noble/hashes/sha2.js';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { compile } from './compile.ts';

type TestFunction = (...args: number[]) => number;

let module: WebAssembly.Module;

beforeAll(async () => {
  module = new WebAssembly.Module(new Uint8Array(await compile('testing/crypto.ts')));
}, 120_000);

/** One instance: the functions take and give addresses. Memory is never freed, so each property has its own. */
class Guest {
  readonly #exports = new WebAssembly.Instance(module, {}).exports;

  #call(name: string, args: number[]): number {
    return (this.#exports[name] as TestFunction)(...args);
  }

  #read(pointer: number, length: number): Uint8Array {
    const memory = this.#exports['memory'] as WebAssembly.Memory;
    return new Uint8Array(memory.buffer).slice(pointer, pointer + length);
  }

  put(bytes: Uint8Array): number {
    const pointer = this.#call('allocate', [bytes.length]);
    const memory = this.#exports['memory'] as WebAssembly.Memory;
    new Uint8Array(memory.buffer).set(bytes, pointer);
    return pointer;
  }

  /** Calls a function whose first argument is where its output of `length` bytes goes. */
  output(name: string, length: number, ...args: number[]): Uint8Array {
    const out = this.#call('allocate', [length]);
    this.#call(name, [out, ...args]);
    return this.#read(out, length);
  }

  /** Calls a function that gives the address of its output, or 0. */
  pointed(name: string, length: number, ...args: number[]): Uint8Array | undefined {
    const pointer = this.#call(name, args);
    return pointer === 0 ? undefined : this.#read(pointer, length);
  }

  flag(name: string, ...args: number[]): boolean {
    return this.#call(name, args) !== 0;
  }
}

const bytes = (minLength: number, maxLength: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength, maxLength });
const bytes32 = bytes(32, 32);

/** Numbers at the edges of a field: small, near p, near 2^255, all ones. */
const edges32 = fc.oneof(
  bytes32,
  fc.tuple(fc.constantFrom(0, 0xff), fc.nat(255), fc.nat(255)).map(([fill, first, last]) => {
    const edge = new Uint8Array(32).fill(fill);
    edge[0] = first;
    edge[31] = last;
    return edge;
  }),
);

const runs = (numRuns: number): fc.Parameters<unknown> => ({ numRuns });

describe('hashes', () => {
  test('SHA-256 and SHA-512 are those of noble, at every length around their blocks', () => {
    const guest = new Guest();
    fc.assert(
      fc.property(bytes(0, 300), (message) => {
        const at = guest.put(message);
        expect(guest.output('testSha256', 32, at, message.length)).toEqual(sha256(message));
        expect(guest.output('testSha512', 64, at, message.length)).toEqual(sha512(message));
      }),
      runs(1000),
    );
  }, 60_000);

  test('BLAKE3 of one chunk is that of noble, plain, keyed and for deriving keys', () => {
    const guest = new Guest();
    fc.assert(
      fc.property(bytes(0, 1024), bytes32, fc.string({ maxLength: 60 }), (message, key, text) => {
        const at = guest.put(message);
        const context = new TextEncoder().encode(text);
        expect(guest.output('testBlake3', 32, at, message.length)).toEqual(blake3(message));
        expect(guest.output('testBlake3Keyed', 32, guest.put(key), at, message.length)).toEqual(
          blake3(message, { key }),
        );
        const contextAt = guest.put(context);
        expect(
          guest.output('testBlake3DeriveKey', 32, contextAt, context.length, at, message.length),
        ).toEqual(blake3(message, { context }));
      }),
      runs(1000),
    );
  }, 60_000);
});

describe('Ed25519', () => {
  test('public keys and signatures are those of noble', () => {
    const guest = new Guest();
    fc.assert(
      fc.property(edges32, bytes(0, 400), (seed, message) => {
        const at = guest.put(seed);
        expect(guest.output('testPublicKey', 32, at)).toEqual(ed25519.getPublicKey(seed));
        expect(guest.output('testSign', 64, at, guest.put(message), message.length)).toEqual(
          ed25519.sign(message, seed),
        );
      }),
      runs(1000),
    );
  }, 60_000);

  test('bytes are a public key when noble finds their point', () => {
    const guest = new Guest();
    const seen = { yes: 0, no: 0 };
    fc.assert(
      fc.property(bytes32, (key) => {
        let known = true;
        try {
          ed25519.Point.fromBytes(key, true);
        } catch {
          known = false;
        }
        seen[known ? 'yes' : 'no']++;
        expect(guest.flag('testIsPublicKey', guest.put(key))).toBe(known);
      }),
      runs(1000),
    );
    expect(Math.min(seen.yes, seen.no)).toBeGreaterThan(300);
  }, 60_000);

  test('a y that is not reduced and an odd zero are taken as public keys, as River takes them', () => {
    const guest = new Guest();
    // y = 1 is the neutral point, x = 0: with the parity bit set, and as p + 1
    const odd = new Uint8Array(32);
    odd[0] = 1;
    odd[31] = 0x80;
    const unreduced = new Uint8Array(32).fill(0xff);
    unreduced[0] = 0xee;
    unreduced[31] = 0x7f;
    expect(guest.flag('testIsPublicKey', guest.put(odd))).toBe(true);
    expect(guest.flag('testIsPublicKey', guest.put(unreduced))).toBe(true);
  });
});

describe('X25519', () => {
  test('shared secrets and public keys are those of noble', () => {
    const guest = new Guest();
    fc.assert(
      fc.property(edges32, edges32, (secret, theirs) => {
        let shared: Uint8Array;
        try {
          shared = x25519.getSharedSecret(secret, theirs);
        } catch {
          shared = new Uint8Array(32); // noble refuses a low-order point, whose product is zero
        }
        const at = guest.put(secret);
        expect(guest.output('testX25519', 32, at, guest.put(theirs))).toEqual(shared);
        expect(guest.output('testX25519PublicKey', 32, at)).toEqual(x25519.getPublicKey(secret));
      }),
      runs(1000),
    );
  }, 60_000);

  test('an Ed25519 key converts as noble converts it', () => {
    const guest = new Guest();
    fc.assert(
      fc.property(bytes32, (seed) => {
        const publicKey = ed25519.getPublicKey(seed);
        expect(guest.output('testToMontgomery', 32, guest.put(publicKey))).toEqual(
          ed25519.utils.toMontgomery(publicKey),
        );
      }),
      runs(1000),
    );
  }, 60_000);

  test('the neutral point converts to zero', () => {
    const guest = new Guest();
    const neutral = new Uint8Array(32);
    neutral[0] = 1;
    expect(guest.output('testToMontgomery', 32, guest.put(neutral))).toEqual(new Uint8Array(32));
  });
});

describe('AES-256-GCM', () => {
  test('ciphertexts are those of noble and of OpenSSL', () => {
    const guest = new Guest();
    fc.assert(
      fc.property(bytes32, bytes(12, 12), bytes(0, 200), (key, nonce, plaintext) => {
        const sealed = gcm(key, nonce).encrypt(plaintext);
        const openssl = createCipheriv('aes-256-gcm', key, nonce);
        const body = Buffer.concat([openssl.update(plaintext), openssl.final()]);
        expect(Buffer.concat([body, openssl.getAuthTag()])).toEqual(Buffer.from(sealed));
        const args = [guest.put(key), guest.put(nonce), guest.put(plaintext), plaintext.length];
        expect(guest.pointed('testEncrypt', sealed.length, ...args)).toEqual(sealed);
      }),
      runs(1000),
    );
  }, 60_000);

  test('what was sealed opens, and nothing that was changed by one bit', () => {
    const guest = new Guest();
    fc.assert(
      fc.property(
        bytes32,
        bytes(12, 12),
        bytes(0, 100),
        fc.nat(),
        (key, nonce, plaintext, flip) => {
          const sealed = gcm(key, nonce).encrypt(plaintext);
          const keyAt = guest.put(key);
          const nonceAt = guest.put(nonce);
          const open = (bytesToOpen: Uint8Array): Uint8Array | undefined =>
            guest.pointed(
              'testDecrypt',
              plaintext.length,
              keyAt,
              nonceAt,
              guest.put(bytesToOpen),
              bytesToOpen.length,
            );
          expect(open(sealed)).toEqual(plaintext);
          const bit = flip % (sealed.length * 8);
          const changed = sealed.map((byte, i) =>
            i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte,
          );
          expect(open(changed)).toBeUndefined();
          expect(open(sealed.subarray(0, 15))).toBeUndefined();
        },
      ),
      runs(1000),
    );
  }, 60_000);
});
