import { base58 } from './base58.ts';
import { Bytes, utf8 } from './bytes.ts';
import { CborWriter } from './cbor-writer.ts';
import { OTHER, Outbox } from './outbound.ts';
import { Request } from './request.ts';
import { signingKeyName } from './secret-names.ts';
import { setSecret } from './secrets.ts';

/** Keeps the seed of the signing key that a person has in a room, for the web app that gave it and for no other. */
export function storeSigningKey(origin: Bytes, request: Request, out: Outbox): void {
  if (!setSecret(signingKeyName(base58(origin), request.room), request.id)) {
    return out.fail(OTHER, utf8('Failed to store signing key via host function'));
  }
  const to = new CborWriter();
  to.struct('StoreSigningKeyResponse', 2);
  to.textItem('room_key');
  to.integers(request.room);
  to.textItem('result');
  to.variant('Ok');
  to.nothing();
  out.reply(to.finish());
}
