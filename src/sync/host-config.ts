import { fromHex } from '../shared/bytes.ts';
import { fieldsOf } from '../shared/fields.ts';

/** What the app must know of the host that serves it (`/weir/config.json`). */
export interface HostConfig {
  /** Base58 of the contract that the node attests this app as: it scopes everything in the delegate. */
  readonly contractId: string;
  /** The node serves several people: each browser profile says who it is with a token of its own. */
  readonly hosted: boolean;
  readonly delegate: {
    /** Path of the WASM; it names the bytes, so that a key derived from them can be kept under it. */
    readonly url: string;
  };
  /** What rooms are, as contracts. */
  readonly roomContract: {
    /** BLAKE3 of the module, 32 bytes. */
    readonly codeHash: Uint8Array;
    /** Path of the WASM to put rooms with; absent where the node takes them without. */
    readonly url?: string;
  };
}

/** @throws Error that says what is wrong with it */
export function decodeHostConfig(data: unknown): HostConfig {
  const config = fieldsOf(data);
  const { contractId, hosted = false } = config;
  const delegateUrl = fieldsOf(config['delegate'])['url'];
  const { codeHash, url } = fieldsOf(config['roomContract']);
  if (typeof contractId !== 'string') throw lacks('contractId');
  if (typeof hosted !== 'boolean') throw lacks('a usable hosted');
  if (!isModulePath(delegateUrl, 'delegate')) throw lacks('delegate.url');
  if (typeof codeHash !== 'string' || !/^[0-9a-f]{64}$/i.test(codeHash)) {
    throw lacks('roomContract.codeHash');
  }
  if (url !== undefined && !isModulePath(url, 'contract')) throw lacks('a usable roomContract.url');
  return {
    contractId,
    hosted,
    delegate: { url: delegateUrl },
    roomContract: { codeHash: fromHex(codeHash), ...(url !== undefined && { url }) },
  };
}

/** Modules come from the host alone. */
const isModulePath = (url: unknown, kind: 'delegate' | 'contract'): url is string =>
  typeof url === 'string' && new RegExp(`^/weir/${kind}/[0-9a-z]+\\.wasm$`, 'i').test(url);

const lacks = (field: string): Error => new Error(`the host configuration lacks ${field}`);
