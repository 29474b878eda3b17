import { describe, expect, it } from 'vitest';
import { blake3 } from '@noble/hashes/blake3.js';
import { toHex } from '../shared/bytes.ts';
import { encode } from './cbor/codec.ts';
import { armorIdentity, identityExport, parseIdentity, type IdentityExport } from './identity.ts';
import { memberId } from './ids.ts';
import { sign, verifyingKeyOf } from './keys.ts';
import { member, type AuthorizedMember } from './room-state/members.ts';
import { SignatureMemo } from './signatures/memo.ts';
import type { SignatureVerifier } from './signatures/verifier.ts';

const seed = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
const key = (byte: number): Uint8Array => verifyingKeyOf(seed(byte));
const id = (byte: number): bigint => memberId(key(byte));

const invited = (invitee: number, inviter: number, owner: number): AuthorizedMember => {
  const record = { ownerMemberId: id(owner), invitedBy: id(inviter), memberVk: key(invitee) };
  return { member: record, signature: sign(encode(member, record), seed(inviter)) };
};

/** Forty signatures are checked elsewhere. */
const everySignature: SignatureVerifier = {
  kind: 'javascript',
  verify: async () => true,
  verifySync: () => true,
};

describe('an identity', () => {
  const value: IdentityExport = {
    roomOwner: key(3),
    signingKey: seed(2),
    authorizedMember: invited(2, 1, 3),
    inviteChain: [invited(1, 3, 3)],
    memberInfo: null,
    roomName: 'Test Room',
    selfNickname: 'Ada',
    invitationSecrets: [[0, seed(0xa1)]],
  };

  it('is the armored token of 723 bytes', () => {
    const bytes = encode(identityExport, value);
    expect(bytes.length).toBe(723);
    expect(toHex(blake3(bytes))).toBe(
      'd9c7832d63367e90070f48c8d8a0cb309b8ed6b6a6f9dcafdb3a615b529628f0',
    );
    const token = armorIdentity(value);
    const lines = token.split('\n');
    expect([lines[0], lines[1], lines.at(-2), lines.at(-1)]).toEqual([
      '-----BEGIN RIVER IDENTITY-----',
      '3y3UX7wcVdXwtvacpJMYNjF1iXYjH6KVhvKEHHB7fwAjZVqmizseRVzHsGsPgvor',
      'GTz7G8WD5NU2WQLjZ6Rr2s9gpwFN',
      '-----END RIVER IDENTITY-----',
    ]);
    const memo = new SignatureMemo();
    for (const text of [token, token.replaceAll('\n', '\r\n  '), lines.slice(1, -1).join('')]) {
      const parsed = parseIdentity(text, memo);
      expect(parsed.ok && armorIdentity(parsed.value)).toBe(token);
    }
  });

  it('holds a long invite chain', () => {
    const inviteChain = [
      invited(10, 3, 3),
      ...Array.from({ length: 39 }, (_, i) => invited(11 + i, 10 + i, 3)),
    ];
    const long = { ...value, authorizedMember: invited(2, 49, 3), inviteChain };
    const token = armorIdentity(long);
    const parsed = parseIdentity(token, new SignatureMemo(everySignature));
    expect(parsed.ok && parsed.value.inviteChain.length).toBe(40);
    expect(parsed.ok && armorIdentity(parsed.value)).toBe(token);
  });

  it('whose parts do not belong together is refused', () => {
    const refusal = (token: string): string => {
      const parsed = parseIdentity(token, new SignatureMemo());
      return parsed.ok ? 'taken' : parsed.error.type;
    };
    expect(refusal('-----BEGIN RIVER IDENTITY-----\n')).toBe('NotAnIdentity');
    expect(refusal('0')).toBe('NotAnIdentity');
    expect(refusal('1'.repeat(300_000))).toBe('NotAnIdentity');
    expect(refusal('22')).toBe('Undecodable');
    expect(refusal(armorIdentity({ ...value, signingKey: seed(4) }))).toBe('WrongKey');
    expect(
      refusal(
        armorIdentity({
          ...value,
          inviteChain: [{ ...invited(1, 3, 3), signature: new Uint8Array(64) }],
        }),
      ),
    ).toBe('Forged');
    expect(
      refusal(
        armorIdentity({
          ...value,
          authorizedMember: { ...invited(2, 1, 3), signature: new Uint8Array(64) },
        }),
      ),
    ).toBe('Forged');
    // an inviter who is not in the token can't vouch, and is not held against it
    expect(refusal(armorIdentity({ ...value, inviteChain: [] }))).toBe('taken');
  });
});
