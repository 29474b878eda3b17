/** The person wants to edit the last message that they wrote (ArrowUp in an empty field). */
export class EditLastEvent extends Event {
  static readonly type = 'weir-edit-last';

  constructor() {
    super(EditLastEvent.type, { bubbles: true, composed: true });
  }
}

declare global {
  interface HTMLElementEventMap {
    'weir-edit-last': EditLastEvent;
  }
}
