import { describe, expect, it } from 'vitest';
import { delegateKey } from '../freenet/keys.ts';
import { openTestDatabase } from '../persist/testing.ts';
import { chatDelegateKey, NO_PARAMS } from './delegate-key.ts';

const wasm = (seed: number): Uint8Array =>
  Uint8Array.from({ length: 1000 }, (_, i) => (i * seed) & 255);

describe('chatDelegateKey', () => {
  it('is derived once per WASM and equals the uncached derivation', async () => {
    const db = await openTestDatabase();
    const fetched: string[] = [];
    const fetchWasm = async (url: string): Promise<Uint8Array> => {
      fetched.push(url);
      return wasm(url === '/a' ? 3 : 7);
    };
    for (let i = 0; i < 20; i++) {
      expect(await chatDelegateKey(db, '/a', fetchWasm)).toEqual(delegateKey(wasm(3), NO_PARAMS));
    }
    expect(await chatDelegateKey(db, '/b', fetchWasm)).toEqual(delegateKey(wasm(7), NO_PARAMS));
    expect(fetched).toEqual(['/a', '/b']);
    const rows = await db.read(['delegate_keys'], (tx) => tx.objectStore('delegate_keys').getAll());
    expect(rows.map((row) => row.derivations)).toEqual([1, 1]);
  });

  it('caches nothing when the bytes cannot be fetched', async () => {
    const db = await openTestDatabase();
    const refuse = (): Promise<Uint8Array> => Promise.reject(new Error('offline'));
    await expect(chatDelegateKey(db, '/a', refuse)).rejects.toThrow('offline');
    expect(await chatDelegateKey(db, '/a', async () => wasm(3))).toEqual(
      delegateKey(wasm(3), NO_PARAMS),
    );
  });
});
