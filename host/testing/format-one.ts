import { join } from 'node:path';
import { mkdirSync } from 'node:fs';
import { open } from 'lmdb';
import { secretsId } from '../../src/freenet/keys.ts';
import { concatBytes, utf8 } from '../../src/shared/bytes.ts';

const BINARY = { encoding: 'binary', keyEncoding: 'binary' } as const;

const TABLES = [
  'meta',
  'delegates',
  'secrets',
  'user-secrets',
  'contracts',
  'contract-states',
] as const;

export interface OldSecret {
  /** Whose it is: the delegate key, or a person's id and the delegate key. */
  readonly scope: Uint8Array;
  readonly table: 'secrets' | 'user-secrets';
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/** A store as Weir wrote it in format 1: u32 LE length of the key, the key and the value in one record. */
export async function writeFormatOne(
  dataDir: string,
  secrets: readonly OldSecret[],
  extra: (
    put: (table: (typeof TABLES)[number], key: Uint8Array, record: Uint8Array) => void,
  ) => void = () => undefined,
): Promise<void> {
  const dir = join(dataDir, 'node');
  mkdirSync(dir, { recursive: true });
  const root = open<Uint8Array, Uint8Array>({ path: dir, overlappingSync: false, ...BINARY });
  const tables = new Map(
    TABLES.map((name) => [name, root.openDB<Uint8Array, Uint8Array>(name, BINARY)]),
  );
  const put = (table: (typeof TABLES)[number], key: Uint8Array, record: Uint8Array): void => {
    tables.get(table)?.putSync(key, record);
  };
  root.transactionSync(() => {
    put('meta', utf8('format'), utf8('1'));
    for (const { scope, table, key, value } of secrets) {
      const length = new Uint8Array(4);
      new DataView(length.buffer).setUint32(0, key.length, true);
      put(table, concatBytes([scope, secretsId(key).hash]), concatBytes([length, key, value]));
    }
    extra(put);
  });
  await root.close();
}
