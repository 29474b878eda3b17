import type { MessageItem } from './api.ts';

/** What a message that is being written answers. */
export type ReplyTarget = Pick<MessageItem, 'id' | 'author' | 'text'>;

/** Unsent text per place (a room's key, or a conversation's), and what it answers, for as long as the page lives. */
export class Drafts {
  readonly #texts = new Map<string, string>();
  readonly #replies = new Map<string, ReplyTarget>();

  get(where: string): string {
    return this.#texts.get(where) ?? '';
  }

  set(where: string, text: string): void {
    if (text === '') this.#texts.delete(where);
    else this.#texts.set(where, text);
  }

  replyTo(where: string): ReplyTarget | undefined {
    return this.#replies.get(where);
  }

  setReplyTo(where: string, target: ReplyTarget | undefined): void {
    if (target) this.#replies.set(where, target);
    else this.#replies.delete(where);
  }

  /** Gives back a text whose edit was refused, before whatever has been typed since. */
  putBack(where: string, text: string, replyTo?: ReplyTarget): void {
    const typed = this.get(where);
    this.set(where, typed === '' ? text : `${text}\n${typed}`);
    if (replyTo) this.setReplyTo(where, replyTo);
  }
}
