import type { RoomKey } from '../../shared/brand.ts';
import type { MessageItem } from './api.ts';

/** What a message that is being written answers. */
export type ReplyTarget = Pick<MessageItem, 'id' | 'author' | 'text'>;

/** Unsent text per room, and what it answers, for as long as the page lives. */
export class Drafts {
  readonly #texts = new Map<RoomKey, string>();
  readonly #replies = new Map<RoomKey, ReplyTarget>();

  get(room: RoomKey): string {
    return this.#texts.get(room) ?? '';
  }

  set(room: RoomKey, text: string): void {
    if (text === '') this.#texts.delete(room);
    else this.#texts.set(room, text);
  }

  replyTo(room: RoomKey): ReplyTarget | undefined {
    return this.#replies.get(room);
  }

  setReplyTo(room: RoomKey, target: ReplyTarget | undefined): void {
    if (target) this.#replies.set(room, target);
    else this.#replies.delete(room);
  }

  /** Gives back a text whose edit was refused, before whatever has been typed since. */
  putBack(room: RoomKey, text: string, replyTo?: ReplyTarget): void {
    const typed = this.get(room);
    this.set(room, typed === '' ? text : `${text}\n${typed}`);
    if (replyTo) this.setReplyTo(room, replyTo);
  }
}
