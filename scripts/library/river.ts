/**
 * `weir/river`: River's rooms without a browser. Bytes as River writes them, the contract's rules, signatures, private rooms,
 * invitations, edits, and what the chat delegate is told. Nothing here reads a clock, a network or a store.
 */

// bytes: `decode(roomState, bytes)`, `encode(roomState, state)`
export { decode, encode, type Codec } from '../../src/river/cbor/codec.ts';
export { describeCbor } from '../../src/river/cbor/describe.ts';
export { DecodeError } from '../../src/river/cbor/errors.ts';
export type { UnknownField } from '../../src/river/cbor/struct.ts';
export {
  EMPTY_DELTA,
  roomDelta,
  roomState,
  type RoomDelta,
  type RoomField,
  type RoomState,
} from '../../src/river/room-state/room-state.ts';
export {
  roomSummary,
  type DirectMessagesSummary,
  type DmOrderKey,
  type DmPairHorizon,
  type MessagesSummary,
  type RetentionHorizon,
  type RoomSummary,
  type SecretsSummary,
} from '../../src/river/room-state/summary.ts';
export {
  ownerIdOf,
  roomParameters,
  type RoomParameters,
} from '../../src/river/room-state/parameters.ts';

// the records of a room
export type { AuthorizedUserBan, UserBan } from '../../src/river/room-state/bans.ts';
export type {
  AuthorizedConfiguration,
  Configuration,
  RoomDisplayMetadata,
} from '../../src/river/room-state/configuration.ts';
export type {
  AuthorizedDirectMessage,
  AuthorizedRecipientPurges,
  DirectMessage,
  DirectMessages,
  DirectMessagesDelta,
  PurgeToken,
  RecipientPurges,
} from '../../src/river/room-state/direct-messages.ts';
export type { AuthorizedMemberInfo, MemberInfo } from '../../src/river/room-state/member-info.ts';
export type { AuthorizedMember, Member } from '../../src/river/room-state/members.ts';
export type {
  AuthorizedMessage,
  Message,
  MessageOrderKey,
  PrivateBody,
  PublicBody,
  RoomMessageBody,
} from '../../src/river/room-state/messages.ts';
export type {
  PrivacyMode,
  PrivateBytes,
  PublicBytes,
  SealedBytes,
} from '../../src/river/room-state/sealed-bytes.ts';
export type {
  AuthorizedEncryptedSecret,
  AuthorizedSecretVersionRecord,
  EncryptedSecretForMember,
  RoomSecrets,
  SecretsDelta,
  SecretVersionRecord,
} from '../../src/river/room-state/secrets.ts';
export type { AuthorizedUpgrade, Upgrade } from '../../src/river/room-state/upgrade.ts';
export { millisFromTime, timeFromMillis, type SystemTime } from '../../src/river/system-time.ts';

// a room in memory: verify, apply, merge, compare
export {
  applyDelta,
  delta,
  merge,
  preverify,
  preverifyDelta,
  summarize,
  trustRoom,
  verifyRoom,
  type RoomChanges,
  type RoomError,
} from '../../src/river/room.ts';
export { SignatureMemo, type SignatureClaim } from '../../src/river/signatures/memo.ts';
export {
  chooseVerifier,
  javascriptVerifier,
  webCryptoVerifier,
  type SignatureVerifier,
} from '../../src/river/signatures/verifier.ts';

// the room contract, bytes in and bytes out
export {
  getStateDelta,
  summarizeState,
  updateState,
  validateState,
  type ContractError,
  type ContractUpdate,
} from '../../src/river/contract.ts';
export { contractIdText, roomContractKey, type ContractKey } from '../../src/river/contract-key.ts';

// keys and ids
export {
  isVerifyingKey,
  sign,
  verifyingKeyOf,
  type SigningKey,
  type VerifyingKey,
} from '../../src/river/keys.ts';
export {
  banId,
  memberId,
  memberIdHex,
  memberLabel,
  messageId,
  signatureDigest,
  type BanId,
  type MemberId,
  type MessageId,
} from '../../src/river/ids.ts';

// a room as a person sees it
export { RoomView } from '../../src/river/room-view.ts';
export type { DirectMessageView } from '../../src/river/view/direct-messages.ts';
export type { MemberView } from '../../src/river/view/members.ts';
export type { MessageView, ReactionView, ReplyView } from '../../src/river/view/messages.ts';
export { readableSecrets, type SecretsByVersion } from '../../src/river/secrets.ts';
export {
  decodeContent,
  encodeContent,
  type Action,
  type Content,
  type Reply,
  type Unintelligible,
} from '../../src/river/content.ts';
export {
  decodeDmBody,
  encodeDmBody,
  type DirectMessageBody,
  type InvitePayload,
} from '../../src/river/dm-body.ts';
export {
  encodeMention,
  parseMentions,
  type MentionRef,
  type TextPart,
} from '../../src/river/mentions.ts';

// edits: each gives the delta to apply and to send
export {
  editRoom,
  type Author,
  type EditRandom,
  type EditRoom,
} from '../../src/river/edits/author.ts';
export {
  composeDelete,
  composeEdit,
  composeJoin,
  composeMessage,
  composeReaction,
  composeReply,
  composeText,
  type ComposedMessage,
  type MessageMoment,
} from '../../src/river/edits/messages.ts';
export {
  composeConfiguration,
  type ComposedConfiguration,
  type ConfigurationChange,
} from '../../src/river/edits/configuration.ts';
export { composeBan, type ComposedBan } from '../../src/river/edits/bans.ts';
export {
  composeMemberInfo,
  type ComposedMemberInfo,
  type MemberInfoChange,
} from '../../src/river/edits/member-info.ts';
export {
  composeDirectMessage,
  composePurge,
  type ComposedDirectMessage,
  type ComposedPurge,
} from '../../src/river/edits/direct-messages.ts';
export { createRoom, type NewRoom } from '../../src/river/edits/create-room.ts';
export { describeEditRefused, type EditRefused } from '../../src/river/edits/refused.ts';
export {
  checkInvitation,
  createInvitation,
  invitationCode,
  parseInvitation,
  type Invitation,
  type InvitationError,
  type InvitationStatus,
} from '../../src/river/invitation.ts';
export {
  armorIdentity,
  parseIdentity,
  type IdentityError,
  type IdentityExport,
} from '../../src/river/identity.ts';

// what the chat delegate keeps, and how it is asked
export {
  ownRoomData,
  roomData,
  roomSlot,
  selfKeyOf,
  type InvitationSecret,
  type OwnRoomData,
  type RoomData,
  type RoomSlot,
} from '../../src/river/room-data.ts';
export {
  EMPTY_ROOMS_META,
  roomsMeta,
  type NotificationMode,
  type RoomsMeta,
} from '../../src/river/rooms-meta.ts';
export {
  EMPTY_OUTBOUND_DM_STORE,
  outboundDmStore,
  type HiddenThread,
  type OutboundDm,
  type OutboundDmStore,
} from '../../src/river/outbound-dms.ts';
export { roomsBlob, type RoomsBlob } from '../../src/river/rooms-blob.ts';
export {
  answers,
  decodeDelegateRequest,
  decodeDelegateResponse,
  encodeDelegateRequest,
  encodeDelegateResponse,
  type ByteForm,
  type CasStoreResult,
  type DelegateRequest,
  type DelegateResponse,
  type Outcome,
  type SignRequest,
} from '../../src/river/delegate-messages.ts';

// what the signatures above are made of
export type { Result } from '../../src/shared/result.ts';
export { fromBase58, fromHex, toBase58, toHex } from '../../src/shared/bytes.ts';
