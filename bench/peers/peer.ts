/** What each peer can do in its page, whatever it is made of. */
import type { Message } from './messages.ts';

export interface Peer {
  /** Opens what is stored here, until an edit may be made. */
  open(): Promise<void>;
  /** Puts many messages at once, in the way that the peer has for that, until they are stored. */
  seed(messages: readonly Message[]): Promise<void>;
  /**
   * Makes each edit by a call of its own, all in this task: nothing is awaited between them.
   *
   * @param stored told each edit that the peer itself has called stored
   * @returns resolves when it has said so of all; undefined: it says so of none
   */
  edit(messages: readonly Message[], stored: (id: string) => void): Promise<void> | undefined;
  /** The newest message of a room. */
  newest(room: number): Promise<Message | undefined>;
  /** The ids of all messages that are there. */
  ids(): Promise<readonly string[]>;
  /** Sends what was kept for the server; absent where there is nothing to send, or it goes by itself. */
  deliver?(): Promise<void>;
}

/** How all edits of one burst went, as the page saw it. */
export interface Burst {
  /** By the clock of the machine, ms since 1970. */
  readonly from: number;
  /** When the peer had called all of them stored; null: it does not say, or was not done in time. */
  readonly acknowledgedAt: number | null;
  /** How many it had called stored by then; null: it does not say. */
  readonly acknowledged: number | null;
}
