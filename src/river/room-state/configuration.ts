import { i64, leftOutWhen, option, signature, u32, usize } from '../cbor/codec.ts';
import { struct } from '../cbor/struct.ts';
import type { MemberId } from '../ids.ts';
import { privacyMode, sealedBytes, type PrivacyMode, type SealedBytes } from './sealed-bytes.ts';

export interface RoomDisplayMetadata {
  readonly name: SealedBytes;
  readonly description: SealedBytes | null;
}

/** The room's rules and name. Limits count bytes (`max…Size`, `…Name`, `…Description`) or items, and fit 32 bits. */
export interface Configuration {
  readonly ownerMemberId: MemberId;
  readonly configurationVersion: number;
  readonly privacyMode: PrivacyMode;
  readonly display: RoomDisplayMetadata;
  readonly maxRecentMessages: number;
  readonly maxUserBans: number;
  readonly maxMessageSize: number;
  readonly maxNicknameSize: number;
  readonly maxMembers: number;
  readonly maxRoomName: number;
  readonly maxRoomDescription: number;
  /** null: `DEFAULT_MAX_DIRECT_MESSAGES`. */
  readonly maxDirectMessages: number | null;
}

/** Signed by the room's owner over the encoded `configuration`. */
export interface AuthorizedConfiguration {
  readonly configuration: Configuration;
  readonly signature: Uint8Array;
}

export const DEFAULT_MAX_DIRECT_MESSAGES = 300;

export const effectiveMaxDirectMessages = (configuration: Configuration): number =>
  configuration.maxDirectMessages ?? DEFAULT_MAX_DIRECT_MESSAGES;

/** Source: river: common/src/room_state/configuration.rs. `max_direct_messages` is not written when null. */
export const configuration = struct<Configuration>({
  ownerMemberId: i64,
  configurationVersion: u32,
  privacyMode,
  display: struct<RoomDisplayMetadata>({ name: sealedBytes, description: option(sealedBytes) }),
  maxRecentMessages: usize,
  maxUserBans: usize,
  maxMessageSize: usize,
  maxNicknameSize: usize,
  maxMembers: usize,
  maxRoomName: usize,
  maxRoomDescription: usize,
  maxDirectMessages: leftOutWhen(
    option(usize),
    (value) => value === null,
    () => null,
  ),
});

export const authorizedConfiguration = struct<AuthorizedConfiguration>({
  configuration,
  signature,
});
