/** The person wants to go back to where they came from: to the list of rooms, or out of a screen beside the rooms. */
export class BackChosenEvent extends Event {
  static readonly type = 'weir-back-chosen';

  constructor() {
    super(BackChosenEvent.type, { bubbles: true, composed: true });
  }
}

declare global {
  interface HTMLElementEventMap {
    'weir-back-chosen': BackChosenEvent;
  }
}
