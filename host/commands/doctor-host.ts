import { delegateKey, delegateKeyText } from '../../src/freenet/keys.ts';
import { fieldsOf, type Fields } from '../../src/shared/fields.ts';

/** A host on this machine answers at once. */
const ANSWERS_WITHIN_MS = 5_000;
/** A delegate of more bytes is none that the app would register. */
const MAX_MODULE_BYTES = 64 * 1024 * 1024;

/** What a running host says of itself; what it did not say, or not as expected, is absent. */
export interface HostFacts {
  readonly version?: string;
  readonly isHosted?: boolean;
  /** The key of the chat delegate that it offers. */
  readonly delegate?: string;
  readonly startedAt?: string;
  readonly openConnections?: number;
  readonly storeRequests?: number;
  readonly requests?: Readonly<Record<string, number>>;
}

/** Undefined when nothing answers there that is a Weir. */
export async function askHost(url: URL): Promise<HostFacts | undefined> {
  const config = await json(new URL('/weir/config.json', url));
  if (!config) return undefined;
  const version = (await json(new URL('/v1/version', url)))?.['version'];
  const metrics = await json(new URL('/weir/metrics', url));
  const { startedAt, storeRequests } = metrics ?? {};
  const open = fieldsOf(metrics?.['connections'])['open'];
  const requests = Object.entries(fieldsOf(metrics?.['requests'])).filter(
    (entry): entry is [string, number] => typeof entry[1] === 'number',
  );
  const delegate = await delegateOf(url, fieldsOf(config['delegate'])['url']);
  const { hosted } = config;
  return {
    ...(typeof version === 'string' && { version }),
    ...(typeof hosted === 'boolean' && { isHosted: hosted }),
    ...(delegate !== undefined && { delegate }),
    ...(typeof startedAt === 'string' && { startedAt }),
    ...(typeof open === 'number' && { openConnections: open }),
    ...(typeof storeRequests === 'number' && { storeRequests }),
    ...(metrics && { requests: Object.fromEntries(requests) }),
  };
}

async function delegateOf(url: URL, path: unknown): Promise<string | undefined> {
  if (typeof path !== 'string' || !path.startsWith('/weir/delegate/')) return undefined;
  const response = await get(new URL(path, url));
  const wasm = response && new Uint8Array(await response.arrayBuffer());
  if (!wasm || wasm.length > MAX_MODULE_BYTES) return undefined;
  return delegateKeyText(delegateKey(wasm, new Uint8Array(0)));
}

async function json(url: URL): Promise<Fields | undefined> {
  try {
    const response = await get(url);
    return response && fieldsOf(await response.json());
  } catch {
    return undefined; // no JSON: whatever answers is no Weir
  }
}

async function get(url: URL): Promise<Response | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(ANSWERS_WITHIN_MS) });
    return response.ok ? response : undefined;
  } catch {
    return undefined;
  }
}
