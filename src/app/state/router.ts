import type { RoomKey } from '../../shared/brand.ts';
import { id32FromBase58 } from '../../shared/bytes.ts';
import { LiveValue, type LiveQuery } from '../../shared/live-query.ts';

/** What the address names. `lost`: an address that Weir has nothing for. */
export type Route =
  | { readonly type: 'home' }
  /** `message`: one of its messages is to be shown. */
  | { readonly type: 'room'; readonly room: RoomKey; readonly message?: string }
  /** Its direct messages: with one member, or the list of conversations. */
  | { readonly type: 'dms'; readonly room: RoomKey; readonly peer?: string }
  /** Words in messages; `room`: where one came from. */
  | { readonly type: 'search'; readonly words: string; readonly room?: RoomKey }
  /** How saving stands. */
  | { readonly type: 'doctor' }
  | { readonly type: 'lost'; readonly path: string };

/** The part of the browser's history that routing needs. `pushed`: this entry was made by the app, so "back" stays inside. */
export interface AddressBar {
  path(): string;
  /** What follows `?`, without it. */
  query(): string;
  pushed(): boolean;
  push(path: string): void;
  replace(path: string): void;
  back(): void;
  onMove(listener: () => void): () => void;
}

/**
 * `/` is home, `/room/<base58 of 32 bytes>` a room, `…/m/<message id>` one of its messages, `…/dm` and `…/dm/<member id>` its direct
 * messages, `/search?q=<words>&room=<room>` the search, `/doctor` how saving stands; a trailing slash is forgiven.
 */
export function parseRoute(path: string, query = ''): Route {
  const parts = path.split('/').filter((part) => part !== '');
  const [folder, key] = parts;
  if (folder === undefined || (folder === 'index.html' && key === undefined))
    return { type: 'home' };
  const { length } = parts;
  if (folder === 'doctor' && length === 1) return { type: 'doctor' };
  if (folder === 'search' && length === 1) return searchRoute(new URLSearchParams(query));
  if (folder === 'room' && key !== undefined && id32FromBase58(key)) {
    const room = key as RoomKey;
    const [what, id] = parts.slice(2);
    if (length === 2) return { type: 'room', room };
    if (what === 'dm' && id === undefined) return { type: 'dms', room };
    if (length === 4 && id !== undefined && isId(id)) {
      if (what === 'dm') return { type: 'dms', room, peer: id };
      if (what === 'm') return { type: 'room', room, message: id };
    }
  }
  return { type: 'lost', path };
}

/** A signed decimal of 64 bits, written the one way. */
const isId = (text: string): boolean =>
  /^-?\d{1,19}$/.test(text) && String(BigInt.asIntN(64, BigInt(text))) === text;

function searchRoute(query: URLSearchParams): Route {
  const words = query.get('q') ?? '';
  const room = query.get('room');
  if (room === null || !id32FromBase58(room)) return { type: 'search', words };
  return { type: 'search', words, room: room as RoomKey };
}

/** The code in the query of an invitation link, if it is one. */
export const invitationIn = (query: string): string | undefined =>
  new URLSearchParams(query).get('invitation') ?? undefined;

export const roomPath = (room: RoomKey): string => `/room/${room}`;

export const messagePath = (room: RoomKey, message: string): string => `/room/${room}/m/${message}`;

export const searchPath = (words: string, room?: RoomKey): string =>
  `/search?${new URLSearchParams({ ...(words !== '' && { q: words }), ...(room !== undefined && { room }) }).toString()}`;

export const dmsPath = (room: RoomKey, peer?: string): string =>
  `/room/${room}/dm${peer === undefined ? '' : `/${peer}`}`;

/** Keeps the route and the address in step. */
export class Router {
  readonly #bar: AddressBar;
  readonly #route: LiveValue<Route> = new LiveValue();

  constructor(bar: AddressBar) {
    this.#bar = bar;
    this.#read();
    bar.onMove(() => this.#read());
  }

  get route(): LiveQuery<Route> {
    return this.#route;
  }

  /** Opens a room; from room to room the history keeps one entry, so that "back" leads to the list at once. */
  openRoom(room: RoomKey): void {
    const path = roomPath(room);
    if (path === this.#bar.path()) return;
    if (this.#route.current?.type === 'room') this.#bar.replace(path);
    else this.#bar.push(path);
    this.#route.set(parseRoute(path));
  }

  /** Opens a room at one of its messages: "back" leads to where one was. */
  openMessage(room: RoomKey, message: string): void {
    const path = messagePath(room, message);
    if (path !== this.#bar.path()) this.#bar.push(path);
    this.#read();
  }

  openSearch(words: string, room?: RoomKey): void {
    if (this.#route.current?.type !== 'search') this.#bar.push(searchPath(words, room));
    this.#read();
  }

  /** What is looked for, as it is typed: a reload, and "back" from a message that was found, look for it again. */
  typeSearch(words: string, room?: RoomKey): void {
    this.#bar.replace(searchPath(words, room));
    this.#read();
  }

  /** Opens a room's direct messages: "back" leads to where one was. */
  openDms(room: RoomKey, peer?: string): void {
    const path = dmsPath(room, peer);
    if (path === this.#bar.path()) return;
    this.#bar.push(path);
    this.#route.set(parseRoute(path));
  }

  /** From direct messages to where one came from, or to their room. */
  leaveDms(room: RoomKey): void {
    this.#leaveTo(roomPath(room));
  }

  /** The code of an invitation whose link was opened. It stays in the address, so that a reload asks again, until it is forgotten. */
  get invitation(): string | undefined {
    return invitationIn(this.#bar.query());
  }

  /** Takes the code, which is as good as a key, out of the address and this entry of the history. */
  forgetInvitation(): void {
    if (this.invitation !== undefined) this.#bar.replace(this.#bar.path());
  }

  openDoctor(): void {
    if (this.#route.current?.type === 'doctor') return;
    this.#bar.push('/doctor');
    this.#route.set({ type: 'doctor' });
  }

  /** To the list of rooms: back in history when that is where one came from. */
  leaveRoom(): void {
    this.#leaveTo('/');
  }

  /** Back, where one came from inside of the app; else `path` takes the place of this entry. */
  #leaveTo(path: string): void {
    if (this.#bar.pushed()) {
      this.#bar.back();
      return;
    }
    this.#bar.replace(path);
    this.#read();
  }

  #read(): void {
    this.#route.set(parseRoute(this.#bar.path(), this.#bar.query()));
  }
}

export function browserAddressBar(window: Window): AddressBar {
  const { history, location } = window;
  return {
    path: () => location.pathname,
    query: () => location.search.slice(1),
    pushed: () => (history.state as { readonly weir?: unknown } | null)?.weir === true,
    push: (path) => history.pushState({ weir: true }, '', path),
    replace: (path) => history.replaceState(history.state, '', path),
    back: () => history.back(),
    onMove(listener) {
      window.addEventListener('popstate', listener);
      return () => window.removeEventListener('popstate', listener);
    },
  };
}
