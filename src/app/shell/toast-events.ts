/** Something small to tell the person, with at most one thing to do about it. The window shows it for some seconds. */
export class ToastEvent extends Event {
  static readonly type = 'weir-toast';
  readonly message: string;
  readonly action: ToastAction | undefined;

  constructor(message: string, action?: ToastAction) {
    super(ToastEvent.type, { bubbles: true, composed: true });
    this.message = message;
    this.action = action;
  }
}

export interface ToastAction {
  readonly label: string;
  /** @param screen what is still in the page: it can be told what became of it */
  run(screen: EventTarget): void;
}

declare global {
  interface HTMLElementEventMap {
    'weir-toast': ToastEvent;
  }
}
