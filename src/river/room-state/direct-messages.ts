import { array, exactBytes, i64, ints, signature, u64, withDefault } from '../cbor/codec.ts';
import { struct } from '../cbor/struct.ts';
import type { MemberId } from '../ids.ts';

/** Direct messages kept per ordered pair of sender and recipient. */
export const MAX_DM_MESSAGES_PER_PAIR = 100;
/** Longest sealed envelope in bytes. */
export const MAX_DM_CIPHERTEXT_BYTES = 32_768;
/** Purge tokens in one recipient's list. */
export const MAX_PURGED_TOMBSTONES_PER_RECIPIENT = 1000;
/** How far ahead of the clock a composed DM may be dated, in seconds; checked by clients only. */
export const MAX_DM_FUTURE_SKEW_SECS = 300n;

/** 16 bytes: the digest of a DM's signature. */
export type PurgeToken = Uint8Array;

export interface DirectMessage {
  readonly sender: MemberId;
  readonly recipient: MemberId;
  /** Seconds since 1970 UTC; any u64. */
  readonly timestamp: bigint;
  /** An envelope that only the recipient can open (see `crypto/dm-envelope.ts`). */
  readonly ciphertext: Uint8Array;
}

/** Signed by the sender over `directMessageSignedBytes`, which also names the room's owner. */
export interface AuthorizedDirectMessage {
  readonly message: DirectMessage;
  readonly senderSignature: Uint8Array;
}

export interface RecipientPurges {
  /** 1 and up; a later list has a higher version and holds all earlier tokens. */
  readonly version: bigint;
  readonly purged: readonly PurgeToken[];
}

/** Signed by the recipient over `purgesSignedBytes`. */
export interface AuthorizedRecipientPurges {
  readonly recipientId: MemberId;
  readonly state: RecipientPurges;
  readonly recipientSignature: Uint8Array;
}

export interface DirectMessages {
  readonly messages: readonly AuthorizedDirectMessage[];
  readonly purges: readonly AuthorizedRecipientPurges[];
}

export interface DirectMessagesDelta {
  readonly newMessages: readonly AuthorizedDirectMessage[];
  readonly advancedPurges: readonly AuthorizedRecipientPurges[];
}

export const purgeToken = exactBytes(16);

const none = (): readonly never[] => [];

const authorizedDirectMessages = withDefault(
  array(
    struct<AuthorizedDirectMessage>({
      message: struct<DirectMessage>({
        sender: i64,
        recipient: i64,
        timestamp: u64,
        ciphertext: ints,
      }),
      senderSignature: signature,
    }),
  ),
  none,
);

const authorizedPurges = withDefault(
  array(
    struct<AuthorizedRecipientPurges>({
      recipientId: i64,
      state: struct<RecipientPurges>({
        version: withDefault(u64, () => 0n),
        purged: withDefault(array(purgeToken), none),
      }),
      recipientSignature: signature,
    }),
  ),
  none,
);

/** `DirectMessagesV1`. Source: river: common/src/room_state/direct_messages.rs. */
export const directMessages = struct<DirectMessages>({
  messages: authorizedDirectMessages,
  purges: authorizedPurges,
});

export const directMessagesDelta = struct<DirectMessagesDelta>({
  newMessages: authorizedDirectMessages,
  advancedPurges: authorizedPurges,
});

export const EMPTY_DIRECT_MESSAGES: DirectMessages = { messages: [], purges: [] };
