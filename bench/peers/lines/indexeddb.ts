/** The floor: all edits of a task as rows of their own in one transaction, and no more. Not a program that anybody has. */
import type { Message } from '../messages.ts';
import { mount } from '../mount.ts';

const STORE = 'messages';
/** Rooms and times are in the key, so that a room is one range. */
const keyOf = ({ room, at, id }: Message): IDBValidKey => [room, at, id];

const settled = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error ?? new Error('failed')));
  });

let db: IDBDatabase;

function write(messages: readonly Message[]): Promise<void> {
  const tx = db.transaction(STORE, 'readwrite', { durability: 'strict' });
  for (const message of messages) tx.objectStore(STORE).put(message, keyOf(message));
  tx.commit();
  return new Promise((resolve, reject) => {
    tx.addEventListener('complete', () => resolve());
    tx.addEventListener('abort', () => reject(tx.error ?? new Error('aborted')));
  });
}

mount({
  async open() {
    const opening = indexedDB.open('rows', 1);
    opening.addEventListener('upgradeneeded', () => opening.result.createObjectStore(STORE));
    db = await settled(opening);
  },
  seed: write,
  async edit(messages, stored) {
    await write(messages);
    for (const { id } of messages) stored(id);
  },
  async newest(room) {
    const range = IDBKeyRange.bound([room], [room, []]);
    const cursor = db.transaction(STORE).objectStore(STORE).openCursor(range, 'prev');
    return (await settled(cursor))?.value as Message | undefined;
  },
  async ids() {
    const all = await settled(db.transaction(STORE).objectStore(STORE).getAll());
    return (all as Message[]).map(({ id }) => id);
  },
});
