import type { Dice } from '../../src/river/testing/dice.ts';

/** Rooms keep a hundred messages: with fewer written into each, none is ever missing because newer ones came. */
const MESSAGES_PER_ROOM = 80;

/** What the page was told of an edit, as this process has heard it. */
export type Fate =
  /** It was asked for, and the page was gone before anything was heard: it may be there, once, or not at all. */
  | { readonly type: 'unheard' }
  /** Stored, said the app; `seq` is its token's. */
  | { readonly type: 'accepted'; readonly seq: number }
  /** Not stored, said the app, and why. */
  | { readonly type: 'refused'; readonly why: string };

export type EditKind = 'message' | 'name' | 'room';

/** One edit that a page was asked to make. */
export interface Edit {
  readonly kind: EditKind;
  /** Unique in the run: a message's text, or a room's name. */
  readonly text: string;
  /** The room's key; of a room that is being made, once the page has told it. */
  room: string | undefined;
  fate: Fate;
  /** How often the browser's storage had been deleted before: its numbers begin anew with each time. */
  readonly era: number;
  /** Set when it was in this browser only and the browser's storage was deleted, of which the app has told. */
  gone?: true;
}

/** Every edit of a run and what the page was told of it: kept here, outside of the browser and of the host. */
export class Ledger {
  readonly edits: Edit[] = [];
  era = 0;
  readonly #dice: Dice;

  constructor(dice: Dice) {
    this.#dice = dice;
  }

  /** Rooms that exist for sure, the newest last. */
  get rooms(): readonly string[] {
    return this.edits.flatMap(({ kind, room, fate, gone }) =>
      kind === 'room' && room !== undefined && fate.type === 'accepted' && !gone ? [room] : [],
    );
  }

  of(kind: EditKind): readonly Edit[] {
    return this.edits.filter((edit) => edit.kind === kind);
  }

  count(type: Fate['type']): number {
    return this.edits.filter(({ fate }) => fate.type === type).length;
  }

  /** The next edit: a room where none has space for messages, else mostly messages. */
  next(): Edit {
    const n = this.edits.length + 1;
    const open = this.rooms.slice(-6).filter((room) => this.#messagesIn(room) < MESSAGES_PER_ROOM);
    const makesRoom = open.length < 3 && !this.#isMakingRoom();
    const kind =
      makesRoom || open.length === 0 ? 'room' : this.#dice.chance(0.08) ? 'name' : 'message';
    const room = kind === 'room' ? undefined : this.#dice.pick(open);
    const text = kind === 'message' ? `message ${n}` : `room ${n}`;
    const edit: Edit = { kind, text, room, fate: { type: 'unheard' }, era: this.era };
    this.edits.push(edit);
    return edit;
  }

  #messagesIn(room: string): number {
    return this.edits.filter((edit) => edit.kind === 'message' && edit.room === room).length;
  }

  /** One that was never heard of again must not keep others from being made. */
  #isMakingRoom(): boolean {
    return this.edits
      .slice(-8)
      .some(({ kind, fate }) => kind === 'room' && fate.type === 'unheard');
  }
}
