import { encode } from '../../../src/river/cbor/codec.ts';
import { DecodeError } from '../../../src/river/cbor/errors.ts';
import {
  armorIdentity,
  identityExport,
  parseIdentity,
  type IdentityExport,
} from '../../../src/river/identity.ts';
import {
  invitation as invitationCodec,
  invitationCode,
  parseInvitation,
  type Invitation,
} from '../../../src/river/invitation.ts';
import { verifyingKeyOf } from '../../../src/river/keys.ts';
import type { OwnRoomData } from '../../../src/river/room-data.ts';
import { decodeOwn, splitRoomSlot } from '../../../src/river/room-parts.ts';
import { SignatureMemo } from '../../../src/river/signatures/memo.ts';
import { equalBytes, fromHex, toBase58, utf8, utf8Text } from '../../../src/shared/bytes.ts';
import type { Result } from '../../../src/shared/result.ts';
import { userDataVectors } from '../corpus.ts';
import { badMessage, cborForm } from '../round-trip.ts';
import { finding, loadedFrom, type Form, type Target, type Verdict } from '../target.ts';

type CodeError = { readonly type: string; readonly error?: unknown; readonly reason?: string };

/** A code is read as what it was made of, or refused with a type that says why. */
function checkCode<T>(
  text: string,
  parse: (text: string) => Result<T, CodeError>,
  write: (value: T) => string,
  bytesOf: (value: T) => Uint8Array,
): Verdict {
  const parsed = parse(text);
  if (!parsed.ok) {
    const { type, error, reason } = parsed.error;
    if (type === 'Undecodable') {
      const bad = error instanceof DecodeError ? badMessage(error) : 'an untyped error';
      return bad === undefined ? 'refused' : finding(bad);
    }
    return type === '' || reason === '' ? finding('an empty error') : 'refused';
  }
  const again = parse(write(parsed.value));
  if (!again.ok)
    return finding(`its own code is refused: ${again.error.type} ${again.error.reason ?? ''}`);
  if (!equalBytes(bytesOf(again.value), bytesOf(parsed.value)))
    finding('its own code is another value');
  return 'accepted';
}

const invitationOf = (text: string): Verdict =>
  checkCode<Invitation>(text, parseInvitation, invitationCode, (value) =>
    encode(invitationCodec, value),
  );

const identityOf = (text: string): Verdict =>
  checkCode<IdentityExport>(
    text,
    (token) => parseIdentity(token, new SignatureMemo()),
    armorIdentity,
    (value) => encode(identityExport, value),
  );

/** River makes base58 of any length. Weir reads codes up to some length; longer inputs only cost time here. */
const LONGEST_CODED = 14_000;

const coded = (name: string, check: (text: string) => Verdict): Form => ({
  name,
  check: ([bytes = new Uint8Array()]) =>
    bytes.length > LONGEST_CODED ? 'refused' : check(toBase58(bytes)),
});

const written = (name: string, check: (text: string) => Verdict): Form => ({
  name,
  check: ([bytes = new Uint8Array()]) => check(utf8Text(bytes)),
});

function ownData(): OwnRoomData[] {
  return userDataVectors().rooms.flatMap(({ room_slot }) => {
    const slot = splitRoomSlot(fromHex(room_slot));
    if (!slot.ok || slot.value === 'Tombstone') return [];
    const own = decodeOwn(slot.value.own);
    return own.ok ? [own.value] : [];
  });
}

const SECRETS = [
  [0, new Uint8Array(32).fill(200)],
  [7, new Uint8Array(32)],
] as const;

function invitations(): Invitation[] {
  return ownData().flatMap(({ ownerVk, selfSk, selfAuthorizedMember }, i) =>
    selfSk === null || selfAuthorizedMember === null
      ? []
      : [
          {
            room: ownerVk,
            inviteeSigningKey: selfSk,
            invitee: selfAuthorizedMember,
            roomSecrets: SECRETS.slice(0, i % 3),
          },
        ],
  );
}

function identities(): IdentityExport[] {
  return ownData().flatMap((own) => {
    const { selfSk, selfAuthorizedMember: record } = own;
    if (selfSk === null || record === null) return [];
    if (!equalBytes(verifyingKeyOf(selfSk), record.member.memberVk)) return [];
    return [
      {
        roomOwner: own.ownerVk,
        signingKey: selfSk,
        authorizedMember: record,
        inviteChain: own.inviteChain,
        memberInfo: own.selfMemberInfo,
        roomName: 'a room',
        selfNickname: own.selfNickname,
        invitationSecrets: own.invitationSecrets,
      },
    ];
  });
}

/** Invitation codes and identity tokens, by their CBOR. */
export const invitation: Target = {
  name: 'invitation',
  format: 'cbor',
  load: () => {
    const invited = invitations().map((value) => [encode(invitationCodec, value)]);
    const exported = identities().map((value) => [encode(identityExport, value)]);
    return loadedFrom([
      { form: cborForm('invitation', invitationCodec), seeds: invited },
      { form: coded('invitation code', invitationOf), seeds: invited },
      { form: cborForm('identity', identityExport), seeds: exported },
      { form: coded('identity token', identityOf), seeds: exported },
    ]);
  },
};

/** The same as people paste them. */
export const pasted: Target = {
  name: 'pasted',
  format: 'text',
  load: () =>
    loadedFrom([
      {
        form: written('invitation', invitationOf),
        seeds: invitations()
          .map(invitationCode)
          .flatMap((code) => [code, ` ${code}\n`, `https://x/?a=1&invitation=${code}&b#c`])
          .map((code) => [utf8(code)]),
      },
      {
        form: written('identity', identityOf),
        seeds: identities().map((value) => [utf8(armorIdentity(value))]),
      },
    ]),
};
