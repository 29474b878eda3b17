import { describe, expect, it } from 'vitest';
import { decodeHostConfig } from './host-config.ts';

const HASH = 'e7'.repeat(32);
const config = {
  contractId: 'abc',
  mode: 'embedded',
  delegate: { url: '/weir/delegate/0f.wasm', bytes: 3 },
  roomContract: { codeHash: HASH },
};

describe('decodeHostConfig', () => {
  it('takes the fields the app needs and ignores others', () => {
    const codeHash = new Uint8Array(32).fill(0xe7);
    expect(decodeHostConfig(config)).toEqual({
      contractId: 'abc',
      hosted: false,
      delegate: { url: '/weir/delegate/0f.wasm' },
      roomContract: { codeHash },
    });
    expect(decodeHostConfig({ ...config, hosted: true }).hosted).toBe(true);
    const url = '/weir/contract/0f.wasm';
    expect(
      decodeHostConfig({ ...config, roomContract: { codeHash: HASH, url } }).roomContract,
    ).toEqual({ codeHash, url });
  });

  it.each([
    [null, 'contractId'],
    [1, 'contractId'],
    [{}, 'contractId'],
    [{ contractId: 'a', hosted: 'yes' }, 'a usable hosted'],
    [{ contractId: 'a' }, 'delegate.url'],
    [{ contractId: 'a', delegate: null }, 'delegate.url'],
    [{ ...config, roomContract: undefined }, 'roomContract.codeHash'],
    [{ ...config, roomContract: { codeHash: 'e7' } }, 'roomContract.codeHash'],
  ])('names what is missing in %j', (data, field) => {
    expect(() => decodeHostConfig(data)).toThrow(`the host configuration lacks ${field}`);
  });

  it('refuses modules from anywhere else than the host', () => {
    const delegate = { url: 'https://elsewhere.example/weir/delegate/0f.wasm' };
    expect(() => decodeHostConfig({ ...config, delegate })).toThrow('delegate.url');
    const roomContract = { codeHash: HASH, url: '//elsewhere.example/weir/contract/0f.wasm' };
    expect(() => decodeHostConfig({ ...config, roomContract })).toThrow('roomContract.url');
  });
});
