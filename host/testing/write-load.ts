// Writes to a store without pause until it is killed: run by store-kill.test.ts, with the data directory and a round number.
// Each transaction adds two secrets and changes one; `done N` is printed when transaction N is committed.
import { writeSync } from 'node:fs';
import { NodeStore } from '../node/store.ts';
import { LOAD_DELEGATE, lastOf, pairOf } from './write-load-values.ts';

const [dataDir = '', first = '0'] = process.argv.slice(2);
const opened = NodeStore.open(dataDir);
if (!opened.ok) throw new Error(JSON.stringify(opened.error));
const store = opened.value;
const secrets = store.secrets(LOAD_DELEGATE);

for (let n = Number(first); ; n++) {
  await store.commit(() => {
    for (const { key, value } of pairOf(n)) secrets.set(key, value);
    secrets.set(lastOf(n).key, lastOf(n).value);
  });
  // synchronously: a write that is still in a buffer when the process dies was not promised to anybody
  writeSync(1, `done ${n}\n`);
}
