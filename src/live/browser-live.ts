import { connectNode } from '../freenet/client.ts';
import { SignatureMemo } from '../river/signatures/memo.ts';
import { chooseVerifier } from '../river/signatures/verifier.ts';
import type { RoomKey } from '../shared/brand.ts';
import { systemClock } from '../shared/clock.ts';
import { systemRandom } from '../shared/random.ts';
import { LiveLeader, type LeaderDeps } from './live-leader.ts';
import { describeRefusal } from './room-news.ts';

export interface BrowserLiveDeps extends Pick<LeaderDeps, 'db' | 'changed' | 'owed' | 'codeHash'> {
  /** Of the host that serves the app: it is the node, or fronts one. */
  readonly origin: string;
}

/** This tab joins the queue of those that listen to the rooms' contracts. */
export async function startLive({ origin, ...deps }: BrowserLiveDeps): Promise<LiveLeader> {
  const leader = new LiveLeader({
    ...deps,
    locks: { request: (name, body) => navigator.locks.request(name, body) },
    clock: systemClock,
    random: systemRandom,
    memo: new SignatureMemo(await chooseVerifier(crypto.subtle)),
    connect: (onUnsolicited) =>
      connectNode({
        url: `${origin.replace(/^http/, 'ws')}/weir/node`,
        openSocket: (url) => new WebSocket(url),
        onUnsolicited,
      }),
    refused: (room: RoomKey, refusal) =>
      reportError(new Error(`news of room ${room} was not taken: ${describeRefusal(refusal)}`)),
  });
  void leader.run();
  return leader;
}
