import { describe, expect, it } from 'vitest';
import { fromHex, toHex, utf8 } from '../shared/bytes.ts';
import { decodeDmBody, encodeDmBody } from './dm-body.ts';
import { memberId, signatureDigest } from './ids.ts';
import { sign, verifyingKeyOf } from './keys.ts';
import { directMessageSignedBytes, purgesSignedBytes } from './signatures/claims.ts';

const seed = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
const key = (byte: number): Uint8Array => verifyingKeyOf(seed(byte));
const id = (byte: number): bigint => memberId(key(byte));

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
