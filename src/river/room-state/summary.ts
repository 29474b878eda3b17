import {
  array,
  exactBytes,
  i64,
  map,
  option,
  pair,
  sortedSet,
  u32,
  u64,
  u8,
  withDefault,
} from '../cbor/codec.ts';
import { struct } from '../cbor/struct.ts';
import { newtype, variants } from '../cbor/variants.ts';
import { compareBytes } from '../../shared/bytes.ts';
import { compareIds, type BanId, type MemberId, type MessageId } from '../ids.ts';
import { messageOrderKey, type MessageOrderKey } from './messages.ts';

/** What a replica already holds, so that another sends only the rest (`ChatRoomStateV1Summary`). Compared byte for byte by nodes. */
export interface RoomSummary {
  readonly configuration: number;
  readonly bans: readonly BanId[];
  readonly members: readonly MemberId[];
  /** The best record per member: version and first 16 bytes of BLAKE3 of its signature. */
  readonly memberInfo: readonly (readonly [MemberId, readonly [number, Uint8Array]])[];
  readonly secrets: SecretsSummary;
  readonly recentMessages: MessagesSummary;
  readonly directMessages: DirectMessagesSummary;
  readonly upgrade: number | null;
  readonly version: number;
}

export interface SecretsSummary {
  readonly currentVersion: number;
  readonly versionIds: readonly number[];
  readonly memberSecrets: readonly (readonly [number, MemberId])[];
}

/** What the replica would drop again: everything up to `key`, everything, or nothing. */
export type RetentionHorizon<K> =
  | { readonly type: 'Open' }
  | { readonly type: 'OldestRetained'; readonly key: K }
  | { readonly type: 'Closed' };

export interface MessagesSummary {
  readonly messageIds: readonly MessageId[];
  readonly horizon: RetentionHorizon<MessageOrderKey>;
}

export interface DmOrderKey {
  readonly timestamp: bigint;
  /** 64 bytes. */
  readonly signature: Uint8Array;
}

export interface DmPairHorizon {
  readonly sender: MemberId;
  readonly recipient: MemberId;
  readonly oldestRetained: DmOrderKey;
}

export interface DirectMessagesSummary {
  /** 64 bytes each. */
  readonly messageSignatures: readonly Uint8Array[];
  readonly purgeVersions: readonly (readonly [MemberId, bigint])[];
  /** Only for pairs that hold as many as they may. */
  readonly pairHorizons: readonly DmPairHorizon[];
  readonly globalHorizon: RetentionHorizon<DmOrderKey>;
}

export const compareDmKeys = (a: DmOrderKey, b: DmOrderKey): number =>
  compareIds(a.timestamp, b.timestamp) || compareBytes(a.signature, b.signature);

const digest = exactBytes(16);
const signatureBytes = exactBytes(64);
const dmOrderKey = struct<DmOrderKey>({ timestamp: u64, signature: signatureBytes });

const messagesHorizon = variants<RetentionHorizon<MessageOrderKey>>({
  Open: null,
  OldestRetained: newtype('key', messageOrderKey),
  Closed: null,
});

const dmHorizon = variants<RetentionHorizon<DmOrderKey>>({
  Open: null,
  OldestRetained: newtype('key', dmOrderKey),
  Closed: null,
});

const none = (): readonly never[] => [];

const secretsSummary = struct<SecretsSummary>({
  currentVersion: u32,
  versionIds: sortedSet(u32, (a, b) => a - b),
  memberSecrets: sortedSet(pair(u32, i64), (a, b) => a[0] - b[0] || compareIds(a[1], b[1])),
});

const messagesSummary = struct<MessagesSummary>({
  messageIds: sortedSet(i64, compareIds),
  horizon: messagesHorizon,
});

const directMessagesSummary = struct<DirectMessagesSummary>({
  messageSignatures: withDefault(sortedSet(signatureBytes, compareBytes), none),
  purgeVersions: withDefault(array(pair(i64, u64)), none),
  pairHorizons: withDefault(
    array(struct<DmPairHorizon>({ sender: i64, recipient: i64, oldestRetained: dmOrderKey })),
    none,
  ),
  globalHorizon: withDefault(dmHorizon, () => ({ type: 'Open' }) as const),
});

/** Sets and maps are written in ascending order. Source: river: common/src/room_state.rs and its fields. */
export const roomSummary = struct<RoomSummary>({
  configuration: u32,
  bans: sortedSet(i64, compareIds),
  members: sortedSet(i64, compareIds),
  memberInfo: map(i64, pair(u32, digest), compareIds),
  secrets: secretsSummary,
  recentMessages: messagesSummary,
  directMessages: directMessagesSummary,
  upgrade: option(u8),
  version: u32,
});
