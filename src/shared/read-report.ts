import type { DoctorReport, ReportedDatabase, ReportedFailure } from './doctor-report.ts';
import { err, ok, type Result } from './result.ts';

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
      ...row.maybe('name', (name) => row.text(name)),
      outcome: row.text('outcome'),
      coverage: row.count('coverage'),
      at: row.text('at'),
      ...row.maybe('error', (name) => row.text(name)),
    })),
    bases: report.rows('bases', (row) => ({
      path: row.text('path'),
      key: row.text('key'),
      ...row.maybe('name', (name) => row.text(name)),
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
