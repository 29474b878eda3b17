import { rmSync, writeFileSync } from 'node:fs';
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import { request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { toHex } from '../../src/shared/bytes.ts';
import { ROOM_CONTRACT_CODE_HASH } from '../node/river-rules.ts';
import type { RunningHost } from '../serve.ts';
import { RIVER_CONTRACT_ID } from '../serve.ts';
import { RawClient } from '../testing/raw-client.ts';
import { testApp, testHost } from '../testing/test-host.ts';

interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A request as it is given, where fetch would tidy the path and choose the headers. */
function ask(
  host: RunningHost,
  path: string,
  headers: OutgoingHttpHeaders = {},
  { method = 'GET', address = '127.0.0.1' } = {},
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: address,
        port: host.port,
        path,
        method,
        headers: { Host: `localhost:${host.port}`, ...headers },
      },
      (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(parts).toString('utf8'),
          }),
        );
      },
    );
    sent.on('error', reject);
    sent.end();
  });
}

describe("the app's files", () => {
  test('the page is at / and at every address of the app, and is asked for again each time', async () => {
    const host = await testHost();
    for (const path of ['/', '/index.html', '/room/BQKNiX1Qmz2F', '/room/a?x=1']) {
      const reply = await ask(host, path);
      expect(reply, path).toMatchObject({
        status: 200,
        body: '<!doctype html><title>the page</title>',
        headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' },
      });
    }
  });

  test('worker, manifest and icons are asked for again too; what has a hash in its name is kept', async () => {
    const host = await testHost();
    const headers = async (path: string): Promise<(string | undefined)[]> => {
      const reply = await ask(host, path);
      expect(reply.status, path).toBe(200);
      return [reply.headers['content-type'], reply.headers['cache-control']];
    };
    expect(await headers('/sw.js')).toEqual(['text/javascript; charset=utf-8', 'no-cache']);
    expect(await headers('/manifest.webmanifest')).toEqual([
      'application/manifest+json',
      'no-cache',
    ]);
    expect(await headers('/icons/mark.svg')).toEqual(['image/svg+xml', 'no-cache']);
    expect(await headers('/assets/app-1a2b.js')).toEqual([
      'text/javascript; charset=utf-8',
      'public, max-age=31536000, immutable',
    ]);
  });

  test('a file that has not changed is not sent again, a changed one is', async () => {
    const appDir = testApp();
    const host = await testHost({ appDir });
    const first = await ask(host, '/sw.js');
    const again = await ask(host, '/sw.js', { 'If-None-Match': first.headers.etag });
    expect(again).toMatchObject({ status: 304, body: '' });
    writeFileSync(join(appDir, 'sw.js'), '// the next worker');
    const changed = await ask(host, '/sw.js', { 'If-None-Match': first.headers.etag });
    expect(changed).toMatchObject({ status: 200, body: '// the next worker' });
  });

  test('a missing file is 404, also when it was there before', async () => {
    const appDir = testApp();
    const host = await testHost({ appDir });
    expect(await ask(host, '/assets/none.js')).toMatchObject({ status: 404 });
    expect(await ask(host, '/assets/app-1a2b.js')).toMatchObject({ status: 200 });
    rmSync(join(appDir, 'assets'), { recursive: true });
    expect(await ask(host, '/assets/app-1a2b.js')).toMatchObject({ status: 404 });
  });

  test('nothing outside the app and nothing hidden in it can be reached', async () => {
    const host = await testHost();
    for (const path of [
      '/../../etc/hosts.txt',
      '/%2e%2e/%2e%2e/etc/hosts.txt',
      '/..%2f..%2fetc%2fhosts.txt',
      '/assets/..%2f.secret',
      '/.secret',
      '/assets/..%5c.secret.js',
      '/sw.js%00.txt',
    ]) {
      expect(await ask(host, path), path).toMatchObject({ status: 404 });
    }
    expect(await ask(host, '/%zz')).toMatchObject({ status: 400 });
  });

  test('HEAD has the headers without the body; other methods are refused', async () => {
    const host = await testHost();
    const head = await ask(host, '/', {}, { method: 'HEAD' });
    expect(head).toMatchObject({ status: 200, body: '', headers: { 'content-length': '38' } });
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      const reply = await ask(host, '/weir/config.json', {}, { method });
      expect(reply, method).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } });
    }
  });

  test('the app has one origin: its addresses under other loopback names lead there', async () => {
    const host = await testHost();
    for (const name of ['127.0.0.1', '[::1]']) {
      const reply = await ask(host, '/room/x%20y?z=1', { Host: `${name}:${host.port}` });
      expect(reply).toMatchObject({
        status: 301,
        headers: { location: `http://localhost:${host.port}/room/x%20y?z=1` },
      });
      const version = await ask(host, '/v1/version', { Host: `${name}:${host.port}` });
      expect(version.status).toBe(200);
    }
  });
});

describe('what every answer carries', () => {
  const PATHS = ['/', '/sw.js', '/none.js', '/weir/config.json', '/v1/version', '/%zz'];

  test('no script, style, frame or connection but its own', async () => {
    const host = await testHost();
    for (const path of PATHS) {
      const { headers } = await ask(host, path);
      expect(headers, path).toMatchObject({
        'content-security-policy':
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; " +
          `connect-src 'self' ws://localhost:${host.port}; manifest-src 'self'; worker-src 'self'; ` +
          "font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; " +
          "require-trusted-types-for 'script'; trusted-types lit-html weir-sw dompurify",
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-embedder-policy': 'require-corp',
        'cross-origin-resource-policy': 'same-origin',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
      });
      expect(headers['permissions-policy'], path).toContain('camera=()');
      expect(headers['access-control-allow-origin'], path).toBeUndefined();
    }
  });

  test('a name that is not this machine is refused, whatever it asks for (DNS rebinding)', async () => {
    const host = await testHost();
    for (const path of [...PATHS, `/v1/contract/web/${RIVER_CONTRACT_ID}/`, '/weir/metrics']) {
      for (const name of ['evil.example', `evil.example:${host.port}`, 'localhost.evil.example']) {
        const reply = await ask(host, path, { Host: name });
        expect(reply.status, `${name} ${path}`).toBe(403);
        expect(reply.headers.authorization).toBeUndefined();
      }
    }
  });

  test('it listens on both loopback addresses and on no other', async () => {
    const host = await testHost();
    expect(await ask(host, '/v1/version', {}, { address: '::1' })).toMatchObject({ status: 200 });
    const refused = new Promise<string | undefined>((resolve) => {
      const socket = connect({ host: '127.0.0.2', port: host.port });
      socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code));
      socket.on('connect', () => resolve('connected'));
    });
    expect(await refused).toBe('ECONNREFUSED');
  });
});

describe('what the app is told', () => {
  test("the configuration names the web app and the delegate's bytes, which are kept for ever", async () => {
    const wasm = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
    const host = await testHost({ delegateWasm: wasm });
    const config = (await (await fetch(`${host.url}/weir/config.json`)).json()) as {
      delegate: { url: string };
    };
    expect(config).toEqual({
      mode: 'embedded',
      contractId: RIVER_CONTRACT_ID,
      hosted: false,
      // SHA-256 of an empty module
      delegate: { url: '/weir/delegate/93a44bbb96c75121.wasm', bytes: 8 },
      roomContract: { codeHash: toHex(ROOM_CONTRACT_CODE_HASH) },
    });
    const delegate = await fetch(host.url + config.delegate.url);
    expect(new Uint8Array(await delegate.arrayBuffer())).toEqual(wasm);
    expect(delegate.headers.get('content-type')).toBe('application/wasm');
    expect(delegate.headers.get('cache-control')).toContain('immutable');
    expect((await fetch(`${host.url}/weir/delegate/0123456789abcdef.wasm`)).status).toBe(404);
  });

  test('it is told when the node serves several people', async () => {
    const host = await testHost({ hosted: true });
    const config: unknown = await (await fetch(`${host.url}/weir/config.json`)).json();
    expect(config).toMatchObject({ hosted: true });
  });

  test('nothing else is under /weir and /v1; a WebSocket path says that it is one', async () => {
    const host = await testHost();
    for (const path of ['/weir/none', '/v1/none', '/v2/version', '/v1/contract/command/']) {
      expect(await ask(host, path), path).toMatchObject({ status: 404 });
    }
    for (const path of ['/weir/node', '/v1/contract/command', '/v2/contract/command']) {
      expect(await ask(host, path), path).toMatchObject({ status: 426 });
    }
  });
});

describe('tokens over HTTP', () => {
  test('a web app path discloses a fresh token in three places', async () => {
    const host = await testHost();
    const path = `/v1/contract/web/${RIVER_CONTRACT_ID}/`;
    const { status, headers, body } = await ask(host, path);
    expect(status).toBe(200);
    const [, token] =
      /^Bearer ([1-9A-HJ-NP-Za-km-z]{40,44})$/.exec(headers.authorization ?? '') ?? [];
    expect(token).toBeDefined();
    expect(headers['set-cookie']).toEqual([
      `authorization=Bearer ${token}; SameSite=Strict; Path=/v1/contract/web/${RIVER_CONTRACT_ID}; Max-Age=86400`,
    ]);
    expect(body).toContain(`freenetBridge("${token}");`);
    expect(headers['cache-control']).toBe('no-store');
    const again = await ask(host, path);
    expect(again.headers.authorization).not.toBe(headers.authorization);
  });

  test('the page of a hosted node asks for the person’s token too', async () => {
    const host = await testHost({ hosted: true });
    const { headers, body } = await ask(host, `/v1/contract/web/${RIVER_CONTRACT_ID}/`);
    const token = headers.authorization?.replace('Bearer ', '');
    expect(body).toContain(`freenetBridge("${token}", __freenet_user_token, true);`);
  });

  test('the path without its slash leads to it; sub-paths are pages for documents only', async () => {
    const host = await testHost();
    const bare = `/v2/contract/web/${RIVER_CONTRACT_ID}`;
    expect(await ask(host, bare)).toMatchObject({
      status: 308,
      headers: { location: `${bare}/` },
    });
    expect(await ask(host, `${bare}/sub.html`)).toMatchObject({ status: 404 });
    const document = await ask(host, `${bare}/sub.html`, { 'Sec-Fetch-Dest': 'document' });
    expect(document.headers.authorization).toMatch(/^Bearer /);
  });

  test('what is no contract id gets no token: too short, no base58, hostile', async () => {
    const host = await testHost();
    for (const id of [
      'raAq',
      '0OIl',
      RIVER_CONTRACT_ID.slice(1),
      '%22%3E%3Cscript%3E',
      '1'.repeat(33),
    ]) {
      const reply = await ask(host, `/v1/contract/web/${id}/`);
      expect(reply.status, id).toBe(400);
      expect(reply.headers.authorization, id).toBeUndefined();
      expect(reply.headers['content-type'], id).toMatch(/^text\/plain/);
    }
  });
});

describe('who may open the node', () => {
  const open = (
    host: RunningHost,
    path: string,
    headers: Record<string, string> = {},
  ): Promise<RawClient | number> =>
    RawClient.open(`ws://127.0.0.1:${host.port}${path}`, {
      headers: { Host: `localhost:${host.port}`, ...headers },
    });
  const API = '/v1/contract/command?encodingProtocol=native';

  test('the API: programs, and pages of this machine on any port', async () => {
    const host = await testHost();
    for (const headers of [
      {},
      { Origin: 'http://localhost:9999' },
      { Origin: 'http://127.0.0.1' },
      { Origin: 'https://[::1]:1' },
    ]) {
      expect(await open(host, API, headers)).toBeInstanceOf(RawClient);
    }
    expect(await open(host, API.replace('v1', 'v2'))).toBeInstanceOf(RawClient);
  });

  test('the API: no page from elsewhere, no foreign name, no malformed origin', async () => {
    const host = await testHost();
    expect(await open(host, API, { Origin: 'https://evil.example' })).toBe(403);
    expect(await open(host, API, { Origin: 'http://localhost.evil.example' })).toBe(403);
    expect(await open(host, API, { Origin: 'null' })).toBe(403);
    expect(await open(host, API, { Origin: 'file://localhost' })).toBe(403);
    expect(await open(host, API, { Origin: 'not an origin' })).toBe(400);
    expect(await open(host, API, { Host: 'evil.example' })).toBe(403);
  });

  test('the API speaks the native encoding, and says so to those who ask for another or for none', async () => {
    const host = await testHost();
    const path = '/v1/contract/command';
    expect(await open(host, path)).toBe(400);
    expect(await open(host, `${path}?encodingProtocol=flatbuffers`)).toBe(400);
    expect(await open(host, `${path}?encodingProtocol=Native`)).toBe(400);
    expect(await open(host, API, { 'Encoding-Protocol': 'flatbuffers' })).toBe(400);
    expect(await open(host, path, { 'Encoding-Protocol': 'native' })).toBeInstanceOf(RawClient);
    expect(await open(host, API, { Authorization: 'Basic abc' })).toBe(400);
    expect(await open(host, `/v1/contract/command/?encodingProtocol=native`)).toBe(404);
  });

  test('a user token is taken over loopback, from a proxy only when it says that the way was encrypted', async () => {
    const host = await testHost({ hosted: true });
    const user = { 'X-Freenet-User-Token': 'ada' };
    expect(await open(host, API, user)).toBeInstanceOf(RawClient);
    const secure = { 'X-Forwarded-For': '203.0.113.7', 'X-Forwarded-Proto': 'https' };
    expect(await open(host, API, { ...user, ...secure })).toBeInstanceOf(RawClient);
    for (const plain of [
      { 'X-Forwarded-Proto': 'http' },
      { 'X-Forwarded-Proto': 'https, http' },
      { 'X-Forwarded-For': '203.0.113.7' },
      { Forwarded: 'for=203.0.113.7' },
    ]) {
      expect(await open(host, API, { ...user, ...plain })).toBe(403);
      expect(await open(host, `${API}&userToken=ada`, plain)).toBe(403);
      expect(await open(host, `${API}&userToken=`, plain)).toBeInstanceOf(RawClient);
    }
    const single = await testHost();
    const ignored = await open(single, API, { ...user, 'X-Forwarded-Proto': 'http' });
    expect(ignored).toBeInstanceOf(RawClient);
  });

  test("the app's own path: only a page of the app's own origin", async () => {
    const host = await testHost();
    expect(await open(host, '/weir/node', { Origin: host.url })).toBeInstanceOf(RawClient);
    expect(await open(host, '/weir/node')).toBe(403);
    expect(await open(host, '/weir/node', { Origin: `http://127.0.0.1:${host.port}` })).toBe(403);
    expect(await open(host, '/weir/node', { Origin: 'http://localhost:9999' })).toBe(403);
    expect(await open(host, '/weir/node', { Origin: `https://localhost:${host.port}` })).toBe(403);
    const flat = '/weir/node?encodingProtocol=flatbuffers';
    expect(await open(host, flat, { Origin: host.url })).toBe(400);
  });
});
