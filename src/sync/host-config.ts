/** What the app must know of the host that serves it (`/weir/config.json`). */
export interface HostConfig {
  /** Base58 of the contract that the node attests this app as: it scopes everything in the delegate. */
  readonly contractId: string;
  readonly delegate: {
    /** Path of the WASM; it names the bytes, so that a key derived from them can be kept under it. */
    readonly url: string;
  };
}

/** @throws Error that says what is wrong with it */
export function decodeHostConfig(data: unknown): HostConfig {
  const config = data as { contractId?: unknown; delegate?: { url?: unknown } | null } | null;
  const contractId = config?.contractId;
  const url = config?.delegate?.url;
  if (typeof contractId !== 'string') throw new Error('the host configuration lacks contractId');
  if (typeof url !== 'string' || !/^\/weir\/delegate\/[0-9a-z]+\.wasm$/i.test(url)) {
    throw new Error('the host configuration lacks delegate.url');
  }
  return { contractId, delegate: { url } };
}
