import { fixedInts, i64, requiredOption, signature, u8 } from '../cbor/codec.ts';
import { struct } from '../cbor/struct.ts';
import type { MemberId } from '../ids.ts';

/** Points to the contract that a room has moved to. */
export interface Upgrade {
  readonly ownerMemberId: MemberId;
  readonly version: number;
  /** 32 bytes: BLAKE3, the new contract's instance id. */
  readonly newChatroomAddress: Uint8Array;
}

/** Signed by the owner over the encoded `upgrade`. */
export interface AuthorizedUpgrade {
  readonly upgrade: Upgrade;
  readonly signature: Uint8Array;
}

export const upgrade = struct<Upgrade>({
  ownerMemberId: i64,
  version: u8,
  newChatroomAddress: fixedInts(32),
});

export const authorizedUpgrade = struct<AuthorizedUpgrade>({ upgrade, signature });

/** `OptionalUpgradeV1`: null or the record, but never missing. Source: river: common/src/room_state/upgrade.rs. */
export const optionalUpgrade = requiredOption(authorizedUpgrade);
