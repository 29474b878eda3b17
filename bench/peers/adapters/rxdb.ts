/** RxDB over its free Dexie storage: one collection, one `insert` for each edit. Tabs share it (`multiInstance`). */
import { createRxDatabase, type RxCollection } from 'rxdb/plugins/core';
import { getRxStorageDexie } from 'rxdb/plugins/storage-dexie';
import type { Message } from '../messages.ts';
import { mount } from '../mount.ts';

const schema = {
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: {
    id: { type: 'string', maxLength: 40 },
    room: { type: 'number', minimum: 0, maximum: 1_000, multipleOf: 1 },
    at: { type: 'number', minimum: 0, maximum: 100_000_000, multipleOf: 1 },
    text: { type: 'string' },
  },
  required: ['id', 'room', 'at', 'text'],
  indexes: [['room', 'at']],
} as const;

let messages: RxCollection<Message>;

mount({
  async open() {
    const db = await createRxDatabase({ name: 'rooms', storage: getRxStorageDexie() });
    ({ messages } = await db.addCollections({ messages: { schema } }));
  },
  async seed(all) {
    const { error } = await messages.bulkInsert([...all]);
    if (error.length > 0) throw new Error(`${error.length} messages were not inserted`);
  },
  async edit(all, stored) {
    await Promise.all(
      all.map(async (each) => {
        await messages.insert(each);
        stored(each.id);
      }),
    );
  },
  async newest(room) {
    const [found] = await messages
      .find({ selector: { room }, sort: [{ room: 'desc' }, { at: 'desc' }], limit: 1 })
      .exec();
    return found?.toJSON();
  },
  ids: async () => (await messages.find().exec()).map(({ id }) => id),
});
