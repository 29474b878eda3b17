/**
 * `/v1/contract/web/<id>/`: where a client gets a token to act for a web app.
 *
 * A Freenet node answers with the shell page of the app and discloses a fresh token in three places: a header, a cookie, and
 * a call in the page. This host has no web apps to show: the page says so, and the policy keeps its script from running.
 * Source: freenet-core: crates/core/src/server/{client_api,path_handlers}.rs (0.2.129).
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { parseId } from '../../src/freenet/keys.ts';
import type { TokenRegistry } from '../node/tokens.ts';
import { reply, replyText } from './reply.ts';

const SHELL = /^\/(v[12])\/contract\/web\/([^/]+)(\/.*)?$/;

/** @returns false when the path is not a web app's */
export function serveWebShell(
  { tokens, hosted }: { readonly tokens: TokenRegistry; readonly hosted: boolean },
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  const [, version, text, rest] = SHELL.exec(path) ?? [];
  if (version === undefined || text === undefined) return false;
  if (rest === undefined) {
    replyText(response, 308, 'a web app ends with a slash', {
      Location: `/${version}/contract/web/${encodeURIComponent(text)}/`,
    });
    return true;
  }
  const id = parseId(text);
  if (!id.ok) {
    replyText(response, 400, `${JSON.stringify(text)} is no contract id: 32 bytes in base58`);
    return true;
  }
  if (rest !== '/' && request.headers['sec-fetch-dest'] !== 'document') {
    replyText(response, 404, 'this node hosts no web apps');
    return true;
  }
  const token = tokens.mint(id.value);
  reply(response, 200, 'text/html; charset=utf-8', Buffer.from(page(token, hosted)), {
    'Cache-Control': 'no-store',
    Authorization: `Bearer ${token}`,
    'Set-Cookie': `authorization=Bearer ${token}; SameSite=Strict; Path=/${version}/contract/web/${text}; Max-Age=86400`,
  });
  return true;
}

/** @param token base58: nothing in it needs escaping */
const page = (token: string, hosted: boolean): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Weir's node</title>
<p>This node serves tokens for web apps, not the apps themselves. <a href="/">Open Weir</a>.</p>
<script>freenetBridge("${token}"${hosted ? ', __freenet_user_token, true' : ''});</script>
</html>
`;
