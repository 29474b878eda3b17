/**
 * The built app as files.
 *
 * Every file is looked up when it is asked for, so that a new build is served without a restart, and opened before the answer
 * begins: a file that a running build removes in between is a 404 here. (sirv opens it after the headers are out and has no
 * listener for the stream's error, which ends the process.)
 */
import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { basename, extname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { replyText } from './reply.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};

const PAGE = '/index.html';

/** Whether a path is one of the app's own addresses, all of which are the one page. */
export const isPage = (path: string): boolean => path === PAGE || !basename(path).includes('.');

/**
 * Answers with the file at `path` below `dir`, or 404. A page's address is answered with index.html.
 *
 * Built assets carry a hash of their content in their name and are kept for ever; everything else (the page, the worker, the
 * manifest) is asked for again each time, and answered 304 when it has not changed.
 *
 * @param path of the URL, decoded, beginning with a slash
 */
export async function serveAppFile(
  dir: string,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const name = isPage(path) ? PAGE : path;
  const file = isPlain(name) ? await openFile(join(dir, name)) : undefined;
  if (!file) {
    replyText(response, 404, `there is no ${name} in the app`);
    return;
  }
  try {
    const { size, mtimeMs } = await file.stat();
    const etag = `"${size.toString(36)}-${Math.trunc(mtimeMs * 1000).toString(36)}"`;
    const headers = {
      'Cache-Control': name.startsWith('/assets/')
        ? 'public, max-age=31536000, immutable'
        : 'no-cache',
      ETag: etag,
    };
    if (request.headers['if-none-match'] === etag) {
      response.writeHead(304, headers).end();
      return;
    }
    response.writeHead(200, {
      ...headers,
      'Content-Type': TYPES[extname(name)] ?? 'application/octet-stream',
      'Content-Length': size,
    });
    if (request.method === 'HEAD' || size === 0) {
      response.end();
      return;
    }
    await pipeline(file.createReadStream({ start: 0, end: size - 1, autoClose: false }), response);
  } finally {
    await file.close();
  }
}

/** No way up, no hidden file, no byte that a file system reads otherwise. */
const isPlain = (path: string): boolean =>
  !path.includes('\0') &&
  !path.includes('\\') &&
  !path.split('/').some((part) => part.startsWith('.'));

async function openFile(path: string): Promise<FileHandle | undefined> {
  let file: FileHandle;
  try {
    file = await open(path, 'r');
  } catch {
    return undefined; // missing or unreadable: to the browser it is the same
  }
  if ((await file.stat()).isFile()) return file;
  await file.close();
  return undefined;
}
