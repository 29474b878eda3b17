import { describe, expect, it } from 'vitest';
import { blake3 } from '@noble/hashes/blake3.js';
import { fromBase58, fromHex, toHex, utf8 } from '../shared/bytes.ts';
import { encode } from './cbor/codec.ts';
import { decodeContent, encodeContent, type Content } from './content.ts';
import {
  openEnvelope,
  openSecret,
  sealEnvelope,
  sealSecretFor,
  toX25519Public,
} from './crypto/ecies.ts';
import { deriveRoomSecret } from './crypto/room-secret.ts';
import { decodeDmBody, encodeDmBody } from './dm-body.ts';
import { armorIdentity, identityExport, parseIdentity, type IdentityExport } from './identity.ts';
import { memberId, memberLabel, messageId, signatureDigest } from './ids.ts';
import {
  invitationCode,
  invitationFingerprint,
  parseInvitation,
  type Invitation,
} from './invitation.ts';
import { sign, verifyingKeyOf } from './keys.ts';
import {
  encodeMention,
  mentions,
  parseMentions,
  resolveMention,
  textWithNames,
} from './mentions.ts';
import { member, type AuthorizedMember } from './room-state/members.ts';
import { sealBytes, openSealed } from './secrets.ts';
import { directMessageSignedBytes, purgesSignedBytes } from './signatures/claims.ts';
import { SignatureMemo } from './signatures/memo.ts';
import { millisFromTime, timeFromMillis } from './system-time.ts';

const seed = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
const key = (byte: number): Uint8Array => verifyingKeyOf(seed(byte));
const id = (byte: number): bigint => memberId(key(byte));

const invited = (invitee: number, inviter: number, owner: number): AuthorizedMember => {
  const record = { ownerMemberId: id(owner), invitedBy: id(inviter), memberVk: key(invitee) };
  return { member: record, signature: sign(encode(member, record), seed(inviter)) };
};

describe('content', () => {
  const target = -4104013538549455734n;
  const known: [Content, string][] = [
    [{ type: 'text', text: 'hello' }, 'a164746578746568656c6c6f'],
    [{ type: 'join' }, 'a16a6576656e745f7479706501'],
    [
      { type: 'edit', target, newText: 'hi' },
      'a36b616374696f6e5f7479706501667461726765743b38f46291bea25b75677061796c6f61644da1686e65775f74657874626869',
    ],
    [
      { type: 'delete', target },
      'a36b616374696f6e5f7479706502667461726765743b38f46291bea25b75677061796c6f616440',
    ],
    [
      { type: 'react', target, emoji: '👍' },
      'a36b616374696f6e5f7479706503667461726765743b38f46291bea25b75677061796c6f61644ca165656d6f6a6964f09f918d',
    ],
    [
      {
        type: 'reply',
        text: 'yes',
        targetMessageId: target,
        targetAuthorName: 'alice',
        targetContentPreview: 'hello',
      },
      'a4647465787463796573717461726765745f6d6573736167655f69643b38f46291bea25b75727461726765745f617574686f725f6e616d6565616c696365767461726765745f636f6e74656e745f707265766965776568656c6c6f',
    ],
  ];
  const typeOf = { text: 1, join: 4, edit: 2, delete: 2, react: 2, unreact: 2, reply: 3 } as const;

  it('is written as River writes it and read back', () => {
    for (const [content, hex] of known) {
      expect(toHex(encodeContent(content)), content.type).toBe(hex);
      expect(decodeContent(typeOf[content.type], 1, fromHex(hex))).toEqual(content);
    }
    const unreact: Content = { type: 'unreact', target, emoji: 'x' };
    expect(decodeContent(2, 1, encodeContent(unreact))).toEqual(unreact);
  });

  it('with a payload in the older form is read too, but not behind a tag', () => {
    const [, hex] = known[3] as [Content, string];
    expect(decodeContent(2, 1, fromHex(`${hex.slice(0, -2)}80`)).type).toBe('delete');
    expect(decodeContent(2, 1, fromHex(`${hex.slice(0, -2)}c140`)).type).toBe('undecodable');
  });

  it('of other kinds says what it is instead of failing', () => {
    expect(decodeContent(9, 3, new Uint8Array())).toEqual({
      type: 'unsupported',
      contentType: 9,
      contentVersion: 3,
    });
    expect(decodeContent(1, 1, Uint8Array.of(1))).toEqual({ type: 'undecodable' });
    expect(decodeContent(4, 1, fromHex('a16a6576656e745f7479706509'))).toEqual({
      type: 'unknown-event',
      eventType: 9,
    });
    expect(
      decodeContent(
        2,
        1,
        fromHex(
          'a36b616374696f6e5f747970651877667461726765740067 7061796c6f616440'.replace(' ', ''),
        ),
      ).type,
    ).toBe('unknown-action');
  });
});

describe('mentions', () => {
  const ref = (text: string) => parseMentions(text).filter((part) => part.type === 'mention');
  const label = memberLabel(id(1));

  it('are tokens with a label, or with the older whole id', () => {
    expect(ref(`hi @[Ann](rv:${label})!`)).toEqual([
      { type: 'mention', name: 'Ann', ref: { type: 'label', label: 'MDKEKCRF' } },
    ]);
    expect(ref('@[A](rv:000000000000000a)')).toMatchObject([{ ref: { type: 'id', id: 10n } }]);
    expect(ref('@[A](rv:FF)')).toMatchObject([{ ref: { type: 'id', id: 255n } }]);
    expect(ref('@[A](rv:ffffffffffffffff)')).toMatchObject([{ ref: { type: 'id', id: -1n } }]);
    expect(ref('@[A](rv:23456723)')).toMatchObject([{ ref: { type: 'label', label: '23456723' } }]);
    expect(ref(`@[](rv:${label})`)).toMatchObject([{ name: '' }]);
    expect(ref(`@[@[Ann](rv:${label})`)).toMatchObject([{ name: '@[Ann' }]);
  });

  it('that are not quite tokens stay text, whole', () => {
    for (const text of [
      '@[docs](http:01)',
      'a@[b].c',
      '@[unterminated',
      '@[name](rv:)',
      '@[name](rv:zz)',
      '@[name](xx:01)',
      '@[a](rv:1',
      '',
      '@[a](rv:12345678901234567)',
    ]) {
      expect(parseMentions(text), text).toEqual([{ type: 'text', text }]);
    }
    expect(parseMentions('@['.repeat(50_000)).length).toBe(1);
  });

  it('are written without brackets and control characters, 64 characters at most', () => {
    expect(encodeMention('ev)il](rv:dead)', id(1))).toBe(`@[evilrv:dead](rv:${label})`);
    expect(encodeMention(' a]b)c(d[e\u0007 ', id(1))).toBe(`@[abcde](rv:${label})`);
    expect(encodeMention('👍'.repeat(70), id(1))).toBe(`@[${'👍'.repeat(64)}](rv:${label})`);
  });

  it('name the member, with a shared label the one with the smallest id', () => {
    const twin = 66n + (1n << 40n);
    expect(memberLabel(66n)).toBe(memberLabel(twin));
    const shared = { type: 'label', label: memberLabel(66n) } as const;
    expect(resolveMention(shared, [twin, 66n])).toBe(66n);
    expect(resolveMention(shared, [twin])).toBe(twin);
    expect(resolveMention({ type: 'id', id: 5n }, [twin])).toBeUndefined();
    expect(mentions(encodeMention('x', twin), 66n)).toBe(true);
    expect(mentions('no', 66n)).toBe(false);
    const names = new Map([[id(1), 'Now']]);
    expect(textWithNames(`@[Then](rv:${label}) and @[Gone](rv:77)`, names)).toBe('@Now and @Gone');
  });
});

describe('sealing', () => {
  it('derives the secrets of rotated versions as River does', () => {
    const owner = key(1);
    const derived = (byte: number, version: number) =>
      toHex(deriveRoomSecret(seed(byte), owner, version));
    expect(derived(0, 0)).toBe('dd189cce079374856eb7a201618e5886a1e9e5598b33340843002cbb9091e1a9');
    expect(derived(0, 0x01020304)).toBe(
      'aa8f7d5ab5158466787228d68854f65d39ace313078f29a9fbad887970d3fe67',
    );
    expect(derived(255, 0)).toBe(
      '60b5600b12fcaa0c52da765995f69cb3eb5437d56753c024976719f1e4317e87',
    );
    expect(derived(1, 1)).toBe('1b19aa5b1e43210240d95e2c2273e9b665d826427d8e7998cd4ab3dfde274cb6');
  });

  it('turns signing keys into X25519 keys', () => {
    expect(toHex(toX25519Public(key(1)))).toBe(
      '1b1b58dd50ea14b60da17b790cd02754d970c9bab864ebb3c0f3016fe51d3f57',
    );
    expect(toHex(toX25519Public(key(2)))).toBe(
      '60346e7c911a5f6ba154129174cafe75b294ac3bbd5549632f48cec6266f8410',
    );
    const identity = Uint8Array.from({ length: 32 }, (_, i) => Number(i === 0));
    expect(toHex(toX25519Public(identity))).toBe('00'.repeat(32));
  });

  it('makes the same copy of a secret each time, which only its member opens', () => {
    const copy = sealSecretFor(seed(0x2a), key(3));
    if (!copy) throw new Error('not sealed');
    expect(toHex(copy.ciphertext)).toBe(
      'ae3a2f82fc8982c6014649b76c19ea0920d0eaf9bf8f2690ddf7dd70bda39bc54d829d924dc0afb8621639430515c78d',
    );
    expect(toHex(copy.senderEphemeralPublicKey)).toBe(
      '19f806d18ca5b14914ebd6831cf896369030b1e9c8c36ae60f7156317021aa12',
    );
    expect(toHex(openSecret(copy, seed(3)) ?? new Uint8Array())).toBe('2a'.repeat(32));
    expect(openSecret(copy, seed(4))).toBeUndefined();
    const smallOrder = { ...copy, senderEphemeralPublicKey: new Uint8Array(32) };
    expect(openSecret(smallOrder, seed(3))).toBeUndefined();
    const identity = Uint8Array.from({ length: 32 }, (_, i) => Number(i === 0));
    expect(sealSecretFor(seed(1), identity)).toBeUndefined();
  });

  it('makes envelopes that only the recipient opens', () => {
    const body = fromHex('80a16454657874a16474657874626869');
    const envelope = sealEnvelope(body, key(3), seed(0x55), new Uint8Array(12).fill(0xab));
    expect(toHex(envelope ?? new Uint8Array())).toBe(
      '38ab664bd86f77d7e66bdd9ae0792913a94fd8b33a1260027e4b46c1f4884c67abababababababababababab' +
        'fcac9c501890a77a0fdfc4af9603b0fb0a7df1f11bd7f2d658449bde8b9b8aeb',
    );
    expect(toHex(openEnvelope(envelope ?? new Uint8Array(), seed(3)) ?? new Uint8Array())).toBe(
      toHex(body),
    );
    expect(openEnvelope(envelope ?? new Uint8Array(), seed(2))).toBeUndefined();
    for (const length of [0, 43, 44, 50])
      expect(openEnvelope(new Uint8Array(length), seed(3))).toBeUndefined();
  });

  it('seals values under a room secret', () => {
    const sealed = sealBytes(utf8('alice'), seed(9), 3, new Uint8Array(12).fill(7));
    expect(toHex(sealed.ciphertext)).toBe('38d7e4fc0d5a54aaa9a893e40c1118cffcb903fc0b');
    expect(sealed.declaredLenBytes).toBe(5);
    expect(openSealed(sealed, new Map([[3, seed(9)]]))).toEqual(utf8('alice'));
    expect(openSealed(sealed, new Map([[3, seed(8)]]))).toBeUndefined();
    expect(openSealed(sealed, new Map([[2, seed(9)]]))).toBeUndefined();
    expect(
      openSealed({ ...sealed, ciphertext: new Uint8Array(5) }, new Map([[3, seed(9)]])),
    ).toBeUndefined();
  });
});

describe('direct messages', () => {
  it('are signed over their fixed layout', () => {
    const message = {
      sender: id(2),
      recipient: id(1),
      timestamp: 1_700_000_000n,
      ciphertext: utf8('hello bob'),
    };
    const bytes = directMessageSignedBytes(message, key(1));
    expect(toHex(bytes)).toBe(
      '4d906abeb94411659260d4450a250a34208a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c00f15365000000000900000068656c6c6f20626f62',
    );
    const signature = sign(bytes, seed(2));
    expect(toHex(signature)).toBe(
      'f4b219835e82446d0f5281ac831891f4ff39fa25574c1a10353e1f877f03682e17e04ba01c66c5aa383193ba6e5406b346c286917566f073a186b7aece21860f',
    );
    expect(toHex(signatureDigest(signature))).toBe('4dc5cf3cef582fc49ab66079c4c22944');
  });

  it('are purged by a list with its own layout', () => {
    const purged = [new Uint8Array(16).fill(0xaa), new Uint8Array(16).fill(0xbb)];
    const bytes = purgesSignedBytes(id(1), { version: 5n, purged }, key(1));
    expect(toHex(bytes)).toBe(
      `5060d4450a250a34208a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c050000000000000002000000${'aa'.repeat(16)}${'bb'.repeat(16)}`,
    );
    expect(toHex(sign(bytes, seed(1)))).toBe(
      '37cb6015742a5a0e838813274fdf700addb00a41bdd6b02f53b9f1e22d9c569596f1670e3cbdfdac729e2d3e6b94e8a2e01b7741f003320926bad260e45ad50a',
    );
  });

  it('hold text, in either form, or an invitation', () => {
    expect(toHex(encodeDmBody({ type: 'Text', text: 'hi' }))).toBe(
      '80a16454657874a16474657874626869',
    );
    expect(decodeDmBody(fromHex('80a16454657874a16474657874626869'))).toEqual({
      ok: true,
      value: { type: 'Text', text: 'hi' },
    });
    expect(decodeDmBody(fromHex('80a16454657874a0'))).toEqual({
      ok: true,
      value: { type: 'Text', text: '' },
    });
    expect(decodeDmBody(new Uint8Array())).toEqual({ ok: true, value: { type: 'Text', text: '' } });
    expect(decodeDmBody(utf8('\ufeffplain'))).toEqual({
      ok: true,
      value: { type: 'Text', text: '\ufeffplain' },
    });
    expect(decodeDmBody(fromHex('c328'))).toEqual({
      ok: true,
      value: { type: 'Text', text: '\ufffd(' },
    });
    const invite = {
      roomOwnerVk: key(1),
      invitationPayload: Uint8Array.of(1, 200),
      personalMessage: null,
    };
    const body = { type: 'Invite', invite } as const;
    expect(decodeDmBody(encodeDmBody(body))).toEqual({ ok: true, value: body });
    const unknown = decodeDmBody(fromHex('80a1634f6464a0'));
    expect(unknown.ok ? '' : unknown.error.path).toBe('dm_body');
  });
});

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

  it('that is none is refused with the reason', () => {
    const refusal = (text: string): string => {
      const parsed = parseInvitation(text);
      return parsed.ok ? 'taken' : parsed.error.type;
    };
    expect(refusal('')).toBe('NotAnInvitation');
    expect(refusal('https://x/?invitation=')).toBe('NotAnInvitation');
    expect(refusal('0OIl')).toBe('NotAnInvitation');
    expect(refusal('2'.repeat(30_000))).toBe('NotAnInvitation');
    expect(refusal(code.slice(0, 300))).toBe('Undecodable');
    expect(refusal(invitationCode({ ...frozen, inviteeSigningKey: seed(9) }))).toBe('WrongKey');
  });
});

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

describe('times', () => {
  it('are milliseconds for people, exactly or as near as a Date can', () => {
    expect(timeFromMillis(1_700_000_000_123)).toEqual({
      secsSinceEpoch: 1_700_000_000n,
      nanosSinceEpoch: 123_000_000,
    });
    expect(millisFromTime(timeFromMillis(1_700_000_000_123))).toBe(1_700_000_000_123);
    expect(millisFromTime({ secsSinceEpoch: 2n ** 64n - 1n, nanosSinceEpoch: 0 })).toBe(8.64e15);
  });

  it('give messages their ids by signature alone', () => {
    expect(
      messageId({
        signature: fromHex(
          '7d1117eef43726dd113d05c971fb57476d5235e824008199828da6c04382b2ab4e6f7303de75fed60753aa50c2f6b92121b0a847f4fa7b1a98feae5207d48600',
        ),
      }),
    ).toBe(-4104013538549455734n);
  });
});
