import 'fake-indexeddb/auto';
import { WeirDatabase } from './database.ts';

let count = 0;

/** A fresh database over fake-indexeddb, for tests in Node. */
export async function openTestDatabase(): Promise<WeirDatabase> {
  const opened = await WeirDatabase.open(`test-${++count}`);
  if (!opened.ok) throw new Error(opened.error.type);
  return opened.value;
}
