/**
 * What of a recorded sequence of writes is still to be done, given what the delegate holds.
 *
 * The writes to one place (a storage key, or a room's signing key) form its history. Where what is held is one of the
 * history's values, the writes up to that one have been done; where nothing is held, none; anything else is other content,
 * which is never written over.
 */
import { verifyingKeyOf } from '../../src/river/keys.ts';
import { equalBytes, toHex, utf8Text } from '../../src/shared/bytes.ts';
import type { SeedWrite } from './seed-file.ts';

/** A storage key's value and generation, or a room's public key (whose signing key the delegate never shows). */
export type Place =
  | { readonly type: 'storage'; readonly key: Uint8Array }
  | { readonly type: 'signing-key'; readonly roomKey: Uint8Array };

/** What a place holds; undefined: nothing. Signing keys have no generation: 0. */
export type Held = { readonly value: Uint8Array; readonly generation: bigint } | undefined;

export interface History {
  readonly place: Place;
  /** In order, with what the place holds after each. */
  readonly steps: readonly {
    readonly write: SeedWrite;
    readonly after: NonNullable<Held>;
  }[];
}

/** The histories of all places, in the order of their first writes. */
export function historiesOf(writes: readonly SeedWrite[]): History[] {
  const histories = new Map<string, { place: Place; steps: History['steps'][number][] }>();
  for (const write of writes) {
    const place = placeOf(write);
    const name = placeName(place);
    const history = histories.get(name) ?? { place, steps: [] };
    histories.set(name, history);
    const before = history.steps.at(-1)?.after.generation ?? 0n;
    history.steps.push({ write, after: heldAfter(write, before) });
  }
  return [...histories.values()];
}

/** The writes of a history that have not been done yet, or that something else is there. */
export function remaining(history: History, held: Held): readonly SeedWrite[] | 'OtherContent' {
  const writes = history.steps.map(({ write }) => write);
  if (held === undefined) return writes;
  const same = history.steps.map(({ after }) => equalBytes(after.value, held.value));
  const exact = history.steps.findLastIndex(
    ({ after }, index) => same[index] === true && after.generation === held.generation,
  );
  const done = exact === -1 ? same.lastIndexOf(true) : exact;
  return done === -1 ? 'OtherContent' : writes.slice(done + 1);
}

/** A place in words. */
export const describePlace = (place: Place): string =>
  place.type === 'storage'
    ? JSON.stringify(utf8Text(place.key))
    : `the signing key of room ${toHex(place.roomKey).slice(0, 16)}…`;

function placeOf({ request }: SeedWrite): Place {
  return request.type === 'StoreSigningKey'
    ? { type: 'signing-key', roomKey: request.roomKey }
    : { type: 'storage', key: request.key };
}

const placeName = (place: Place): string =>
  place.type === 'storage' ? `s${toHex(place.key)}` : `k${toHex(place.roomKey)}`;

function heldAfter({ request, response }: SeedWrite, before: bigint): NonNullable<Held> {
  if (request.type === 'StoreSigningKey') {
    return { value: verifyingKeyOf(request.signingKeyBytes), generation: 0n };
  }
  const stored = response.type === 'CasStoreResponse' && response.result.type === 'Stored';
  return {
    value: request.value,
    generation: stored ? response.result.generation : before + 1n,
  };
}
