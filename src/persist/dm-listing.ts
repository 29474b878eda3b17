import type { MemberId } from '../river/ids.ts';
import type { AuthorizedDirectMessage } from '../river/room-state/direct-messages.ts';
import type { DmListing } from './schema.ts';

/** One conversation by its times alone: nothing is opened for it. Seconds since 1970 UTC. */
export type DmPair = Pick<DmListing, 'inbound' | 'answered'>;

/** The conversations of `self` in a room. */
export function dmPairs(
  messages: readonly AuthorizedDirectMessage[],
  self: MemberId,
): ReadonlyMap<MemberId, DmPair> {
  const pairs = new Map<MemberId, { inbound: bigint[]; answered: bigint }>();
  for (const { message } of messages) {
    const { sender, recipient, timestamp } = message;
    if (sender !== self && recipient !== self) continue;
    const peer = sender === self ? recipient : sender;
    const pair = pairs.get(peer) ?? { inbound: [], answered: 0n };
    pairs.set(peer, pair);
    if (sender !== self) pair.inbound.push(timestamp);
    else if (timestamp > pair.answered) pair.answered = timestamp;
  }
  return pairs;
}

/** What the list of conversations shows of a room. */
export const dmListing = (
  messages: readonly AuthorizedDirectMessage[],
  self: MemberId,
  nameOf: (id: MemberId) => string,
): readonly DmListing[] =>
  [...dmPairs(messages, self)].map(([peer, pair]) => ({
    peer: String(peer),
    name: nameOf(peer),
    ...pair,
  }));
