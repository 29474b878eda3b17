import type { Millis, RoomKey } from '../shared/brand.ts';

/**
 * What is known of one earlier delegate. `unknown`: to be asked. `unreachable`: it does not answer. `partial`: it answers, but
 * something of it is not taken in. `imported-local`: all of it is in this browser. Final are only `empty` (it said so itself),
 * `imported` (durable receipts cover everything) and `superseded` (never asked: the delegate in use had rooms already).
 */
export type Verdict =
  | 'unknown'
  | 'unreachable'
  | 'partial'
  | 'empty'
  | 'imported-local'
  | 'imported'
  | 'superseded';

/** How far the migration from one earlier delegate is. Old data is never touched. */
export interface GenerationRow {
  /** Where it is migrated to, as receipts name it. */
  readonly target: string;
  /** Of the registry that it was taken from. */
  readonly fingerprint: string;
  /** Its key, hex. */
  readonly delegate: string;
  readonly version: string;
  /** Older delegates rank lower. */
  readonly rank: number;
  readonly verdict: Verdict;
  /** Why the verdict is not final, in words for a person. */
  readonly reason?: string;
  readonly attempts: number;
  readonly at: Millis;
  readonly nextTryAt?: Millis;
  /** One for each value that it has given. */
  readonly found: readonly FoundValue[];
}

/** One value that an earlier delegate gave, and what has become of it. */
export interface FoundValue {
  /** Its storage key; a room inside of the one blob is `rooms_data/room:<RoomKey>`. */
  readonly key: string;
  /** SHA-256 of the stored value, hex. */
  readonly hash: string;
  readonly room?: RoomKey;
  /** `left`: the delegate had a tombstone for the room. */
  readonly held: 'room' | 'left' | 'other';
  /** Of the copy: a room in the one blob is older than one under its own key. */
  readonly rank: number;
  /** The person's public key in the room, base58. */
  readonly identity?: string;
  /** The room was not here before. */
  readonly created?: true;
  /**
   * `imported`: in the rows, up to `seq` of the marker of its room, of the direct messages, or of the list of rooms. `noted`: nothing
   * had to be stored. `set-aside`: it is no valid value, and in quarantine.
   */
  readonly fate: 'imported' | 'noted' | 'set-aside';
  readonly seq?: number;
  readonly reason?: string;
}

/**
 * The search for one room under its earlier contract keys. It is begun when the contract of now is found without the room, and
 * says what has become of each earlier one: killed anywhere, the next worker goes on from it.
 */
export interface RoomSearchRow {
  readonly room: RoomKey;
  /** The contract of now: its instance id, base58. */
  readonly target: string;
  readonly since: Millis;
  /** Newest first. None: the room was made under the contract of now. */
  readonly contracts: readonly EarlierContract[];
}

/** One earlier contract of a room, or one that an upgrade pointer has named. */
export interface EarlierContract {
  /** Instance id, base58. */
  readonly id: string;
  /** BLAKE3 of its module, hex; absent where only a pointer has named it. */
  readonly codeHash?: string;
  readonly version: string;
  /**
   * `unknown`: to be asked. `silent`: there was no answer, which says nothing: it is asked again. `absent`: the node has
   * answered that it holds no room. `invalid`: it holds something that is no valid room. `merged`: what it holds is in the rows.
   */
  readonly verdict: 'unknown' | 'silent' | 'absent' | 'invalid' | 'merged';
  /** In words for a person, for `silent`, `invalid`, and a refused pointer. */
  readonly reason?: string;
  readonly attempts: number;
  readonly at: Millis;
  readonly nextTryAt?: Millis;
  /** Of the marker on the path `contracts` that what was new in it is owed under. */
  readonly seq?: number;
  /** The owner's pointer from it to the contract of now. */
  readonly pointer?: 'owed' | 'there' | 'refused';
}
