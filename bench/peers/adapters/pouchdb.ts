/** PouchDB: one database, one `put` for each edit. A room is a range of ids. */
import PouchDB from 'pouchdb-browser';
import type { Message } from '../messages.ts';
import { mount } from '../mount.ts';

interface Document extends Message {
  readonly _id: string;
}

const db = new PouchDB<Message>('rooms');
const padded = (number: number): string => String(number).padStart(9, '0');
const documentOf = (message: Message): Document => ({
  ...message,
  _id: `${padded(message.room)}/${padded(message.at)}/${message.id}`,
});

mount({
  open: async () => void (await db.info()),
  async seed(messages) {
    for (const answer of await db.bulkDocs(messages.map(documentOf))) {
      if (!('ok' in answer)) throw new Error(`${answer.id ?? 'a document'} was not stored`);
    }
  },
  async edit(messages, stored) {
    await Promise.all(
      messages.map(async (each) => {
        await db.put(documentOf(each));
        stored(each.id);
      }),
    );
  },
  async newest(room) {
    const { rows } = await db.allDocs({
      startkey: `${padded(room)}/\uffff`,
      endkey: padded(room),
      descending: true,
      limit: 1,
      include_docs: true,
    });
    return rows[0]?.doc;
  },
  ids: async () => (await db.allDocs()).rows.map(({ id }) => id.slice(id.lastIndexOf('/') + 1)),
});
