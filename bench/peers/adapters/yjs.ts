/** Yjs with y-indexeddb: a document for each room, one `push` for each edit. It does not say when an update is stored. */
import { IndexeddbPersistence } from 'y-indexeddb';
import * as Y from 'yjs';
import type { Message } from '../messages.ts';
import { mount } from '../mount.ts';

/** How many rooms there are: as many documents are opened. */
const ROOMS = 'rooms';
const rooms: Y.Doc[] = [];
const messagesOf = (room: number): Y.Array<Message> => {
  const doc = rooms[room];
  if (!doc) throw new Error(`there is no room ${room}`);
  return doc.getArray<Message>('messages');
};

async function openRooms(): Promise<void> {
  const count = Number(localStorage.getItem(ROOMS) ?? 0);
  await Promise.all(
    Array.from({ length: count }, async (_, i) => {
      const doc = new Y.Doc();
      rooms[i] = doc;
      await new IndexeddbPersistence(`room ${i}`, doc).whenSynced;
    }),
  );
}

mount({
  open: openRooms,
  async seed(messages) {
    localStorage.setItem(ROOMS, String(1 + Math.max(...messages.map(({ room }) => room))));
    await openRooms();
    for (const [room] of rooms.entries()) {
      messagesOf(room).push(messages.filter((each) => each.room === room));
    }
  },
  edit(messages) {
    for (const each of messages) messagesOf(each.room).push([each]);
    return undefined;
  },
  newest: async (room) => messagesOf(room).toArray().at(-1),
  ids: async () => rooms.flatMap((_, room) => messagesOf(room).map(({ id }) => id)),
});
