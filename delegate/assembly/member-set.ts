import { Bytes } from './bytes.ts';
import { CborReader } from './cbor-reader.ts';
import { CborWriter } from './cbor-writer.ts';
import { memberId } from './member-id.ts';

/** Sorted, each once. */
function normalized(ids: i64[]): i64[] {
  ids.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const set: i64[] = [];
  for (let i = 0; i < ids.length; i++) {
    if (i == 0 || ids[i] != ids[i - 1]) set.push(ids[i]);
  }
  return set;
}

/** The ids of members as a set: CBOR array of ascending integers. */
export function encodeMemberSet(members: Bytes[]): Bytes {
  const ids: i64[] = [];
  for (let i = 0; i < members.length; i++) ids.push(memberId(members[i]));
  return encodeIds(normalized(ids));
}

function encodeIds(ids: i64[]): Bytes {
  const to = new CborWriter();
  to.array(ids.length);
  for (let i = 0; i < ids.length; i++) to.signed(ids[i]);
  return to.finish();
}

/** Whether a set that was stored is this one, whatever way it was written. */
export function isSameMemberSet(stored: Bytes, set: Bytes): bool {
  const from = new CborReader(stored);
  const ids: i64[] = [];
  let left = from.array();
  while (from.hasMore(left)) {
    ids.push(from.signed());
    if (left > 0) left -= 1;
  }
  from.leave();
  return !from.failed && encodeIds(normalized(ids)).equals(set);
}
