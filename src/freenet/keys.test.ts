import { describe, expect, it } from 'vitest';
import { fromHex, toHex, utf8 } from '../shared/bytes.ts';
import {
  codeHash,
  contractInstanceId,
  contractKey,
  contractKeyText,
  delegateKey,
  delegateKeyOf,
  delegateKeyText,
  idText,
  parseId,
  sameContract,
  sameDelegate,
  secretsId,
  wasmContract,
  wasmDelegate,
} from './keys.ts';
import { bytes, bytesOf, filled } from './testing/notation.ts';

const NONE = bytes();
const CHAT_DELEGATE_CODE = fromHex(
  'a44c64014d60fd245fe8fb5172f8fd7397039b248b3b6a8e95e89a0bb539fb5e',
);

describe('keys', () => {
  it("River's chat delegate has River's key", () => {
    const key = delegateKeyOf(CHAT_DELEGATE_CODE, NONE);
    expect(toHex(key.key)).toBe('cc312ac16dd5abe75ebc28e8483b0d2a6593457bf8030a20d0d640d10150eafc');
    expect(delegateKeyText(key)).toBe('Ek5evigXNLUT5wZ7n64JYrkiK6VaZ8nEtoZ67uNDvSwM');
    expect(idText(key.codeHash)).toBe('C4MRWz6XoG1es65ax9qaajaSmUK11yhU8fMGhUqgz2vZ');
  });

  it('a code hash is plain BLAKE3 of the module', () => {
    expect(toHex(codeHash(NONE))).toBe(
      'af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262',
    );
    expect(toHex(codeHash(utf8('abc')))).toBe(
      '6437b3ac38465133ffb63b75273a8db548c558465d79db03fd359c6cd5bd9d85',
    );
  });

  it('parameters are hashed behind the code hash, without anything between them', () => {
    const wasm = bytes(1, 2, 3);
    const params = bytes(9, 8);
    const joined = codeHash(bytesOf(`${toHex(codeHash(wasm)).replace(/../g, '$& ')} 09 08`));
    expect(contractInstanceId(codeHash(wasm), params)).toEqual(joined);
    expect(contractKey(wasm, params)).toEqual({ instance: joined, code: codeHash(wasm) });
    expect(delegateKey(wasm, params)).toEqual({ key: joined, codeHash: codeHash(wasm) });
  });

  it('a secret is found by the hash of its key', () => {
    expect(secretsId(utf8('abc'))).toEqual({ key: utf8('abc'), hash: codeHash(utf8('abc')) });
  });

  it('contracts are the same by instance id alone, delegates by both halves', () => {
    const a = filled(1, 32);
    const b = filled(2, 32);
    expect(sameContract({ instance: a, code: a }, { instance: a, code: b })).toBe(true);
    expect(sameContract({ instance: a, code: a }, { instance: b, code: a })).toBe(false);
    expect(sameDelegate({ key: a, codeHash: a }, { key: a, codeHash: b })).toBe(false);
    expect(sameDelegate({ key: a, codeHash: a }, { key: a, codeHash: a })).toBe(true);
  });

  it('an id is read back from its text, leading zeros included', () => {
    for (const id of [filled(0, 32), filled(0xff, 32), bytesOf('00*4 07*28')]) {
      expect(parseId(idText(id))).toEqual({ ok: true, value: id });
    }
    expect(contractKeyText({ instance: filled(0, 32), code: NONE })).toBe('1'.repeat(32));
  });

  it('a text of another length or alphabet is no id', () => {
    for (const text of ['', 'abc', '1'.repeat(33), 'O'.repeat(43), `${idText(filled(7, 32))} `]) {
      expect(parseId(text)).toEqual({ ok: false, error: { type: 'BadId', text } });
    }
  });

  it('containers carry the key derived from what they hold', () => {
    const wasm = bytes(1, 2, 3);
    const params = bytes(9);
    expect(wasmContract(wasm, params)).toEqual({
      type: 'Wasm',
      version: {
        type: 'V1',
        contract: {
          data: { data: wasm, codeHash: codeHash(wasm) },
          params,
          key: contractKey(wasm, params),
        },
      },
    });
    expect(wasmDelegate(wasm, params)).toEqual({
      type: 'Wasm',
      version: {
        type: 'V1',
        delegate: {
          parameters: params,
          data: { data: wasm, codeHash: codeHash(wasm) },
          key: delegateKey(wasm, params),
        },
      },
    });
  });

  it('a known key is taken as it is', () => {
    const key = { key: filled(3, 32), codeHash: filled(4, 32) };
    expect(wasmDelegate(bytes(1), NONE, key)).toMatchObject({
      version: { delegate: { key, data: { codeHash: filled(4, 32) } } },
    });
  });
});
