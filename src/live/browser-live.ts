import { connectNode } from '../freenet/client.ts';
import { SignatureMemo } from '../river/signatures/memo.ts';
import { chooseVerifier } from '../river/signatures/verifier.ts';
import { appNodeAddress } from '../shared/app-node.ts';
import type { RoomKey } from '../shared/brand.ts';
import { systemClock } from '../shared/clock.ts';
import { systemRandom } from '../shared/random.ts';
import { err } from '../shared/result.ts';
import type { UserToken } from '../shared/user-token.ts';
import { LiveLeader, type LeaderDeps } from './live-leader.ts';
import { describeRefusal } from './room-news.ts';

export interface BrowserLiveDeps extends Pick<
  LeaderDeps,
  'db' | 'changed' | 'owed' | 'codeHash' | 'heard'
> {
  /** Of the host that serves the app: it is the node, or fronts one. */
  readonly origin: string;
  /** Who this profile is, where the node serves several people. Rejects when the host does not answer. */
  readonly userToken: () => Promise<UserToken | undefined>;
}

/** This tab joins the queue of those that listen to the rooms' contracts. */
export async function startLive({
  origin,
  userToken,
  ...deps
}: BrowserLiveDeps): Promise<LiveLeader> {
  const leader = new LiveLeader({
    ...deps,
    locks: { request: (name, body) => navigator.locks.request(name, body) },
    clock: systemClock,
    random: systemRandom,
    memo: new SignatureMemo(await chooseVerifier(crypto.subtle)),
    connect: async (onUnsolicited) => {
      let as: UserToken | undefined;
      try {
        as = await userToken();
      } catch (error) {
        return err({ type: 'ConnectFailed', address: origin, reason: String(error) });
      }
      const { url, protocols } = appNodeAddress(origin, as);
      return connectNode({
        url,
        openSocket: (at) => new WebSocket(at, protocols),
        onUnsolicited,
      });
    },
    refused: (room: RoomKey, refusal) =>
      reportError(new Error(`news of room ${room} was not taken: ${describeRefusal(refusal)}`)),
  });
  void leader.run();
  return leader;
}
