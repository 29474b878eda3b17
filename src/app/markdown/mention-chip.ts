import { html, type TemplateResult } from 'lit';

/** Somebody who is mentioned in a message. */
export interface Mentioned {
  /** Member id, as a signed decimal; absent for somebody who is not known in the room. */
  readonly id?: string;
  /** As it is shown: of now, where the person is known. */
  readonly name: string;
  readonly isSelf: boolean;
}

/** The reader wants to know who somebody is that is mentioned. */
export class PersonChosenEvent extends Event {
  static readonly type = 'weir-person-chosen';
  /** Member id, as a signed decimal. */
  readonly id: string;

  constructor(id: string) {
    super(PersonChosenEvent.type, { bubbles: true, composed: true });
    this.id = id;
  }
}

/** The name with what leads to the person; without for somebody unknown. */
export function mentionChip({ id, name, isSelf }: Mentioned): TemplateResult {
  const look = `mention ${isSelf ? 'self' : ''}`;
  return id === undefined
    ? html`<span class=${look}>@<bdi>${name}</bdi></span>`
    : html`<button
        class=${look}
        type="button"
        @click=${(event: Event) => event.currentTarget?.dispatchEvent(new PersonChosenEvent(id))}
      >
        @<bdi>${name}</bdi>
      </button>`;
}

declare global {
  interface HTMLElementEventMap {
    'weir-person-chosen': PersonChosenEvent;
  }
}
