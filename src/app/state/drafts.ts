import type { RoomKey } from '../../shared/brand.ts';

/** Unsent text per room, for as long as the page lives. */
export class Drafts {
  readonly #texts = new Map<RoomKey, string>();

  get(room: RoomKey): string {
    return this.#texts.get(room) ?? '';
  }

  set(room: RoomKey, text: string): void {
    if (text === '') this.#texts.delete(room);
    else this.#texts.set(room, text);
  }

  /** Gives back a text whose edit was refused, before whatever has been typed since. */
  putBack(room: RoomKey, text: string): void {
    const typed = this.get(room);
    this.set(room, typed === '' ? text : `${text}\n${typed}`);
  }
}
