import { expect, it } from 'vitest';
import { connectNode } from './client.ts';

it("a page's own WebSocket to nobody is a failed connection", async () => {
  const connected = await connectNode({
    url: 'ws://127.0.0.1:1024/v1/contract/command?authToken=secret',
    openSocket: (url) => new WebSocket(url),
  });
  expect(connected).toEqual({
    ok: false,
    error: {
      type: 'ConnectFailed',
      address: 'ws://127.0.0.1:1024/v1/contract/command',
      reason: 'the connection was refused or broke (code 1006)',
    },
  });
});
