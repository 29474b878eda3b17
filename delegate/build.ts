// Compiles the chat delegate and makes sure that what came out is a registered generation.
//   node --import tsx delegate/build.ts
import { compileDelegate } from './compile.ts';
import { readGenerations, unregistered } from './generations.ts';

const why = unregistered(await compileDelegate(), readGenerations());
if (why !== undefined) {
  process.stderr.write(`${why}\n`);
  process.exitCode = 1;
}
