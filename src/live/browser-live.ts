import { connectNode } from '../freenet/client.ts';
import { SignatureMemo } from '../river/signatures/memo.ts';
import { chooseVerifier } from '../river/signatures/verifier.ts';
import { appNodeAddress } from '../shared/app-node.ts';
import type { RoomKey } from '../shared/brand.ts';
import { systemClock } from '../shared/clock.ts';
import { systemRandom } from '../shared/random.ts';
import type { UserToken } from '../shared/user-token.ts';
import { LiveLeader, type LeaderDeps } from './live-leader.ts';
import { describeRefusal } from './room-news.ts';

export interface BrowserLiveDeps extends Pick<LeaderDeps, 'db' | 'changed' | 'owed' | 'heard'> {
  /** Of the host that serves the app: it is the node, or fronts one. */
  readonly origin: string;
  /** What the host is now. Rejects when it does not answer. */
  readonly host: () => Promise<{
    /** BLAKE3 of the room contract, 32 bytes. */
    readonly codeHash: Uint8Array;
    /** Who this profile is; undefined where the node serves one person. */
    readonly as: UserToken | undefined;
  }>;
}

/** This tab joins the queue of those that listen to the rooms' contracts. */
export async function startLive({ origin, host, ...deps }: BrowserLiveDeps): Promise<LiveLeader> {
  const leader = new LiveLeader({
    ...deps,
    locks: { request: (name, body) => navigator.locks.request(name, body) },
    clock: systemClock,
    random: systemRandom,
    memo: new SignatureMemo(await chooseVerifier(crypto.subtle)),
    host: async () => {
      const { codeHash, as } = await host();
      const { url, protocols } = appNodeAddress(origin, as);
      return {
        codeHash,
        connect: (onUnsolicited) =>
          connectNode({ url, openSocket: (at) => new WebSocket(at, protocols), onUnsolicited }),
      };
    },
    refused: (room: RoomKey, refusal) =>
      reportError(new Error(`news of room ${room} was not taken: ${describeRefusal(refusal)}`)),
  });
  void leader.run();
  return leader;
}
