// The host as a process of its own, that can be killed: told by its parent how to misbehave, and nothing else.
import { readFileSync } from 'node:fs';
import { decodeMisbehaviour } from '../../host/node/misbehaviour-script.ts';
import { startHost } from '../../host/serve.ts';
import { BUILT_DELEGATE } from '../node-process.ts';

const [port = '0', dataDir = '', appDir = ''] = process.argv.slice(2);
const started = await startHost({
  port: Number(port),
  dataDir,
  appDir,
  delegateWasm: readFileSync(BUILT_DELEGATE),
});
if (!started.ok) throw new Error(JSON.stringify(started.error));
const host = started.value;

process.on('message', (message) => {
  const applied = host.misdeeds;
  if (message === 'behave') host.misbehave(undefined);
  else {
    const script = decodeMisbehaviour(message);
    if (!script.ok) throw new Error(`${script.error.path}: ${script.error.reason}`);
    host.misbehave(script.value);
  }
  process.send?.(applied);
});
process.on('disconnect', () => process.exit(0));
process.send?.({ port: host.port });
