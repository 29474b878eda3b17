import { encode } from '../cbor/codec.ts';
import { concatBytes } from '../../shared/bytes.ts';
import { idBytesLittleEndian, type MemberId } from '../ids.ts';
import type { VerifyingKey } from '../keys.ts';
import { userBan, type AuthorizedUserBan } from '../room-state/bans.ts';
import { configuration, type AuthorizedConfiguration } from '../room-state/configuration.ts';
import type {
  AuthorizedDirectMessage,
  AuthorizedRecipientPurges,
  DirectMessage,
  RecipientPurges,
} from '../room-state/direct-messages.ts';
import { memberInfo, type AuthorizedMemberInfo } from '../room-state/member-info.ts';
import { member, type AuthorizedMember } from '../room-state/members.ts';
import { message, type AuthorizedMessage } from '../room-state/messages.ts';
import {
  encryptedSecretForMember,
  secretVersionRecord,
  type AuthorizedEncryptedSecret,
  type AuthorizedSecretVersionRecord,
} from '../room-state/secrets.ts';
import { upgrade, type AuthorizedUpgrade } from '../room-state/upgrade.ts';
import type { SignatureClaim } from './memo.ts';

// Who signs what: river: common/src/room_state/*.rs. Everything but direct messages is signed over the encoded inner struct.

export const configurationClaim = (
  record: AuthorizedConfiguration,
  owner: VerifyingKey,
): SignatureClaim => ({
  record,
  verifyingKey: owner,
  signature: record.signature,
  signedBytes: () => encode(configuration, record.configuration),
});

export const banClaim = (record: AuthorizedUserBan, banner: VerifyingKey): SignatureClaim => ({
  record,
  verifyingKey: banner,
  signature: record.signature,
  signedBytes: () => encode(userBan, record.ban),
});

export const memberClaim = (record: AuthorizedMember, inviter: VerifyingKey): SignatureClaim => ({
  record,
  verifyingKey: inviter,
  signature: record.signature,
  signedBytes: () => encode(member, record.member),
});

export const memberInfoClaim = (
  record: AuthorizedMemberInfo,
  subject: VerifyingKey,
): SignatureClaim => ({
  record,
  verifyingKey: subject,
  signature: record.signature,
  signedBytes: () => encode(memberInfo, record.memberInfo),
});

export const secretVersionClaim = (
  record: AuthorizedSecretVersionRecord,
  owner: VerifyingKey,
): SignatureClaim => ({
  record,
  verifyingKey: owner,
  signature: record.ownerSignature,
  signedBytes: () => encode(secretVersionRecord, record.record),
});

export const encryptedSecretClaim = (
  record: AuthorizedEncryptedSecret,
  owner: VerifyingKey,
): SignatureClaim => ({
  record,
  verifyingKey: owner,
  signature: record.ownerSignature,
  signedBytes: () => encode(encryptedSecretForMember, record.secret),
});

export const messageClaim = (record: AuthorizedMessage, author: VerifyingKey): SignatureClaim => ({
  record,
  verifyingKey: author,
  signature: record.signature,
  signedBytes: () => encode(message, record.message),
});

export const upgradeClaim = (record: AuthorizedUpgrade, owner: VerifyingKey): SignatureClaim => ({
  record,
  verifyingKey: owner,
  signature: record.signature,
  signedBytes: () => encode(upgrade, record.upgrade),
});

export const directMessageClaim = (
  record: AuthorizedDirectMessage,
  sender: VerifyingKey,
  owner: VerifyingKey,
): SignatureClaim => ({
  record,
  verifyingKey: sender,
  signature: record.senderSignature,
  signedBytes: () => directMessageSignedBytes(record.message, owner),
});

export const purgesClaim = (
  record: AuthorizedRecipientPurges,
  recipient: VerifyingKey,
  owner: VerifyingKey,
): SignatureClaim => ({
  record,
  verifyingKey: recipient,
  signature: record.recipientSignature,
  signedBytes: () => purgesSignedBytes(record.recipientId, record.state, owner),
});

const DM_TAG = 0x4d;
const PURGES_TAG = 0x50;

function littleEndian(bytes: 4 | 8, value: bigint): Uint8Array {
  const out = new Uint8Array(8);
  new DataView(out.buffer).setBigUint64(0, value, true);
  return out.subarray(0, bytes);
}

/** `M` ‖ sender ‖ recipient (i64 LE) ‖ owner key (32) ‖ timestamp (u64 LE) ‖ length (u32 LE) ‖ ciphertext. */
export const directMessageSignedBytes = (each: DirectMessage, owner: VerifyingKey): Uint8Array =>
  concatBytes([
    Uint8Array.of(DM_TAG),
    idBytesLittleEndian(each.sender),
    idBytesLittleEndian(each.recipient),
    owner,
    littleEndian(8, each.timestamp),
    littleEndian(4, BigInt(each.ciphertext.length)),
    each.ciphertext,
  ]);

/** `P` ‖ recipient (i64 LE) ‖ owner key (32) ‖ version (u64 LE) ‖ count (u32 LE) ‖ tokens (16 each, in list order). */
export const purgesSignedBytes = (
  recipient: MemberId,
  { version, purged }: RecipientPurges,
  owner: VerifyingKey,
): Uint8Array =>
  concatBytes([
    Uint8Array.of(PURGES_TAG),
    idBytesLittleEndian(recipient),
    owner,
    littleEndian(8, version),
    littleEndian(4, BigInt(purged.length)),
    ...purged,
  ]);
