// Opens a store, and says so before and after: run by store-format.test.ts, with the data directory.
import { writeSync } from 'node:fs';
import { NodeStore } from '../node/store.ts';

const [dataDir = ''] = process.argv.slice(2);
writeSync(1, 'opening\n');
const opened = NodeStore.open(dataDir);
if (!opened.ok) throw new Error(JSON.stringify(opened.error));
writeSync(1, 'opened\n');
await opened.value.close();
