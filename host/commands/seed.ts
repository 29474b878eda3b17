import { idText } from '../../src/freenet/keys.ts';
import { DelegateClient } from '../seed/delegate-client.ts';
import type { SeedFile } from '../seed/seed-file.ts';
import { BadSeedFile, readSeedFile } from '../seed/seed-file.ts';
import { seedDelegate } from '../seed/seeder.ts';
import { misuse } from './command-error.ts';
import { DEFAULT_PORT, seedHelp } from './help.ts';
import { parseOptions } from './options.ts';
import type { Output } from './output.ts';

/** @throws CommandError */
export async function seed(args: readonly string[], output: Output): Promise<void> {
  const { values, positionals } = parseOptions('seed', args, {
    url: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  });
  if (values.help) {
    output.line(seedHelp());
    return;
  }
  const [path, ...more] = positionals;
  if (path === undefined) throw misuse('seed needs a FILE (see weir seed --help)');
  if (more.length > 0) throw misuse(`seed takes one FILE, not ${positionals.length}`);
  const url = parseUrl(values.url ?? `http://localhost:${DEFAULT_PORT}`);
  const file = readFile(path);

  const client = await DelegateClient.connect(url, file.contractId);
  try {
    const { stored, alreadyThere, otherKeys } = await seedDelegate(file, client);
    output.line(`Seeded ${url.origin} for the web app ${idText(file.contractId)}:`);
    output.line(`  requests: ${stored} stored, ${alreadyThere} already there`);
    const others = otherKeys > 0 ? `; ${otherKeys} others on the node` : '';
    output.line(`  keys: ${file.keysAfter.length} as the file lists them${others}`);
    output.line(`  delegate: ${idText(client.key.key)}`);
  } finally {
    client.close();
  }
}

function readFile(path: string): SeedFile {
  try {
    return readSeedFile(path);
  } catch (error) {
    if (error instanceof BadSeedFile) throw misuse(`${path}: ${error.message}`);
    throw error;
  }
}

function parseUrl(text: string): URL {
  if (URL.canParse(text)) {
    const url = new URL(text);
    if (url.protocol === 'http:') return url;
  }
  throw misuse(`--url ${text}: an address like http://localhost:${DEFAULT_PORT} is needed`);
}
