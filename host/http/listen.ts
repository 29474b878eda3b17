/** Listening on both loopback addresses, so that `localhost` reaches the host however it is resolved. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Result } from '../../src/shared/result.ts';
import { err, ok } from '../../src/shared/result.ts';

export interface ListenError {
  readonly type: 'PortTaken' | 'CantListen';
  readonly port: number;
  readonly cause: string;
}

export interface Listening {
  readonly port: number;
  readonly servers: readonly Server[];
}

/** A free port on one address may be taken on the other: this many are tried. */
const EPHEMERAL_TRIES = 8;

/**
 * @param port 0 for any free one
 * @param makeServer called once per address
 */
export async function listenOnLoopback(
  port: number,
  makeServer: () => Server,
): Promise<Result<Listening, ListenError>> {
  for (let tries = 1; ; tries++) {
    const listening = await listenOnBoth(port, makeServer);
    const again = port === 0 && tries < EPHEMERAL_TRIES;
    if (listening.ok || listening.error.type !== 'PortTaken' || !again) return listening;
  }
}

async function listenOnBoth(
  port: number,
  makeServer: () => Server,
): Promise<Result<Listening, ListenError>> {
  const v4 = makeServer();
  const failure4 = await listen(v4, port, '127.0.0.1');
  if (failure4) return err(listenError(failure4, port));
  const bound = (v4.address() as AddressInfo).port;

  const v6 = makeServer();
  const failure6 = await listen(v6, bound, '::1');
  if (!failure6) return ok({ port: bound, servers: [v4, v6] });
  // a machine without IPv6: localhost is 127.0.0.1 there
  if (failure6.code !== 'EADDRINUSE') return ok({ port: bound, servers: [v4] });
  v4.close();
  return err(listenError(failure6, bound));
}

function listen(
  server: Server,
  port: number,
  host: string,
): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    server.once('error', resolve);
    server.listen({ port, host, ipv6Only: true }, () => {
      server.off('error', resolve);
      resolve(undefined);
    });
  });
}

const listenError = (error: NodeJS.ErrnoException, port: number): ListenError => ({
  type: error.code === 'EADDRINUSE' ? 'PortTaken' : 'CantListen',
  port,
  cause: error.message,
});
