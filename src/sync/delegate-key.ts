import { codeHash, delegateKeyOf } from '../freenet/keys.ts';
import type { DelegateKey } from '../freenet/types.ts';
import type { WeirDatabase } from '../persist/database.ts';

/** River's delegate has no parameters. */
export const NO_PARAMS = new Uint8Array();

/**
 * The chat delegate's key: derived from the WASM once, then read from the database for as long as the URL (which names the
 * bytes) stays the same. Hashing costs tens of milliseconds and the bytes hundreds of KiB: neither is paid per request, per
 * session or per reload. The bytes are dropped when this returns.
 *
 * @throws what `fetchWasm` throws
 */
export async function chatDelegateKey(
  db: WeirDatabase,
  url: string,
  fetchWasm: (url: string) => Promise<Uint8Array>,
): Promise<DelegateKey> {
  const cached = await db.read(['delegate_keys'], (tx) => tx.objectStore('delegate_keys').get(url));
  if (cached) return { key: cached.key, codeHash: cached.codeHash };
  const derived = delegateKeyOf(codeHash(await fetchWasm(url)), NO_PARAMS);
  await db.write(['delegate_keys'], 'relaxed', async (tx) => {
    const store = tx.objectStore('delegate_keys');
    const derivations = ((await store.get(url))?.derivations ?? 0) + 1;
    await store.put({ url, ...derived, derivations });
  });
  return derived;
}
