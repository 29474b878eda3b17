import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { RoomKey } from '../../shared/brand.ts';
import type { WeirApi } from '../state/api.ts';
import type { DmsHandle, RoomDms } from '../state/dm-api.ts';
import { LiveController } from '../state/live-controller.ts';

/** Holds a room's direct messages open for its host, and closes them when the host leaves or shows others. */
export class DmsController implements ReactiveController {
  readonly #live: LiveController<RoomDms>;
  #handle: DmsHandle | undefined;
  #weir: WeirApi | undefined;
  #room: RoomKey | undefined;
  #peer: string | undefined;

  constructor(host: ReactiveControllerHost) {
    this.#live = new LiveController(host);
    host.addController(this);
  }

  get value(): RoomDms | undefined {
    return this.#live.value;
  }

  show(weir: WeirApi | undefined, room: RoomKey | undefined, peer: string | undefined): void {
    if (weir === this.#weir && room === this.#room && peer === this.#peer) return;
    this.#close();
    this.#weir = weir;
    this.#room = room;
    this.#peer = peer;
    this.#open();
  }

  hostConnected(): void {
    this.#open();
  }

  hostDisconnected(): void {
    this.#close();
  }

  #open(): void {
    if (this.#handle || !this.#weir || this.#room === undefined) return;
    this.#handle = this.#weir.dms.open(this.#room, this.#peer);
    this.#live.watch(this.#handle.live);
  }

  #close(): void {
    this.#live.watch(undefined);
    this.#handle?.close();
    this.#handle = undefined;
  }
}
