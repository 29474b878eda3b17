import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { RoomKey } from '../../shared/brand.ts';
import type { Conversation, ConversationHandle, WeirApi } from './api.ts';
import { LiveController } from './live-controller.ts';

/** Holds one room's conversation open for its host, and closes it when the host leaves or shows another room. */
export class ConversationController implements ReactiveController {
  readonly #live: LiveController<Conversation>;
  #handle: ConversationHandle | undefined;
  #weir: WeirApi | undefined;
  #room: RoomKey | undefined;

  constructor(host: ReactiveControllerHost) {
    this.#live = new LiveController(host);
    host.addController(this);
  }

  get value(): Conversation | undefined {
    return this.#live.value;
  }

  show(weir: WeirApi | undefined, room: RoomKey | undefined): void {
    if (weir === this.#weir && room === this.#room) return;
    this.#close();
    this.#weir = weir;
    this.#room = room;
    this.#open();
  }

  hostConnected(): void {
    this.#open();
  }

  hostDisconnected(): void {
    this.#close();
  }

  #open(): void {
    if (this.#handle || !this.#weir || !this.#room) return;
    this.#handle = this.#weir.rooms.open(this.#room);
    this.#live.watch(this.#handle.live);
  }

  #close(): void {
    this.#live.watch(undefined);
    this.#handle?.close();
    this.#handle = undefined;
  }
}
