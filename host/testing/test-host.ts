import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { HostOptions, RunningHost } from '../serve.ts';
import { startHost } from '../serve.ts';
import { tempDir } from './temp-dir.ts';

/** The files of an app, as a build leaves them. */
export function testApp(): string {
  const dir = tempDir();
  mkdirSync(join(dir, 'assets'));
  mkdirSync(join(dir, 'icons'));
  writeFileSync(join(dir, 'index.html'), '<!doctype html><title>the page</title>');
  writeFileSync(join(dir, 'sw.js'), '// the worker');
  writeFileSync(join(dir, 'manifest.webmanifest'), '{"id":"/"}');
  writeFileSync(join(dir, 'assets', 'app-1a2b.js'), 'export {};');
  writeFileSync(join(dir, 'icons', 'mark.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  writeFileSync(join(dir, '.secret'), 'not for anybody');
  return dir;
}

/** A host on a free port with data of its own; stopped when the test is over. */
export async function testHost(options: Partial<HostOptions> = {}): Promise<RunningHost> {
  const host = await startHost({
    port: 0,
    dataDir: options.dataDir ?? tempDir(),
    appDir: options.appDir ?? testApp(),
    delegateWasm: new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]),
    ...options,
  });
  if (!host.ok) throw new Error(JSON.stringify(host.error));
  onTestFinished(() => host.value.close());
  return host.value;
}

export const nodeUrl = (host: RunningHost, token?: string): string =>
  `ws://localhost:${host.port}/v1/contract/command?encodingProtocol=native` +
  (token === undefined ? '' : `&authToken=${token}`);

/** A token for a web app, from the header of its shell page. */
export async function mintToken(host: RunningHost, contractId: string): Promise<string> {
  const response = await fetch(`${host.url}/v1/contract/web/${contractId}/`);
  return (response.headers.get('authorization') ?? '').replace('Bearer ', '');
}
