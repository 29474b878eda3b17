import type { RoomKey } from '../../shared/brand.ts';
import { LiveValue } from '../../shared/live-query.ts';
import type { DmsApi, DmsHandle, RoomDms } from './dm-api.ts';
import type { RoomCore } from './room-core.ts';

/** Direct messages through the core, which is fetched when it is first asked for. */
export class LiveDirectMessages implements DmsApi {
  readonly #core: () => Promise<RoomCore>;

  constructor(core: () => Promise<RoomCore>) {
    this.#core = core;
  }

  open(room: RoomKey, peer?: string): DmsHandle {
    const live = new LiveValue<RoomDms>();
    let closed = false;
    let close = (): void => {
      closed = true;
    };
    void this.#core().then(({ dms }) => {
      if (closed) return;
      const opened = dms.open(room, peer);
      const unsubscribe = opened.live.subscribe((value) => live.set(value));
      close = () => {
        unsubscribe();
        dms.close(opened);
      };
    });
    return { live, close: () => close() };
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
