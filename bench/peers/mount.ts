/** Puts a peer into its page, where the bench finds it. */
import { seeded, type Message } from './messages.ts';
import type { Burst, Peer } from './peer.ts';

/** What the bench calls in a page, by name. */
export interface PeerPage {
  ready(): Promise<void>;
  seed(rooms: number, perRoom: number): Promise<void>;
  /**
   * @param limitMs after which what is not stored is not waited for
   * @param tells names a function of the browser's that is told every edit that is stored; absent: nobody
   */
  edit(messages: readonly Message[], limitMs: number, tells?: string): Promise<Burst>;
  ids(): Promise<readonly string[]>;
  deliver(): Promise<void>;
}

/** The newest message of the room in the page's address is shown in it. */
export const NEWEST = 'newest';

const now = (): number => performance.timeOrigin + performance.now();

export function mount(peer: Peer): void {
  const opened = peer.open();
  opened.catch((error: unknown) => document.body.append(String(error)));
  const page: PeerPage = {
    ready: () => opened,
    seed: (rooms, perRoom) => peer.seed(seeded(rooms, perRoom)),
    async edit(messages, limitMs, tells) {
      const told = tells === undefined ? undefined : Reflect.get(globalThis, tells);
      let acknowledged = 0;
      const stored = (id: string): void => {
        acknowledged += 1;
        if (typeof told === 'function') told(id);
      };
      const from = now();
      const all = peer.edit(messages, stored);
      if (!all) return { from, acknowledgedAt: null, acknowledged: null };
      const late = new Promise<null>((done) => setTimeout(() => done(null), limitMs));
      const acknowledgedAt = await Promise.race([all.then(now), late]);
      return { from, acknowledgedAt, acknowledged };
    },
    ids: () => peer.ids(),
    deliver: async () => peer.deliver?.(),
  };
  Object.assign(globalThis, { peer: page });
  const room = new URLSearchParams(location.search).get(NEWEST);
  if (room !== null) {
    void opened.then(async () => {
      const line = document.createElement('p');
      line.className = NEWEST;
      line.textContent = (await peer.newest(Number(room)))?.text ?? '';
      document.body.append(line);
    });
  }
}
