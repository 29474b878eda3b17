/** TinyBase with its IndexedDB persister: one table, one `setRow` for each edit, saved automatically. It does not say when. */
import { createIndexes, createStore } from 'tinybase';
import { createIndexedDbPersister } from 'tinybase/persisters/persister-indexed-db';
import type { Message } from '../messages.ts';
import { mount } from '../mount.ts';

const TABLE = 'messages';
const store = createStore();
const byRoom = createIndexes(store).setIndexDefinition('byRoom', TABLE, 'room', 'at');
const persister = createIndexedDbPersister(store, 'rooms');

const add = ({ id, ...cells }: Message): void => void store.setRow(TABLE, id, cells);

mount({
  // loads first; afterwards each tab loads and saves by itself
  open: async () => void (await persister.startAutoPersisting()),
  async seed(messages) {
    store.transaction(() => messages.forEach(add));
    await persister.save();
  },
  edit(messages) {
    messages.forEach(add);
    return undefined;
  },
  async newest(room) {
    const id = byRoom.getSliceRowIds('byRoom', String(room)).at(-1);
    if (id === undefined) return undefined;
    return { id, ...(store.getRow(TABLE, id) as unknown as Omit<Message, 'id'>) };
  },
  ids: async () => store.getRowIds(TABLE),
});
