import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { equalBytes, utf8, utf8Text } from '../../src/shared/bytes.ts';
import { tempDir } from '../testing/temp-dir.ts';
import { LOAD_DELEGATE, pairOf } from '../testing/write-load-values.ts';
import { NodeStore } from './store.ts';

const WRITER = fileURLToPath(new URL('../testing/write-load.ts', import.meta.url));
const ROUNDS = 15;

/** Starts a writer and kills it (SIGKILL) `afterMs` after its first write. @returns the last transaction it was told is done */
function writeUntilKilled(dataDir: string, first: number, afterMs: number): Promise<number> {
  const child = spawn(process.execPath, ['--import', 'tsx', WRITER, dataDir, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (data: Buffer) => {
    if (output === '') setTimeout(() => child.kill('SIGKILL'), afterMs);
    output += data.toString();
  });
  return new Promise((resolve, reject) => {
    child.on('close', (_code, signal) => {
      const done = output.match(/done \d+(?=\n)/g)?.at(-1);
      if (signal === 'SIGKILL' && done) resolve(Number(done.slice(5)));
      else reject(new Error(`the writer ended by itself (${signal}): ${output}`));
    });
  });
}

test(
  `a store killed in the middle of writing, ${ROUNDS} times over, has every write it acknowledged and no half of another`,
  { timeout: 180_000 },
  async () => {
    const dataDir = tempDir();
    let next = 0;
    for (let round = 0; round < ROUNDS; round++) {
      // other moments of a transaction each time: a fixed sequence spread over some ten transactions
      const acknowledged = await writeUntilKilled(dataDir, next, 20 + ((round * 37) % 60));

      const opened = NodeStore.open(dataDir);
      if (!opened.ok) throw new Error(JSON.stringify(opened.error));
      const store = opened.value;
      const secrets = store.secrets(LOAD_DELEGATE);
      const last = Number(utf8Text(secrets.get(utf8('last')) ?? utf8('-1')));
      // the one in flight may have been made durable without anybody being told
      expect([acknowledged, acknowledged + 1], `round ${round}`).toContain(last);
      for (let n = 0; n <= last; n++) {
        for (const { key, value } of pairOf(n)) {
          expect(equalBytes(secrets.get(key) ?? utf8('nothing'), value), utf8Text(key)).toBe(true);
        }
      }
      for (const { key } of pairOf(last + 1)) expect(secrets.get(key)).toBeUndefined();
      await store.close();
      next = last + 1;
    }
    expect(next).toBeGreaterThan(ROUNDS);
  },
);
