import type { MessageItem } from './api.ts';

/** Up to which change of a room receipts prove where it is. */
export interface ProvedPlaces {
  /** The highest seq that is on the node. */
  readonly onNode: number;
  /** The highest seq that the room's contract is known to have taken. */
  readonly inRoom: number;
}

/** The furthest place that a receipt proves. @param seq of the change that wrote the message */
export function deliveryOf(
  seq: number,
  { onNode, inRoom }: ProvedPlaces,
): NonNullable<MessageItem['delivery']> {
  if (seq <= inRoom) return 'in-room';
  return seq > onNode ? 'stored-here' : 'on-node';
}
