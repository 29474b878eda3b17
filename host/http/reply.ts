import type { ServerResponse } from 'node:http';

/** One line of text for whoever asked; `no-store`, because an error is of its moment. */
export function replyText(
  response: ServerResponse,
  status: number,
  line: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  reply(response, status, 'text/plain; charset=utf-8', Buffer.from(`${line}\n`), {
    'Cache-Control': 'no-store',
    ...headers,
  });
}

export function replyJson(response: ServerResponse, value: unknown): void {
  reply(response, 200, 'application/json; charset=utf-8', Buffer.from(JSON.stringify(value)), {
    'Cache-Control': 'no-store',
  });
}

/** A HEAD request gets the headers alone: Node drops the body. */
export function reply(
  response: ServerResponse,
  status: number,
  contentType: string,
  body: Uint8Array,
  headers: Readonly<Record<string, string>>,
): void {
  response.writeHead(status, {
    'Content-Type': contentType,
    'Content-Length': body.length,
    ...headers,
  });
  response.end(body);
}
