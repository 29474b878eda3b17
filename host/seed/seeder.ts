/** Seeding: what is there is read first, and nothing is written unless all of the file fits what is there. */
import type { DelegateResponse } from '../../src/river/delegate-messages.ts';
import { equalBytes, utf8, utf8Text } from '../../src/shared/bytes.ts';
import { failure } from '../commands/command-error.ts';
import type { DelegateClient } from './delegate-client.ts';
import type { Held, Place } from './plan.ts';
import { describePlace, historiesOf, remaining } from './plan.ts';
import type { SeedFile, SeedWrite } from './seed-file.ts';

export interface SeedSummary {
  readonly stored: number;
  readonly alreadyThere: number;
  /** Keys on the node that the file says nothing of. */
  readonly otherKeys: number;
}

/** @throws CommandError */
export async function seedDelegate(file: SeedFile, client: DelegateClient): Promise<SeedSummary> {
  const toDo = await whatIsMissing(file, client);
  let stored = 0;
  for (const write of file.writes) {
    if (toDo.has(write) && (await store(write, client))) stored += 1;
  }
  const otherKeys = await compareKeys(file, client);
  return { stored, alreadyThere: file.writes.length - stored, otherKeys };
}

async function whatIsMissing(
  file: SeedFile,
  client: DelegateClient,
): Promise<ReadonlySet<SeedWrite>> {
  const missing = new Set<SeedWrite>();
  const other: string[] = [];
  for (const history of historiesOf(file.writes)) {
    const writes = remaining(history, await read(history.place, client));
    if (writes === 'OtherContent') other.push(describePlace(history.place));
    else for (const write of writes) missing.add(write);
  }
  if (other.length === 0) return missing;
  throw failure(`the node holds other content, so nothing was written: ${other.join(', ')}`);
}

async function read(place: Place, client: DelegateClient): Promise<Held> {
  if (place.type === 'storage') {
    const { response } = await client.ask({ type: 'GetVersionedRequest', key: place.key });
    if (response.type !== 'GetVersionedResponse') return unexpected(response);
    const { value, generation } = response;
    return value && { value, generation };
  }
  const { response } = await client.ask({ type: 'GetPublicKey', roomKey: place.roomKey });
  if (response.type !== 'GetPublicKeyResponse') return unexpected(response);
  return response.publicKey ? { value: response.publicKey, generation: 0n } : undefined;
}

/** @returns whether it was stored by this; false: somebody else has stored the same since it was read */
async function store(write: SeedWrite, client: DelegateClient): Promise<boolean> {
  const { response, bytes } = await client.ask(write.request, write.requestBytes);
  if (equalBytes(bytes, write.responseBytes)) return true;
  const { request } = write;
  if (
    request.type === 'CasStoreRequest' &&
    response.type === 'CasStoreResponse' &&
    response.result.type === 'Conflict'
  ) {
    const { currentValue } = response.result;
    if (currentValue && equalBytes(currentValue, request.value)) return false;
    throw failure(`${write.about} Other content came in between; it was left as it is`);
  }
  throw failure(`${write.about} The node's answer is not the recorded one: ${inWords(response)}`);
}

/** @returns how many keys there are besides the file's. @throws CommandError when one of the file's is not as it says */
async function compareKeys(file: SeedFile, client: DelegateClient): Promise<number> {
  const { response } = await client.ask({ type: 'ListRequest' });
  if (response.type !== 'ListResponse') return unexpected(response);
  const listed = new Set(response.keys.map(utf8Text));
  const wrong: string[] = [];
  for (const { key, generation } of file.keysAfter) {
    const held = await read({ type: 'storage', key: utf8(key) }, client);
    if (!listed.has(key)) wrong.push(`${key} is not listed`);
    else if (held?.generation !== generation) {
      wrong.push(`${key} has generation ${held?.generation ?? 'none'} instead of ${generation}`);
    }
  }
  if (wrong.length > 0) throw failure(`the keys differ from the file's: ${wrong.join('; ')}`);
  return listed.size - file.keysAfter.length;
}

function unexpected(response: DelegateResponse): never {
  throw failure(`the delegate answered with a ${response.type}`);
}

function inWords(response: DelegateResponse): string {
  if (!('result' in response)) return response.type;
  const { result } = response;
  return 'reason' in result ? result.reason : `${response.type} ${result.type}`;
}
