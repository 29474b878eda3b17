import type { RoomKey } from '../../shared/brand.ts';
import type { DmsApi, DmsHandle } from './dm-api.ts';
import { openLater } from './live-handle.ts';
import type { RoomCore } from './room-core.ts';

/** Direct messages through the core, which is fetched when it is first asked for. */
export class LiveDirectMessages implements DmsApi {
  readonly #core: () => Promise<RoomCore>;

  constructor(core: () => Promise<RoomCore>) {
    this.#core = core;
  }

  open(room: RoomKey, peer?: string): DmsHandle {
    return openLater(this.#core(), ({ dms }) => {
      const opened = dms.open(room, peer);
      return { live: opened.live, close: () => dms.close(opened) };
    });
  }

  async send(...[room, peer, text]: Parameters<DmsApi['send']>): ReturnType<DmsApi['send']> {
    return (await this.#core()).dms.send(room, peer, text);
  }

  async hide(...[room, peer]: Parameters<DmsApi['hide']>): ReturnType<DmsApi['hide']> {
    return (await this.#core()).dms.hide(room, peer);
  }

  async show(...[room, peer]: Parameters<DmsApi['show']>): ReturnType<DmsApi['show']> {
    return (await this.#core()).dms.show(room, peer);
  }

  async purge(...[room, peer]: Parameters<DmsApi['purge']>): ReturnType<DmsApi['purge']> {
    return (await this.#core()).dms.purge(room, peer);
  }
}
