/** Opening the node's WebSocket: who may, in which encoding, and as which web app. */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { APP_NODE, USER_PROTOCOL } from '../../src/shared/app-node.ts';
import { appOrigin, isLoopbackHost, judgeNodeOrigin } from './own-names.ts';
import { NODE_API, pathOf } from './paths.ts';

export interface Refusal {
  readonly type: 'refused';
  readonly status: 400 | 403 | 404;
  /** For whoever reads it: one line. */
  readonly line: string;
}

/** What a client may open. */
export type Admission =
  /** A client of the node; it acts for a web app when it brings a token that the node knows. */
  | {
      readonly type: 'client';
      readonly token: string | undefined;
      readonly userToken: string | undefined;
    }
  /** The app itself: the host vouches for it. */
  | { readonly type: 'app'; readonly userToken: string | undefined };

const refuse = (status: Refusal['status'], line: string): Refusal => ({
  type: 'refused',
  status,
  line,
});

/**
 * Judges an upgrade by its headers and target.
 *
 * A header wins over its query parameter, as on a Freenet node. An encoding must be asked for on the node's API, because its
 * default there is FlatBuffers, which is not spoken here; the app's own path has no other than the native one.
 *
 * @param hosted whether user tokens are heeded; elsewhere they are ignored
 */
export function admit(request: IncomingMessage, port: number, hosted = false): Admission | Refusal {
  const { host, origin } = request.headers;
  if (!isLoopbackHost(host)) return refuse(403, 'this host answers to localhost only');
  const path = pathOf(request.url);
  if (path === undefined) return refuse(400, 'the path is malformed');
  const query = new URL(request.url ?? '/', 'http://localhost').searchParams;
  const header = request.headers['encoding-protocol'];
  const encoding = (Array.isArray(header) ? header[0] : header) ?? query.get('encodingProtocol');
  if (encoding !== null && encoding !== 'native' && encoding !== 'flatbuffers') {
    return refuse(400, `${JSON.stringify(encoding)} is no encoding protocol`);
  }

  const brought = path === APP_NODE ? appUser(request.headers) : apiUser(request.headers, query);
  const userToken = hosted && brought !== '' ? brought : undefined;
  if (userToken !== undefined && cameInPlain(request.headers)) {
    return refuse(403, 'a user token must not have travelled unencrypted');
  }

  if (path === APP_NODE) {
    if (origin !== appOrigin(port)) return refuse(403, 'only the app itself may open this');
    return encoding === 'flatbuffers' ? refuse(400, NATIVE_ONLY) : { type: 'app', userToken };
  }

  if (!NODE_API.has(path)) return refuse(404, `there is no ${path}`);
  const verdict = judgeNodeOrigin(origin);
  if (verdict === 'undecodable') return refuse(400, 'the Origin header is malformed');
  if (verdict === 'foreign') return refuse(403, 'only pages of this machine may open this');
  if (encoding !== 'native') return refuse(400, NATIVE_ONLY);
  const { authorization } = request.headers;
  if (authorization === undefined) {
    return { type: 'client', token: query.get('authToken') ?? undefined, userToken };
  }
  const [, token] = /^Bearer ([^\s]+)$/.exec(authorization) ?? [];
  return token === undefined
    ? refuse(400, 'the Authorization header is no Bearer token')
    : { type: 'client', token, userToken };
}

/** @returns empty where there is none */
const apiUser = (headers: IncomingHttpHeaders, query: URLSearchParams): string =>
  [headers['x-freenet-user-token'] ?? query.get('userToken') ?? ''].flat().join(', ');

const appUser = (headers: IncomingHttpHeaders): string => {
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((each) => each.trim());
  const found = offered.find((each) => each.startsWith(USER_PROTOCOL));
  return found === undefined ? '' : found.slice(USER_PROTOCOL.length);
};

/**
 * Whether a proxy says that the request came from elsewhere without TLS.
 *
 * A Freenet node wants the opposite proved: it heeds a user token only with `X-Forwarded-Proto: https`, because people come to
 * it over a network. Nobody but this machine comes here, over loopback, which no wire carries and which a browser counts as
 * secure; only a proxy on this machine could bring in others, and then its own word is asked for.
 */
function cameInPlain(headers: IncomingHttpHeaders): boolean {
  const proxied = PROXY_HEADERS.some((name) => headers[name] !== undefined);
  return proxied && headers['x-forwarded-proto'] !== 'https';
}

const PROXY_HEADERS = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-proto', 'x-real-ip'];

const NATIVE_ONLY =
  "this node speaks the native encoding only, and FlatBuffers is the API's default: add ?encodingProtocol=native";
