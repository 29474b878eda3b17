import { concatBytes } from '../shared/bytes.ts';
import type { Result } from '../shared/result.ts';
import { ok } from '../shared/result.ts';
import { decode, encode, ints, option, text, withDefault } from './cbor/codec.ts';
import type { DecodeError } from './cbor/errors.ts';
import { struct, variantStruct } from './cbor/struct.ts';
import { newtype, variants } from './cbor/variants.ts';
import { verifyingKey, type VerifyingKey } from './keys.ts';

/** What a direct message's envelope holds. */
export type DirectMessageBody =
  | { readonly type: 'Text'; readonly text: string }
  | { readonly type: 'Invite'; readonly invite: InvitePayload };

export interface InvitePayload {
  readonly roomOwnerVk: VerifyingKey;
  /** CBOR of an Invitation; refuse it when its room is another one than `roomOwnerVk`. */
  readonly invitationPayload: Uint8Array;
  readonly personalMessage: string | null;
}

const MAGIC = 0x80;

const invitePayload = struct<InvitePayload>({
  roomOwnerVk: verifyingKey,
  invitationPayload: ints,
  personalMessage: option(text),
});

const body = variants<DirectMessageBody>({
  Text: variantStruct<{ readonly text: string }>({ text: withDefault(text, () => '') }),
  Invite: newtype('invite', invitePayload),
});

/** `80` ‖ CBOR. Source: river: common/src/room_state/dm_body.rs. */
export const encodeDmBody = (value: DirectMessageBody): Uint8Array =>
  concatBytes([Uint8Array.of(MAGIC), encode(body, value)]);

/** Without the magic byte it is the text itself, as older clients write it; text that is not UTF-8 is repaired. */
export function decodeDmBody(bytes: Uint8Array): Result<DirectMessageBody, DecodeError> {
  if (bytes[0] === MAGIC) return decode(body, bytes.subarray(1), 'dm_body');
  return ok({ type: 'Text', text: new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes) });
}
