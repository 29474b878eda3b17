/** What each path answers. The app's paths are in docs/architecture.md, "The node as the app sees it". */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { APP_NODE } from '../../src/shared/app-node.ts';
import type { Metrics } from '../node/metrics.ts';
import type { TokenRegistry } from '../node/tokens.ts';
import { isPage, serveAppFile } from './app-files.ts';
import { appOrigin, isLoopbackHost } from './own-names.ts';
import { NODE_API, pathOf } from './paths.ts';
import { reply, replyJson, replyText } from './reply.ts';
import { securityHeaders } from './security-headers.ts';
import { serveWebShell } from './web-shell.ts';

/** The node API that is spoken here, as the version of the Freenet node that defines it. */
export const NODE_VERSION = '0.2.129';

/** A module for the app to bring to the node: the chat delegate or the room contract. */
export interface OfferedModule {
  readonly wasm: Uint8Array;
  /** `/weir/<delegate or contract>/<first 16 hex digits of SHA-256>.wasm` */
  readonly path: string;
}

export interface Site {
  readonly port: number;
  readonly appDir: string;
  readonly delegate: OfferedModule;
  /** Rooms are contracts of this code hash (BLAKE3, hex). Without a module they are put without one. */
  readonly roomContract: { readonly codeHash: string; readonly module?: OfferedModule };
  /** Base58: who the node attests the app as. */
  readonly contractId: string;
  /** A node of several people: each browser brings a token that names its person. */
  readonly hosted: boolean;
  readonly tokens: TokenRegistry;
  readonly metrics: Metrics;
}

/** Answers one request that is no WebSocket upgrade. Never throws; a connection that breaks meanwhile is dropped. */
export async function answer(
  site: Site,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    for (const [name, value] of Object.entries(securityHeaders(site.port))) {
      response.setHeader(name, value);
    }
    await route(site, request, response);
  } catch (error) {
    if (response.headersSent) response.destroy();
    else replyText(response, 500, `the host failed: ${(error as Error).message}`);
  }
}

async function route(
  site: Site,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { host } = request.headers;
  if (!isLoopbackHost(host)) {
    replyText(response, 403, 'this host answers to localhost only');
    return;
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    replyText(response, 405, 'only GET and HEAD are answered here', { Allow: 'GET, HEAD' });
    return;
  }
  const path = pathOf(request.url);
  if (path === undefined) {
    replyText(response, 400, 'the path is malformed');
    return;
  }
  if (path.startsWith('/weir/')) serveOwn(site, path, response);
  else if (/^\/v\d+\//.test(path)) serveNode(site, path, request, response);
  else if (isPage(path) && !isAppHost(host)) {
    // what an installed app stores belongs to its origin: there is only one
    const { pathname, search } = new URL(request.url ?? '/', 'http://localhost');
    const location = `${appOrigin(site.port)}${pathname}${search}`;
    replyText(response, 301, `the app is at ${location}`, { Location: location });
  } else await serveAppFile(site.appDir, path, request, response);
}

function serveOwn(site: Site, path: string, response: ServerResponse): void {
  const { delegate, roomContract } = site;
  const contract = roomContract.module;
  switch (path) {
    case '/weir/config.json':
      replyJson(response, {
        mode: 'embedded',
        contractId: site.contractId,
        hosted: site.hosted,
        delegate: { url: delegate.path, bytes: delegate.wasm.length },
        roomContract: {
          codeHash: roomContract.codeHash,
          ...(contract && { url: contract.path }),
        },
      });
      return;
    case '/weir/metrics':
      replyJson(response, site.metrics.report());
      return;
    case delegate.path:
      replyModule(response, delegate);
      return;
    case contract?.path:
      if (contract) replyModule(response, contract);
      return;
    case APP_NODE:
      replyText(response, 426, 'this is a WebSocket', { Upgrade: 'websocket' });
      return;
    default:
      replyText(response, 404, `there is no ${path}`);
  }
}

/** Its path names its bytes: it never changes. */
const replyModule = (response: ServerResponse, { wasm }: OfferedModule): void =>
  reply(response, 200, 'application/wasm', wasm, {
    'Cache-Control': 'public, max-age=31536000, immutable',
  });

function serveNode(
  site: Site,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  if (path === '/v1/version') replyJson(response, { version: NODE_VERSION });
  else if (NODE_API.has(path)) {
    replyText(response, 426, 'this is a WebSocket', { Upgrade: 'websocket' });
  } else if (!serveWebShell(site, path, request, response)) {
    replyText(response, 404, `there is no ${path}`);
  }
}

const isAppHost = (host: string | undefined): boolean =>
  host !== undefined && /^localhost(:\d+)?$/i.test(host);
