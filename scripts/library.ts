// Builds what is published of Weir besides the app: weir/river and weir/freenet, as ES modules with types.
//   npm run -s build:library -- [--out DIR]      DIR is emptied; without it dist/lib
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { buildLibrary } from './library/build.ts';

const { values } = parseArgs({ options: { out: { type: 'string', default: 'dist/lib' } } });
await buildLibrary(resolve(values.out));
