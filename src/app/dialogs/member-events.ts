/** The person wants to know more about a member. */
export class MemberChosenEvent extends Event {
  static readonly type = 'weir-member-chosen';
  /** Member id, as a signed decimal. */
  readonly id: string;

  constructor(id: string) {
    super(MemberChosenEvent.type, { bubbles: true, composed: true });
    this.id = id;
  }
}

declare global {
  interface HTMLElementEventMap {
    'weir-member-chosen': MemberChosenEvent;
  }
}
