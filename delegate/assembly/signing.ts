import { base58 } from './base58.ts';
import { Bytes, Writer, utf8 } from './bytes.ts';
import { CborWriter } from './cbor-writer.ts';
import { SigningKey } from './crypto/ed25519.ts';
import { OTHER, Outbox } from './outbound.ts';
import { Request } from './request.ts';
import { signingKeyName } from './secret-names.ts';
import { getSecret, setSecret } from './secrets.ts';

/*
 * The key that a person signs with in a room. Each lies under the web app that gave it: no other one can use it, and its
 * secret half never leaves.
 */

/** Bytes of a seed. */
export const SEED: u32 = 32;

function response(name: string, fields: u32, request: Request): CborWriter {
  const to = new CborWriter();
  to.struct(name, fields);
  to.textItem('room_key');
  to.integers(request.room);
  return to;
}

export function storeSigningKey(origin: Bytes, request: Request, out: Outbox): void {
  if (!setSecret(signingKeyName(base58(origin), request.room), request.id)) {
    return out.fail(OTHER, utf8('Failed to store signing key via host function'));
  }
  const to = response('StoreSigningKeyResponse', 2, request);
  to.textItem('result');
  to.variant('Ok');
  to.nothing();
  out.reply(to.finish());
}

/** What lies where the seed should be. */
function storedSeed(origin: Bytes, request: Request): Bytes | null {
  return getSecret(signingKeyName(base58(origin), request.room));
}

export function getPublicKey(origin: Bytes, request: Request, out: Outbox): void {
  const seed = storedSeed(origin, request);
  const to = response('GetPublicKeyResponse', 2, request);
  to.textItem('public_key');
  if (seed && seed.length == SEED) to.integers(new SigningKey(seed).publicKey);
  else to.nothing();
  out.reply(to.finish());
}

/** Signs the bytes as they are, whatever the request calls them. */
export function sign(origin: Bytes, request: Request, out: Outbox): void {
  const seed = storedSeed(origin, request);
  const to = response('SignResponse', 3, request);
  to.textItem('request_id');
  to.unsigned(request.number);
  to.textItem('signature');
  if (!seed) {
    to.variant('Err');
    to.textItem('Signing key not found for this room');
  } else if (seed.length != SEED) {
    to.variant('Err');
    const why = new Writer();
    why.text('Invalid signing key length: expected 32, got ');
    why.decimal(seed.length);
    to.textBytes(why.finish());
  } else {
    to.variant('Ok');
    to.integers(new SigningKey(seed).sign(request.value));
  }
  out.reply(to.finish());
}
