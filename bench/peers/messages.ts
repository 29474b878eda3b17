/** The data of every workload, the same for all: made of numbers alone, in the page as in Node. */

export interface Message {
  readonly id: string;
  readonly room: number;
  /** Later messages have greater numbers. */
  readonly at: number;
  /** Begins with its id and a space. */
  readonly text: string;
}

/** What one message adds to a room in River's own encoding (freenet/river, issue 533). */
export const MESSAGE_BYTES = 956;
/** 400 of them are the 373 KiB of the room in that issue. */
export const MESSAGES_PER_ROOM = 400;

/** One byte each in UTF-8, and not to be compressed by more than a quarter, like what is signed or sealed. */
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const EDITS_FROM = 1_000_000;

/** @param length of the text, bytes */
function textOf(id: string, length: number): string {
  // FNV-1a of the id starts a xorshift of 32 bits
  let state = 0x811c9dc5;
  for (const letter of id) state = Math.imul(state ^ letter.charCodeAt(0), 0x01000193);
  state ||= 1;
  let text = `${id} `;
  while (text.length < length) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    text += LETTERS.charAt(state & 63);
    text += LETTERS.charAt((state >>> 8) & 63);
    text += LETTERS.charAt((state >>> 16) & 63);
  }
  return text.slice(0, length);
}

/** The messages that lie in `rooms` rooms before anything is measured. */
export const seeded = (
  rooms: number,
  perRoom = MESSAGES_PER_ROOM,
  length = MESSAGE_BYTES,
): readonly Message[] =>
  Array.from({ length: rooms * perRoom }, (_, i) => {
    const [room, at] = [i % rooms, Math.floor(i / rooms)];
    const id = `s${room}-${at}`;
    return { id, room, at, text: textOf(id, length) };
  });

/** Edits from the `from`th on, room after room in turn. */
export const edits = (
  from: number,
  count: number,
  rooms: number,
  length = MESSAGE_BYTES,
): readonly Message[] =>
  Array.from({ length: count }, (_, i) => {
    const id = `e${from + i}`;
    return { id, room: i % rooms, at: EDITS_FROM + from + i, text: textOf(id, length) };
  });

export const idOf = (text: string): string => text.slice(0, text.indexOf(' '));
