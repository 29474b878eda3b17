import { Bytes, Writer } from '../bytes.ts';
import { POINT, compress, decompress, multiplyBase, toMontgomery } from './edwards.ts';
import { multiplyAdd, reduce } from './scalar.ts';
import { sha512 } from './sha512.ts';

const point: usize = memory.data(160, 8);
const digest: usize = memory.data(64, 8);

/** Whether 32 bytes are a public key: those of a point. */
export function isPublicKey(bytes: Bytes): bool {
  return decompress(point, bytes.pointer);
}

/** A key to sign with, of RFC 8032, 5.1. */
export class SigningKey {
  /** 32 bytes */
  publicKey: Bytes = Bytes.allocate(32);
  /** The private scalar, 32 bytes; also the private key for X25519. */
  scalar: Bytes = Bytes.allocate(32);
  private prefix: Bytes = Bytes.allocate(32);

  /** @param seed 32 bytes */
  constructor(seed: Bytes) {
    sha512(digest, seed);
    memory.copy(this.scalar.pointer, digest, 32);
    memory.copy(this.prefix.pointer, digest + 32, 32);
    const scalar = this.scalar.pointer;
    store<u8>(scalar, load<u8>(scalar) & 248);
    store<u8>(scalar + 31, (load<u8>(scalar + 31) & 127) | 64);
    multiplyBase(point, scalar);
    compress(this.publicKey.pointer, point);
  }

  /** The signature of `message`, 64 bytes. */
  sign(message: Bytes): Bytes {
    const signature = Bytes.allocate(64);
    const input = new Writer(64 + message.length);
    input.raw(this.prefix);
    input.raw(message);
    sha512(digest, input.finish());
    const nonce = Bytes.allocate(32);
    reduce(nonce.pointer, digest);
    multiplyBase(point, nonce.pointer);
    compress(signature.pointer, point);

    const challenge = new Writer(64 + message.length);
    challenge.raw(new Bytes(signature.pointer, 32));
    challenge.raw(this.publicKey);
    challenge.raw(message);
    sha512(digest, challenge.finish());
    const k = Bytes.allocate(32);
    reduce(k.pointer, digest);
    multiplyAdd(signature.pointer + 32, k.pointer, this.scalar.pointer, nonce.pointer);
    return signature;
  }
}
