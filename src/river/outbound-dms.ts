import { array, fixedInts, i64, text, u64, withDefault } from './cbor/codec.ts';
import { openStruct, struct, type UnknownField } from './cbor/struct.ts';
import type { MemberId } from './ids.ts';
import type { VerifyingKey } from './keys.ts';
import { purgeToken, type PurgeToken } from './room-state/direct-messages.ts';

/** A sent direct message in clear: its sender can't open what was sealed for the recipient. */
export interface OutboundDm {
  readonly roomOwnerVk: VerifyingKey;
  readonly sender: MemberId;
  readonly recipient: MemberId;
  readonly purgeToken: PurgeToken;
  /** Seconds since 1970 UTC. */
  readonly timestamp: bigint;
  readonly plaintext: string;
}

/** An archived conversation: hidden while no inbound message is newer than `hiddenAtTs` (seconds). */
export interface HiddenThread {
  readonly roomOwnerVk: VerifyingKey;
  readonly peer: MemberId;
  readonly hiddenAtTs: bigint;
}

export interface OutboundDmStore {
  readonly entries: readonly OutboundDm[];
  readonly hiddenThreads: readonly HiddenThread[];
  readonly unknown: readonly UnknownField[];
}

/** Here River writes the key as an array of integers, and does not look whether it is one. */
const roomOwnerVk = fixedInts(32);

const none = (): readonly never[] => [];

/** The value of the delegate's key `outbound_dms`. Source: river: common/src/chat_delegate.rs. */
export const outboundDmStore = openStruct<OutboundDmStore>({
  entries: withDefault(
    array(
      struct<OutboundDm>({
        roomOwnerVk,
        sender: i64,
        recipient: i64,
        purgeToken,
        timestamp: u64,
        plaintext: text,
      }),
    ),
    none,
  ),
  hiddenThreads: withDefault(
    array(struct<HiddenThread>({ roomOwnerVk, peer: i64, hiddenAtTs: u64 })),
    none,
  ),
});

export const EMPTY_OUTBOUND_DM_STORE: OutboundDmStore = {
  entries: [],
  hiddenThreads: [],
  unknown: [],
};
