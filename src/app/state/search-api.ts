import type { Millis, RoomKey } from '../../shared/brand.ts';

/** Looking for words in everything that is stored here. */
export interface SearchApi {
  /**
   * Results as they are found, room by room: each stands in the place of the one before. Nothing is asked of the node. The last one has
   * `read` equal to `of`.
   *
   * @param text words, “phrases” in quotes, `from:name`
   * @param room only in this one
   */
  run(text: string, room?: RoomKey): AsyncGenerator<SearchResults>;
}

export interface SearchResults {
  /** Newest first; at most `MAX_HITS`. */
  readonly hits: readonly SearchHit[];
  readonly total: number;
  /** Rooms that have been looked through, and how many there are. */
  readonly read: number;
  readonly of: number;
}

export const MAX_HITS = 200;

export interface SearchHit {
  readonly room: RoomKey;
  readonly roomName: string;
  /** A message of the room, or one of its direct messages with a member. */
  readonly where:
    | { readonly type: 'message'; readonly id: string }
    | { readonly type: 'dm'; readonly peer: string; readonly peerName: string };
  readonly author: string;
  readonly mine: boolean;
  readonly at: Millis;
  /** The words around the first find. */
  readonly text: string;
  /** What was found of `text`: from, to. */
  readonly marks: readonly (readonly [number, number])[];
}
