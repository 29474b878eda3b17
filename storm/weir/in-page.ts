/** What is run inside of the app's pages, as text. */
import { TOLD } from '../hook.ts';

/** Makes edits through the app's own way, all at once; each is told as soon as it is accepted. */
export const editExpression = (
  edits: readonly { readonly room: string; readonly text: string }[],
): string => `(async () => {
  const { weir } = document.querySelector('weir-app') ?? {};
  if (!weir) return;
  await Promise.allSettled(${JSON.stringify(edits)}.map(async ({ room, text }) => {
    const result = await weir.rooms.sendMessage(room, text);
    if (result.ok) ${TOLD}(text);
  }));
})()`;

const inDatabase = (body: string): string => `new Promise((done, fail) => {
  const open = indexedDB.open('weir');
  open.onerror = () => fail(open.error);
  open.onsuccess = () => {
    const db = open.result;
    const finish = (value) => { db.close(); done(value); };
    ${body}
  };
})`;

/** Iterations that the path \`rooms\` has begun, ever. */
export const iterationsExpression = inDatabase(`
    const get = db.transaction('lanes').objectStore('lanes').get('rooms');
    get.onsuccess = () => finish(get.result?.iterId ?? 0);`);

/** Whether nothing that only this browser has is owed to the node or to a contract. */
export const drainedExpression = inDatabase(`
    const all = db.transaction('dirty').objectStore('dirty').getAll();
    all.onsuccess = () => finish(all.result.every((marker) => marker.level === 'cache'));`);
