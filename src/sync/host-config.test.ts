import { describe, expect, it } from 'vitest';
import { decodeHostConfig } from './host-config.ts';

describe('decodeHostConfig', () => {
  it('takes the two fields the app needs and ignores others', () => {
    const config = {
      contractId: 'abc',
      mode: 'embedded',
      delegate: { url: '/weir/delegate/0f.wasm', bytes: 3 },
    };
    expect(decodeHostConfig(config)).toEqual({
      contractId: 'abc',
      delegate: { url: '/weir/delegate/0f.wasm' },
    });
  });

  it.each([null, 1, {}, { contractId: 'a' }, { contractId: 'a', delegate: null }])(
    'names what is missing in %j',
    (data) => {
      expect(() => decodeHostConfig(data)).toThrow(/the host configuration lacks/);
    },
  );

  it('refuses a delegate from anywhere else than the host', () => {
    const delegate = { url: 'https://elsewhere.example/weir/delegate/0f.wasm' };
    expect(() => decodeHostConfig({ contractId: 'a', delegate })).toThrow('delegate.url');
  });
});
