// Runs recorded vectors against what Weir has.
//   npm run -s conformance -- [--delegate FILE.wasm] [--over-websocket [--contract FILE.wasm]] FILE...
// With --over-websocket the cases are played on a running node, as its clients do.
// A file is JSON, or JSON gzipped; which form it has is told by what is in it.
import { runConformance } from './conformance/command.ts';

const passed = await runConformance(process.argv.slice(2), (line) => {
  process.stdout.write(`${line}\n`);
});
if (!passed) process.exitCode = 1;
