import type { ReadingPlace } from '../state/reading-places.ts';

/** The reader has come to rest: where, or undefined at the end. */
export class ReadingPlaceEvent extends Event {
  static readonly type = 'weir-reading-place';
  readonly place: ReadingPlace | undefined;

  constructor(place: ReadingPlace | undefined) {
    super(ReadingPlaceEvent.type, { bubbles: true, composed: true });
    this.place = place;
  }
}

/** The reader leaves the feed by keyboard (Ctrl+Home, Ctrl+End). */
export class FeedLeftEvent extends Event {
  static readonly type = 'weir-feed-left';
  readonly towards: 'before' | 'after';

  constructor(towards: 'before' | 'after') {
    super(FeedLeftEvent.type, { bubbles: true, composed: true });
    this.towards = towards;
  }
}

declare global {
  interface HTMLElementEventMap {
    'weir-feed-left': FeedLeftEvent;
    'weir-reading-place': ReadingPlaceEvent;
  }
}
