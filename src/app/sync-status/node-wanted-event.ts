/** The person wants to see what node this is, and who they are on it. */
export class NodeWantedEvent extends Event {
  static readonly type = 'weir-node-wanted';

  constructor() {
    super(NodeWantedEvent.type, { bubbles: true, composed: true });
  }
}

declare global {
  interface HTMLElementEventMap {
    'weir-node-wanted': NodeWantedEvent;
  }
}
