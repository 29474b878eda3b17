import { utf8 } from '../../shared/bytes.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import { encode } from '../cbor/codec.ts';
import { roomContractKey } from '../contract-key.ts';
import { NONCE_BYTES } from '../crypto/aes-gcm.ts';
import { memberId } from '../ids.ts';
import { sign, verifyingKeyOf } from '../keys.ts';
import type { RoomData } from '../room-data.ts';
import {
  configuration as configurationCodec,
  type Configuration,
} from '../room-state/configuration.ts';
import { EMPTY_DIRECT_MESSAGES } from '../room-state/direct-messages.ts';
import { memberInfo as memberInfoCodec } from '../room-state/member-info.ts';
import type { SealedBytes } from '../room-state/sealed-bytes.ts';
import type { RoomSecrets } from '../room-state/secrets.ts';
import { sealBytes } from '../secrets.ts';
import type { SystemTime } from '../system-time.ts';
import type { EditRandom } from './author.ts';
import type { EditRefused } from './refused.ts';
import { signSecretCopy, signVersionRecord } from './secrets.ts';

export interface NewRoom {
  readonly name: string;
  readonly description: string | null;
  readonly nickname: string;
  readonly isPrivate: boolean;
  /** BLAKE3 of the room contract's WASM, 32 bytes. */
  readonly contractCodeHash: Uint8Array;
  readonly createdAt: SystemTime;
}

/** River's limits for a new room. */
const DEFAULT_LIMITS = {
  maxRecentMessages: 100,
  maxUserBans: 10,
  maxMessageSize: 1000,
  maxNicknameSize: 50,
  maxMembers: 200,
  maxRoomName: 100,
  maxRoomDescription: 500,
  maxDirectMessages: null,
} as const;

/** A room of one's own, with a fresh owner's key. A private one starts with a random secret of version 0. */
export function createRoom(room: NewRoom, random: EditRandom): Result<RoomData, EditRefused> {
  const texts = {
    name: [room.name, DEFAULT_LIMITS.maxRoomName],
    description: [room.description ?? '-', DEFAULT_LIMITS.maxRoomDescription],
    nickname: [room.nickname, DEFAULT_LIMITS.maxNicknameSize],
  } as const;
  for (const what of ['name', 'description', 'nickname'] as const) {
    const [text, maxBytes] = texts[what];
    const bytes = utf8(text).length;
    if (bytes === 0) return err({ type: 'Empty', what });
    if (bytes > maxBytes) return err({ type: 'TooLong', what, bytes, maxBytes });
  }
  const seed = random.bytes(32);
  const ownerVk = verifyingKeyOf(seed);
  const ownerId = memberId(ownerVk);
  const secret = room.isPrivate ? random.bytes(32) : null;
  const sealed = (text: string): SealedBytes =>
    secret === null
      ? { type: 'Public', value: utf8(text) }
      : sealBytes(utf8(text), secret, 0, random.bytes(NONCE_BYTES));
  const configuration: Configuration = {
    ownerMemberId: ownerId,
    configurationVersion: 1,
    privacyMode: room.isPrivate ? 'Private' : 'Public',
    display: {
      name: sealed(room.name),
      description: room.description === null ? null : sealed(room.description),
    },
    ...DEFAULT_LIMITS,
  };
  const memberInfo = {
    memberId: ownerId,
    version: 1,
    preferredNickname: sealed(room.nickname),
    deputies: [],
  };
  const authorizedInfo = {
    memberInfo,
    signature: sign(encode(memberInfoCodec, memberInfo), seed),
  };
  return ok({
    ownerVk,
    roomState: {
      configuration: {
        configuration,
        signature: sign(encode(configurationCodec, configuration), seed),
      },
      bans: [],
      members: [],
      memberInfo: [authorizedInfo],
      secrets: firstSecret(secret, room.createdAt, { seed, id: ownerId, key: ownerVk }),
      recentMessages: [],
      directMessages: EMPTY_DIRECT_MESSAGES,
      upgrade: null,
      version: 0,
    },
    selfSk: seed,
    selfVk: ownerVk,
    contractKey: roomContractKey(room.contractCodeHash, ownerVk),
    lastReadMessageId: null,
    selfAuthorizedMember: null,
    inviteChain: [],
    selfMemberInfo: authorizedInfo,
    selfNickname: null,
    previousContractKey: null,
    invitationSecrets: [],
    unknown: [],
  });
}

function firstSecret(
  secret: Uint8Array | null,
  createdAt: SystemTime,
  owner: { readonly seed: Uint8Array; readonly id: bigint; readonly key: Uint8Array },
): RoomSecrets {
  if (secret === null) return { currentVersion: 0, versions: [], encryptedSecrets: [] };
  const copy = signSecretCopy(owner, 0, secret, owner);
  if (copy === undefined) throw new Error('a fresh key is never of small order');
  return {
    currentVersion: 0,
    versions: [signVersionRecord(0, createdAt, owner.seed)],
    encryptedSecrets: [copy],
  };
}
