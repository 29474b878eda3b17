import { Bytes, utf8 } from './bytes.ts';
import { CborWriter } from './cbor-writer.ts';
import { generationAfter, generationOf, sealEnvelope, valueOf } from './envelope.ts';
import { KeyIndex } from './key-index.ts';
import { OTHER, Outbox } from './outbound.ts';
import { Request } from './request.ts';
import { keyIndexName, valueName } from './secret-names.ts';
import { getSecret, removeSecret, setSecret } from './secrets.ts';

/*
 * The key-value store of a web app. Each origin sees only what is its own.
 *
 * A value is written before the index, so that a key is never listed without one. Where either write fails the call fails
 * as a whole and the client gets no reply: it must not take it for stored.
 */

const NOT_STORED = 'Failed to store secret via host function';
const NOT_INDEXED = 'Failed to store key index via host function';

/** Begins {"<response>": {"key": […], …}} with so many fields. */
function response(name: string, fields: u32, key: Bytes): CborWriter {
  const to = new CborWriter();
  to.struct(name, fields);
  to.textItem('key');
  to.integers(key);
  return to;
}

function writeOk(to: CborWriter): void {
  to.textItem('result');
  to.variant('Ok');
  to.nothing();
}

function writeValue(to: CborWriter, stored: Bytes | null): void {
  if (stored) to.integers(valueOf(stored));
  else to.nothing();
}

/** An unconditional write. */
export function storeValue(origin: Bytes, request: Request, out: Outbox): void {
  const name = valueName(origin, request.key);
  const generation = generationAfter(generationOf(getSecret(name)));
  if (!setSecret(name, sealEnvelope(generation, request.value))) {
    return out.fail(OTHER, utf8(NOT_STORED));
  }
  if (!new KeyIndex(keyIndexName(origin)).add(request.key)) {
    return out.fail(OTHER, utf8(NOT_INDEXED));
  }
  const to = response('StoreResponse', 3, request.key);
  to.textItem('value_size');
  to.unsigned(request.value.length);
  writeOk(to);
  out.reply(to.finish());
}

export function getValue(origin: Bytes, request: Request, out: Outbox): void {
  const to = response('GetResponse', 2, request.key);
  to.textItem('value');
  writeValue(to, getSecret(valueName(origin, request.key)));
  out.reply(to.finish());
}

/** Generations start anew when the key is stored again. */
export function removeValue(origin: Bytes, request: Request, out: Outbox): void {
  removeSecret(valueName(origin, request.key));
  if (!new KeyIndex(keyIndexName(origin)).remove(request.key)) {
    return out.fail(OTHER, utf8(NOT_INDEXED));
  }
  const to = response('DeleteResponse', 2, request.key);
  writeOk(to);
  out.reply(to.finish());
}

export function listKeys(origin: Bytes, out: Outbox): void {
  const to = new CborWriter();
  to.struct('ListResponse', 1);
  to.textItem('keys');
  new KeyIndex(keyIndexName(origin)).writeKeys(to);
  out.reply(to.finish());
}

export function getVersioned(origin: Bytes, request: Request, out: Outbox): void {
  const stored = getSecret(valueName(origin, request.key));
  const to = response('GetVersionedResponse', 3, request.key);
  to.textItem('value');
  writeValue(to, stored);
  to.textItem('generation');
  to.unsigned(generationOf(stored));
  out.reply(to.finish());
}

/** A write that takes place only at the generation the client expects; a conflict tells what is there instead. */
export function casStore(origin: Bytes, request: Request, out: Outbox): void {
  const name = valueName(origin, request.key);
  const stored = getSecret(name);
  const current = generationOf(stored);
  const to = response('CasStoreResponse', 2, request.key);
  to.textItem('result');
  if (request.number != current) {
    to.struct('Conflict', 2);
    to.textItem('current_generation');
    to.unsigned(current);
    to.textItem('current_value');
    writeValue(to, stored);
    return out.reply(to.finish());
  }
  const generation = generationAfter(current);
  if (!setSecret(name, sealEnvelope(generation, request.value))) {
    to.variant('Failed');
    to.textItem(NOT_STORED);
    return out.reply(to.finish());
  }
  if (!new KeyIndex(keyIndexName(origin)).add(request.key)) {
    return out.fail(OTHER, utf8(NOT_INDEXED));
  }
  to.struct('Stored', 1);
  to.textItem('generation');
  to.unsigned(generation);
  out.reply(to.finish());
}
