import type { DirectMessageBody } from '../river/dm-body.ts';
import { editRoom } from '../river/edits/author.ts';
import { composeDirectMessage } from '../river/edits/direct-messages.ts';
import type { EditRefused } from '../river/edits/refused.ts';
import type { MemberId } from '../river/ids.ts';
import type { OutboundDm } from '../river/outbound-dms.ts';
import { MAX_DM_FUTURE_SKEW_SECS } from '../river/room-state/direct-messages.ts';
import type { RoomState } from '../river/room-state/room-state.ts';
import type { SignatureMemo } from '../river/signatures/memo.ts';
import type { Clock } from '../shared/clock.ts';
import type { Random } from '../shared/random.ts';
import { ok } from '../shared/result.ts';
import type { Alongside, ComposeEdit } from './edit-queue.ts';
import { OUTBOUND_EDIT_STORES, recordOutbound } from './outbound-store.ts';

export interface DmEditDeps {
  readonly memo: SignatureMemo;
  readonly clock: Clock;
  readonly random: Random;
}

/** A direct message as an edit: what is sealed goes into the room, its words beside it, in one transaction. */
export interface DmEdit {
  readonly compose: ComposeEdit<EditRefused>;
  readonly alongside: Alongside;
  /** What is sent, by the last `compose`; undefined before. */
  sent(): OutboundDm | undefined;
}

export function dmEdit(
  { memo, clock, random }: DmEditDeps,
  recipient: MemberId,
  body: DirectMessageBody,
): DmEdit {
  let outbound: OutboundDm | undefined;
  return {
    compose: (loaded) => {
      const room = editRoom(loaded.state, loaded.own, memo);
      if (!room.ok) return room;
      const now = BigInt(Math.floor(clock.now() / 1000));
      const timestamp = nextTime(loaded.state, room.value.author.id, recipient, now);
      const composed = composeDirectMessage(room.value, recipient, body, {
        timestamp,
        now,
        random,
      });
      if (!composed.ok) return composed;
      outbound = composed.value.outbound;
      return ok(composed.value.delta);
    },
    alongside: {
      stores: OUTBOUND_EDIT_STORES,
      async write(tx, { seq }, now) {
        if (outbound) await recordOutbound(tx, outbound, seq, now);
      },
    },
    sent: () => outbound,
  };
}

/** Later than the last one to that person: times have whole seconds, and what is written in one has an order too. */
function nextTime(
  { directMessages }: RoomState,
  sender: MemberId,
  recipient: MemberId,
  now: bigint,
): bigint {
  let time = now;
  for (const { message } of directMessages.messages) {
    if (message.sender !== sender || message.recipient !== recipient) continue;
    if (message.timestamp >= time) time = message.timestamp + 1n;
  }
  const latest = now + MAX_DM_FUTURE_SKEW_SECS;
  return time < latest ? time : latest;
}
