import { array, fixedInts, i64, ints, signature, u32 } from '../cbor/codec.ts';
import { struct, variantStruct, wrapped } from '../cbor/struct.ts';
import { variants } from '../cbor/variants.ts';
import { compareIds, messageId, type MemberId, type MessageId } from '../ids.ts';
import { compareTimes, systemTime, type SystemTime } from '../system-time.ts';

/** What a message says: CBOR content of `contentType` and `contentVersion` (see `content.ts`), in clear or sealed. */
export type RoomMessageBody = PublicBody | PrivateBody;

export interface PublicBody {
  readonly type: 'Public';
  readonly contentType: number;
  readonly contentVersion: number;
  readonly data: Uint8Array;
}

export interface PrivateBody {
  readonly type: 'Private';
  readonly contentType: number;
  readonly contentVersion: number;
  /** AES-256-GCM of the content with the 16-byte tag appended. */
  readonly ciphertext: Uint8Array;
  /** 12 bytes. */
  readonly nonce: Uint8Array;
  readonly secretVersion: number;
}

export interface Message {
  readonly roomOwner: MemberId;
  readonly author: MemberId;
  /** The author's clock; nothing bounds it. */
  readonly time: SystemTime;
  readonly content: RoomMessageBody;
}

/** Signed by the author over the encoded `message`. */
export interface AuthorizedMessage {
  readonly message: Message;
  readonly signature: Uint8Array;
}

const roomMessageBody = variants<RoomMessageBody>({
  Public: variantStruct<Omit<PublicBody, 'type'>>({
    contentType: u32,
    contentVersion: u32,
    data: ints,
  }),
  Private: variantStruct<Omit<PrivateBody, 'type'>>({
    contentType: u32,
    contentVersion: u32,
    ciphertext: ints,
    nonce: fixedInts(12),
    secretVersion: u32,
  }),
});

export const message = struct<Message>({
  roomOwner: i64,
  author: i64,
  time: systemTime,
  content: roomMessageBody,
});

export const authorizedMessage = struct<AuthorizedMessage>({ message, signature });

export const messageList = array(authorizedMessage);

/** `MessagesV1 { messages }`. Source: river: common/src/room_state/message.rs. */
export const messages = wrapped('messages', messageList);

/** Length that `max_message_size` limits: the content, or its ciphertext with the tag; the nonce does not count. */
export const contentLength = (body: RoomMessageBody): number =>
  body.type === 'Public' ? body.data.length : body.ciphertext.length;

/** Messages are ordered by time, then id. */
export interface MessageOrderKey {
  readonly time: SystemTime;
  readonly id: MessageId;
}

export const messageOrderKey = struct<MessageOrderKey>({ time: systemTime, id: i64 });

export const orderKeyOf = (each: AuthorizedMessage): MessageOrderKey => ({
  time: each.message.time,
  id: messageId(each),
});

export const compareOrderKeys = (a: MessageOrderKey, b: MessageOrderKey): number =>
  compareTimes(a.time, b.time) || compareIds(a.id, b.id);

export const compareMessages = (a: AuthorizedMessage, b: AuthorizedMessage): number =>
  compareTimes(a.message.time, b.message.time) || compareIds(messageId(a), messageId(b));
