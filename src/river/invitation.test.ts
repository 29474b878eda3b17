import { describe, expect, it } from 'vitest';
import { fromBase58 } from '../shared/bytes.ts';
import { encode } from './cbor/codec.ts';
import { memberId } from './ids.ts';
import {
  invitationCode,
  invitationFingerprint,
  parseInvitation,
  type Invitation,
} from './invitation.ts';
import { sign, verifyingKeyOf } from './keys.ts';
import { member, type AuthorizedMember } from './room-state/members.ts';

const seed = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
const key = (byte: number): Uint8Array => verifyingKeyOf(seed(byte));
const id = (byte: number): bigint => memberId(key(byte));

const invited = (invitee: number, inviter: number, owner: number): AuthorizedMember => {
  const record = { ownerMemberId: id(owner), invitedBy: id(inviter), memberVk: key(invitee) };
  return { member: record, signature: sign(encode(member, record), seed(inviter)) };
};

describe('an invitation', () => {
  const frozen: Invitation = {
    room: key(3),
    inviteeSigningKey: seed(2),
    invitee: invited(2, 1, 3),
    roomSecrets: [
      [0, seed(0xa1)],
      [3, seed(0xb2)],
    ],
  };
  const code =
    '6DdkgteQ42ZdqjP42dauXJKUPV7Pb4YG5wxPzvBDezf3pwCkWX5ENtvTM8Eb9bVzDTG986W4SEY6MVx653' +
    'EuNkBYhfTx7FM7uFHy3bJng5xoq8S6gfwuau9AgvWEixELwY7Pn9hErx6rymdPeBrpBouZgKkSLCbSqteJ' +
    'L3r1x8adRXkJVfDd8N9P1L9Uorah6J6sxisDuBcT3TZ71zmWaHkWwEptej7DUNUxCruLXjLGcJdWUaYP2Y' +
    'RAP5siqbNUz1rL9Jh5ZK7t8sq2p7WBSJasSyLuSJhDDw2qmRs5nGexupvbcimptn1xQBdzNa6q3bgzt8Qk' +
    'a3Ror5AD7iN6UNpGQPqwgrmvX6g8q2zVMDKh1JeEP9tezNtpmige3WvwRMg2wKk7pFnLNaeGyutEVQrsrd' +
    '73D9TsB1Mkz86WwxMU8pKvonLgr2TB9yJdiX1BBkDPRZ6yE2bEzxyeo3PZ6t9Nw4WVszSBnFDkAKzAnCoH' +
    'do9qpm6n4iY5R6rsANPn75WDiUM16UyqzVsYdWH2JhoVuvpz7D8HUgbGcjTDsMxi33aERdtd7vG24oDMMs' +
    'KYYNP6VGdXfyRWKm7LUk9M1hFyD1Sf9FZksUxpp924mRNyaJUCniR9pY984jDUrNE3gCuK1PoF9ShtCvEd';

  it('is the code that River froze, alone or in a link', () => {
    expect(invitationCode(frozen)).toBe(code);
    expect(fromBase58(code).length).toBe(480);
    expect(invitationFingerprint(code)).toBe('812c5c20817b61b97be24dee838bc840');
    for (const text of [
      code,
      ` ${code}\n`,
      `http://x/y?invitation=${code}#z`,
      `https://x/?a=1&invitation=${code}&b=2`,
    ]) {
      const parsed = parseInvitation(text);
      expect(parsed.ok && invitationCode(parsed.value)).toBe(code);
    }
  });

  it('carries every secret of a room that has changed it often', () => {
    const roomSecrets = Array.from({ length: 2000 }, (_, i) => [i, seed(i & 255)] as const);
    const long = invitationCode({ ...frozen, roomSecrets });
    const parsed = parseInvitation(long);
    expect(parsed.ok && parsed.value.roomSecrets.length).toBe(2000);
    expect(parsed.ok && invitationCode(parsed.value) === long).toBe(true);
  });

  it('that is none is refused with the reason', () => {
    const refusal = (text: string): string => {
      const parsed = parseInvitation(text);
      return parsed.ok ? 'taken' : parsed.error.type;
    };
    expect(refusal('')).toBe('NotAnInvitation');
    expect(refusal('https://x/?invitation=')).toBe('NotAnInvitation');
    expect(refusal('0OIl')).toBe('NotAnInvitation');
    expect(refusal('2'.repeat(200_001))).toBe('NotAnInvitation');
    expect(refusal(code.slice(0, 300))).toBe('Undecodable');
    expect(refusal(invitationCode({ ...frozen, inviteeSigningKey: seed(9) }))).toBe('WrongKey');
  });
});
