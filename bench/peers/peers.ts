/** Everybody who is measured, in the order of the tables. */
import { readFileSync } from 'node:fs';
import type { PageSpec } from './page-subject.ts';

const manifest = JSON.parse(readFileSync(new URL('./package.json', import.meta.url), 'utf8')) as {
  readonly dependencies: Readonly<Record<string, string>>;
};

/** Packages with their versions, as the tables name a peer. */
const titled = (...packages: readonly string[]): string =>
  packages.map((name) => `${name} ${manifest.dependencies[name] ?? ''}`).join(' + ');

export interface PagePeer extends PageSpec {
  /** Script by script: its file, from this folder. The page is that of the first. */
  readonly scripts: Readonly<Record<string, string>>;
  /** Whether it is made of packages of others. */
  readonly isPackage: boolean;
}

const ALL = ['burst', 'cold', 'storm'] as const;

const fromPackages = (
  name: string,
  packages: readonly string[],
  more: Partial<PagePeer> = {},
): PagePeer => ({
  name,
  title: titled(...packages),
  scripts: { [name]: `./adapters/${name}.ts` },
  isPackage: true,
  workloads: ALL,
  acknowledges: true,
  ...more,
});

export const PEERS: readonly PagePeer[] = [
  {
    name: 'indexeddb',
    title: 'floor: one transaction of rows',
    scripts: { indexeddb: './lines/indexeddb.ts' },
    isPackage: false,
    workloads: ALL,
    acknowledges: true,
  },
  // its tabs are one that writes and others that only read, so that it has no storm
  {
    name: 'river-before',
    title: 'River before it coalesced (line)',
    scripts: { 'river-before': './lines/river-before.ts' },
    isPackage: false,
    workloads: ['burst'],
    acknowledges: true,
    server: 'node',
  },
  {
    name: 'river-after',
    title: 'River since it coalesces (line)',
    scripts: { 'river-after': './lines/river-after.ts' },
    isPackage: false,
    workloads: ['burst', 'cold'],
    acknowledges: true,
    server: 'node',
  },
  fromPackages('workbox', ['workbox-background-sync'], {
    scripts: {
      workbox: './adapters/workbox.ts',
      'workbox-worker': './adapters/worker/workbox-worker.ts',
    },
    workloads: ['burst', 'storm'],
    server: 'edits',
  }),
  fromPackages('automerge', ['@automerge/automerge-repo']),
  fromPackages('yjs', ['yjs', 'y-indexeddb'], { acknowledges: false }),
  fromPackages('rxdb', ['rxdb', 'dexie']),
  fromPackages('dexie', ['dexie']),
  fromPackages('pouchdb', ['pouchdb-browser']),
  fromPackages('tinybase', ['tinybase'], { acknowledges: false }),
];
