/**
 * What a person can do with one message. `menu` and `emoji` open the list of actions, and of reactions. `retry`, `rewrite` and
 * `discard`: with one that the room did not take.
 */
export type MessageAct =
  | { readonly type: 'reply' | 'edit' | 'delete' | 'copy' | 'link' | 'details' | 'menu' | 'emoji' }
  | { readonly type: 'retry' | 'rewrite' | 'discard' }
  | { readonly type: 'react'; readonly emoji: string };

/** The person wants to do something with a message. */
export class MessageActEvent extends Event {
  static readonly type = 'weir-message-act';
  readonly id: string;
  readonly act: MessageAct;
  /** What the person pressed: a list opens beside it, and the focus comes back to it. */
  readonly from: HTMLElement;

  constructor(id: string, act: MessageAct, from: HTMLElement) {
    super(MessageActEvent.type, { bubbles: true, composed: true });
    this.id = id;
    this.act = act;
    this.from = from;
  }
}

declare global {
  interface HTMLElementEventMap {
    'weir-message-act': MessageActEvent;
  }
}
