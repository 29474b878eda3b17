/**
 * What the app's doctor says of itself, as the file that a person exports. Version 1 of its shape; docs/faults.md describes it.
 *
 * A report holds no keys, no message text, and names of rooms only where the person has asked for them. Rooms, and everything else that is
 * named by 32 bytes, are aliases that are good for this one report. Times are ISO 8601, UTC.
 */
import { err, ok, type Result } from './result.ts';

export interface DoctorReport {
  readonly weirReport: 1;
  readonly at: string;
  readonly app: string;
  readonly browser: string;
  /** The person has ticked that names of rooms are in it. */
  readonly hasNames: boolean;
  readonly database: ReportedDatabase;
  readonly markers: readonly ReportedMarker[];
  readonly receipts: readonly ReportedReceipt[];
  readonly bases: readonly ReportedBase[];
  readonly lanes: readonly ReportedLane[];
  readonly migration: readonly ReportedGeneration[];
  readonly quarantine: readonly ReportedQuarantine[];
  readonly workers: ReportedWorkers;
  readonly storage: ReportedStorage;
  readonly node: ReportedNode;
}

export type ReportedDatabase =
  | {
      readonly type: 'open';
      readonly version: number;
      readonly rooms: number;
      readonly left: number;
      readonly messages: number;
    }
  /** Nothing can be read; why, in words. */
  | { readonly type: 'shut'; readonly reason: string };

export interface ReportedFailure {
  readonly code: string;
  readonly sentence: string;
  readonly since: string;
  readonly attempts: number;
  /** Absent: it waits for the person. */
  readonly nextTryAt?: string;
}

export interface ReportedMarker {
  readonly path: string;
  /** An alias. */
  readonly key: string;
  readonly name?: string;
  readonly seq: number;
  readonly since: string;
  /** `news`: others have it too, so it may wait. */
  readonly level: 'edit' | 'news';
  readonly failure?: ReportedFailure;
}

export interface ReportedReceipt {
  readonly path: string;
  readonly key: string;
  readonly outcome: string;
  readonly coverage: number;
  readonly at: string;
  readonly error?: string;
}

export interface ReportedBase {
  readonly path: string;
  readonly key: string;
  readonly generation: string;
  readonly coverage: number;
  readonly at: string;
}

export interface ReportedLane {
  readonly path: string;
  readonly epoch: number;
  readonly iterations: number;
  readonly failure?: ReportedFailure;
}

export interface ReportedGeneration {
  readonly version: string;
  readonly verdict: string;
  readonly reason?: string;
  readonly attempts: number;
  readonly nextTryAt?: string;
  readonly values: number;
}

export interface ReportedQuarantine {
  readonly source: string;
  readonly key: string;
  readonly reason: string;
  readonly bytes: number;
  readonly at: string;
  readonly isResolved: boolean;
}

export interface ReportedWorkers {
  readonly isSupported: boolean;
  /** State and version of each that the browser knows of; a version is absent where it did not answer. */
  readonly known: readonly { readonly state: string; readonly version?: string }[];
  /** Whether one serves this page. */
  readonly controls: boolean;
}

export interface ReportedStorage {
  /** The browser has promised not to delete it by itself; absent where it can't be asked. */
  readonly isPersisted?: boolean;
  /** Bytes of the whole origin. */
  readonly usage?: number;
  readonly quota?: number;
}

export interface ReportedNode {
  readonly isReachable: boolean;
  readonly version?: string;
  readonly isHosted?: boolean;
  readonly startedAt?: string;
  readonly connections?: number;
  readonly storeRequests?: number;
}

/** One thing that a report says, in words. */
export interface Finding {
  readonly level: 'fine' | 'note' | 'trouble';
  readonly sentence: string;
}

const many = (n: number, one: string, more: string): string =>
  `${n.toLocaleString('en')} ${n === 1 ? one : more}`;

/** How a time of the report is said. */
type SayTime = (iso: string) => string;

/** What a report means, for people: troubles first. */
export function explainReport(
  report: DoctorReport,
  time: SayTime = (iso) => iso,
): readonly Finding[] {
  const found = [
    ...explainDatabase(report),
    ...explainWaiting(report, time),
    ...explainLanes(report, time),
    ...explainQuarantine(report),
    ...explainMigration(report),
    ...explainNode(report, time),
    ...explainStorage(report),
    ...explainWorkers(report),
  ];
  const order = ['trouble', 'note', 'fine'] as const;
  return found.sort((a, b) => order.indexOf(a.level) - order.indexOf(b.level));
}

function explainDatabase({ database }: DoctorReport): Finding[] {
  if (database.type === 'shut') {
    const sentence = `The browser’s database can’t be read: ${database.reason} What is in it is not known; nothing was changed.`;
    return [{ level: 'trouble', sentence }];
  }
  const { rooms, left, messages, version } = database;
  const sentence = `The database (version ${version}) holds ${many(rooms, 'room', 'rooms')} with ${many(messages, 'message', 'messages')}${left > 0 ? `, and ${left} that ${left === 1 ? 'was' : 'were'} left` : ''}.`;
  return [{ level: 'fine', sentence }];
}

const PATHS: Readonly<Record<string, string>> = {
  rooms: 'on the node',
  contracts: 'in the room',
  'outbound-dms': 'on the node (direct messages)',
};

function explainWaiting({ database, markers }: DoctorReport, time: SayTime): Finding[] {
  if (database.type === 'shut') return [];
  const edits = markers.filter(({ level }) => level === 'edit');
  if (edits.length === 0) {
    return [{ level: 'fine', sentence: 'No edit waits: a receipt covers each.' }];
  }
  return edits.map(({ path, key, name, since, failure }) => {
    const what = name ?? key;
    const where = PATHS[path] ?? path;
    const waits = `Edits of “${what}” are stored in the browser since ${time(since)} and not proved to be ${where} yet`;
    if (!failure) return { level: 'note', sentence: `${waits}.` };
    return { level: 'trouble', sentence: `${waits}: ${explainFailure(failure, time)}` };
  });
}

function explainFailure({ sentence, attempts, nextTryAt }: ReportedFailure, time: SayTime): string {
  const next = nextTryAt === undefined ? 'it waits for the person' : `next try ${time(nextTryAt)}`;
  return `${sentence} (${many(attempts, 'try', 'tries')}; ${next}).`;
}

const explainLanes = ({ lanes }: DoctorReport, time: SayTime): Finding[] =>
  lanes.flatMap(({ path, failure }) =>
    failure
      ? [
          {
            level: 'trouble',
            sentence: `The path ${path} stands still: ${explainFailure(failure, time)}`,
          },
        ]
      : [],
  );

const explainQuarantine = ({ quarantine }: DoctorReport): Finding[] =>
  quarantine
    .filter(({ isResolved }) => !isResolved)
    .map(({ key, source, reason, bytes }) => ({
      level: 'trouble',
      sentence: `A value (${key} of ${source}, ${bytes} bytes) was set aside: ${reason}. It was not overwritten.`,
    }));

function explainMigration({ migration }: DoctorReport): Finding[] {
  const final = new Set(['empty', 'imported', 'superseded']);
  const open = migration.filter(({ verdict }) => !final.has(verdict));
  if (migration.length === 0) return [];
  if (open.length === 0) {
    return [{ level: 'fine', sentence: 'Nothing of earlier versions is left to be taken over.' }];
  }
  const silent = open.filter(({ verdict }) => verdict === 'unreachable' || verdict === 'unknown');
  const kept = open.filter((each) => !silent.includes(each));
  return [
    ...(silent.length > 0
      ? [
          {
            level: 'note' as const,
            sentence: `${many(silent.length, 'earlier version has', 'earlier versions have')} not answered: whether they hold anything is not known.`,
          },
        ]
      : []),
    ...kept.map(({ version, verdict, reason }) => ({
      level: 'note' as const,
      sentence: `${version} is not taken over yet (${verdict}${reason === undefined ? '' : `: ${reason}`}).`,
    })),
  ];
}

function explainNode({ node }: DoctorReport, time: SayTime): Finding[] {
  if (!node.isReachable) {
    return [{ level: 'trouble', sentence: 'The node does not answer: edits stay in the browser.' }];
  }
  const { version = 'unknown', isHosted, startedAt, storeRequests } = node;
  const whose = isHosted === true ? ', a node of several people' : '';
  const since = startedAt === undefined ? '' : `, up since ${time(startedAt)}`;
  const stores =
    storeRequests === undefined
      ? ''
      : `, with ${many(storeRequests, 'request', 'requests')} to store`;
  return [
    { level: 'fine', sentence: `The node answers (version ${version}${whose}${since}${stores}).` },
  ];
}

function explainStorage({ storage }: DoctorReport): Finding[] {
  const { isPersisted, usage, quota } = storage;
  const found: Finding[] = [];
  if (isPersisted === false) {
    found.push({
      level: 'note',
      sentence:
        'The browser may delete what is stored when space is short: it has not been asked to keep it, or has refused.',
    });
  }
  if (usage !== undefined && quota !== undefined) {
    const isTight = usage > quota * 0.9;
    found.push({
      level: isTight ? 'trouble' : 'fine',
      sentence: `${megabytes(usage)} of ${megabytes(quota)} that the browser allows are used.`,
    });
  }
  return found;
}

const megabytes = (bytes: number): string =>
  `${(bytes / 1_048_576).toLocaleString('en', { maximumFractionDigits: 1 })} MiB`;

function explainWorkers({ app, workers }: DoctorReport): Finding[] {
  if (!workers.isSupported || workers.known.length === 0) {
    return [
      {
        level: 'note',
        sentence: 'No service worker runs here: an open page has to sync by itself.',
      },
    ];
  }
  return workers.known.map(({ state, version }) => {
    const other = version !== undefined && version !== app;
    const named = version === undefined ? 'did not say its version' : `is version ${version}`;
    return {
      level: other ? 'note' : 'fine',
      sentence: `A service worker (${state}) ${named}${other ? `, and the page is ${app}` : ''}.`,
    };
  });
}

/** Why a file is no report: where in it, and what. */
export interface BadReport {
  readonly type: 'BadReport';
  readonly path: string;
  readonly reason: string;
}

/** Longer texts and lists are none that the app has written. */
const MAX_TEXT = 4_000;
const MAX_ROWS = 20_000;

/** Reads a report that somebody hands in; fields that it does not know are passed over. */
export function decodeDoctorReport(value: unknown): Result<DoctorReport, BadReport> {
  try {
    return ok(readReport(value));
  } catch (error) {
    if (!(error instanceof Misread)) throw error;
    return err({ type: 'BadReport', path: error.path, reason: error.message });
  }
}

class Misread extends Error {
  readonly path: string;

  constructor(path: string, reason: string) {
    super(reason);
    this.path = path;
  }
}

/** An object of the report, and where it stands. */
class Fields {
  readonly #fields: Readonly<Record<string, unknown>>;
  readonly #path: string;

  constructor(value: unknown, path: string) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new Misread(path, 'it is no object');
    }
    this.#fields = value as Record<string, unknown>;
    this.#path = path;
  }

  text(name: string): string {
    const value = this.#fields[name];
    if (typeof value === 'string' && value.length <= MAX_TEXT) return value;
    throw new Misread(this.#at(name), `it is no text of at most ${MAX_TEXT} characters`);
  }

  count(name: string): number {
    const value = this.#fields[name];
    if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value;
    throw new Misread(this.#at(name), 'it is no count');
  }

  flag(name: string): boolean {
    const value = this.#fields[name];
    if (typeof value === 'boolean') return value;
    throw new Misread(this.#at(name), 'it is neither true nor false');
  }

  /** The field as an object that holds nothing else than it, or an empty one. */
  maybe<const K extends string, T>(name: K, read: (name: K) => T): { readonly [N in K]?: T } {
    if (this.#fields[name] === undefined) return {};
    return { [name]: read(name) } as { readonly [N in K]: T };
  }

  inner<T>(name: string, read: (fields: Fields) => T): T {
    return read(new Fields(this.#fields[name], this.#at(name)));
  }

  rows<T>(name: string, read: (fields: Fields) => T): T[] {
    const value = this.#fields[name];
    if (!Array.isArray(value) || value.length > MAX_ROWS) {
      throw new Misread(this.#at(name), `it is no list of at most ${MAX_ROWS}`);
    }
    return value.map((each, i) => read(new Fields(each, `${this.#at(name)}[${i}]`)));
  }

  #at(name: string): string {
    return this.#path === '' ? name : `${this.#path}.${name}`;
  }
}

function readReport(value: unknown): DoctorReport {
  const report = new Fields(value, '');
  if (report.count('weirReport') !== 1) {
    throw new Misread('weirReport', 'only version 1 is known here: a newer Weir has written it');
  }
  return {
    weirReport: 1,
    at: report.text('at'),
    app: report.text('app'),
    browser: report.text('browser'),
    hasNames: report.flag('hasNames'),
    database: report.inner('database', readDatabase),
    markers: report.rows('markers', (row) => ({
      path: row.text('path'),
      key: row.text('key'),
      ...row.maybe('name', (name) => row.text(name)),
      seq: row.count('seq'),
      since: row.text('since'),
      level: row.text('level') === 'news' ? 'news' : 'edit',
      ...row.maybe('failure', (name) => row.inner(name, readFailure)),
    })),
    receipts: report.rows('receipts', (row) => ({
      path: row.text('path'),
      key: row.text('key'),
      outcome: row.text('outcome'),
      coverage: row.count('coverage'),
      at: row.text('at'),
      ...row.maybe('error', (name) => row.text(name)),
    })),
    bases: report.rows('bases', (row) => ({
      path: row.text('path'),
      key: row.text('key'),
      generation: row.text('generation'),
      coverage: row.count('coverage'),
      at: row.text('at'),
    })),
    lanes: report.rows('lanes', (row) => ({
      path: row.text('path'),
      epoch: row.count('epoch'),
      iterations: row.count('iterations'),
      ...row.maybe('failure', (name) => row.inner(name, readFailure)),
    })),
    migration: report.rows('migration', (row) => ({
      version: row.text('version'),
      verdict: row.text('verdict'),
      ...row.maybe('reason', (name) => row.text(name)),
      attempts: row.count('attempts'),
      ...row.maybe('nextTryAt', (name) => row.text(name)),
      values: row.count('values'),
    })),
    quarantine: report.rows('quarantine', (row) => ({
      source: row.text('source'),
      key: row.text('key'),
      reason: row.text('reason'),
      bytes: row.count('bytes'),
      at: row.text('at'),
      isResolved: row.flag('isResolved'),
    })),
    workers: report.inner('workers', (workers) => ({
      isSupported: workers.flag('isSupported'),
      controls: workers.flag('controls'),
      known: workers.rows('known', (row) => ({
        state: row.text('state'),
        ...row.maybe('version', (name) => row.text(name)),
      })),
    })),
    storage: report.inner('storage', (storage) => ({
      ...storage.maybe('isPersisted', (name) => storage.flag(name)),
      ...storage.maybe('usage', (name) => storage.count(name)),
      ...storage.maybe('quota', (name) => storage.count(name)),
    })),
    node: report.inner('node', (node) => ({
      isReachable: node.flag('isReachable'),
      ...node.maybe('version', (name) => node.text(name)),
      ...node.maybe('isHosted', (name) => node.flag(name)),
      ...node.maybe('startedAt', (name) => node.text(name)),
      ...node.maybe('connections', (name) => node.count(name)),
      ...node.maybe('storeRequests', (name) => node.count(name)),
    })),
  };
}

function readDatabase(database: Fields): ReportedDatabase {
  if (database.text('type') !== 'open') return { type: 'shut', reason: database.text('reason') };
  return {
    type: 'open',
    version: database.count('version'),
    rooms: database.count('rooms'),
    left: database.count('left'),
    messages: database.count('messages'),
  };
}

const readFailure = (failure: Fields): ReportedFailure => ({
  code: failure.text('code'),
  sentence: failure.text('sentence'),
  since: failure.text('since'),
  attempts: failure.count('attempts'),
  ...failure.maybe('nextTryAt', (name) => failure.text(name)),
});
