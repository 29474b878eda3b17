/** Dexie: one table, one `add` for each edit. */
import { Dexie, type EntityTable } from 'dexie';
import type { Message } from '../messages.ts';
import { mount } from '../mount.ts';

const db = new Dexie('rooms') as Dexie & { messages: EntityTable<Message, 'id'> };
db.version(1).stores({ messages: 'id, [room+at]' });

mount({
  open: async () => void (await db.open()),
  seed: async (messages) => void (await db.messages.bulkAdd([...messages])),
  async edit(messages, stored) {
    await Promise.all(messages.map(async (each) => stored(await db.messages.add(each))));
  },
  newest: (room) =>
    db.messages.where('[room+at]').between([room, Dexie.minKey], [room, Dexie.maxKey]).last(),
  ids: () => db.messages.toCollection().primaryKeys(),
});
