import { sha256 } from '@noble/hashes/sha2.js';
import { roomOfKey } from '../../persist/room-keys.ts';
import type { Failure } from '../../persist/schema.ts';
import { concatBytes, toHex, utf8 } from '../../shared/bytes.ts';
import type { DoctorReport, ReportedFailure } from '../../shared/doctor-report.ts';
import type { DoctorFacts } from './doctor-api.ts';

export interface ReportOptions {
  /** Names of rooms are in it. */
  readonly names: boolean;
  /** Random, of this report alone: nobody can tell from an alias whether they know the room. */
  readonly salt: Uint8Array;
}

/** Keys, tokens and ids have no shorter form, and few words are that long. */
const LONG_TOKEN = /[0-9A-Za-z_+/-]{32,}={0,2}/g;
/** A shorter name would be found inside of other words. */
const LEAST_NAME = 3;
const ALIAS_DIGITS = 8;

/** The facts as a report: what names a room or is long enough to be a key is replaced by an alias. */
export function reportOf(facts: DoctorFacts, { names, salt }: ReportOptions): DoctorReport {
  const rows = facts.database.type === 'open' ? facts.database.rows : undefined;
  const named = new Map((rows?.rooms ?? []).map(({ room, name }) => [room as string, name]));
  const hash = (text: string): string =>
    toHex(sha256(concatBytes([salt, utf8(text)]))).slice(0, ALIAS_DIGITS);
  const hidden = names
    ? []
    : [...new Set(named.values())]
        .filter((name) => name.length >= LEAST_NAME)
        .sort((a, b) => b.length - a.length);
  const redact = (text: string): string => {
    let redacted = text.replace(LONG_TOKEN, (token) => `id-${hash(roomOfKey(token) ?? token)}`);
    for (const name of hidden) redacted = redacted.replaceAll(name, `name-${hash(name)}`);
    return redacted;
  };
  const roomIn = (key: string): string => roomOfKey(key) ?? key;
  const nameOf = (key: string): { name?: string } => {
    const name = named.get(roomIn(key));
    return names && name !== undefined ? { name } : {};
  };
  const aliasOf = (key: string): string => redact(roomIn(key));
  const failureOf = (failure: Failure | undefined): { failure?: ReportedFailure } =>
    failure
      ? {
          failure: {
            code: failure.code,
            sentence: redact(failure.sentence),
            since: isoTime(failure.since),
            attempts: failure.attempts,
            ...(failure.nextTryAt !== undefined && { nextTryAt: isoTime(failure.nextTryAt) }),
          },
        }
      : {};
  return {
    weirReport: 1,
    at: isoTime(facts.at),
    app: facts.app,
    browser: facts.browser,
    hasNames: names,
    database:
      facts.database.type === 'shut'
        ? { type: 'shut', reason: redact(facts.database.reason) }
        : {
            type: 'open',
            version: facts.database.rows.version,
            rooms: facts.database.rows.rooms.filter(({ status }) => status === 'present').length,
            left: facts.database.rows.rooms.filter(({ status }) => status === 'left').length,
            messages: facts.database.rows.messages,
          },
    markers: (rows?.markers ?? []).map(({ path, key, seq, since, level, failure }) => ({
      path,
      key: aliasOf(key),
      ...nameOf(key),
      seq,
      since: isoTime(since),
      level: level === 'cache' ? 'news' : 'edit',
      ...failureOf(failure),
    })),
    receipts: (rows?.receipts ?? []).map(({ path, key, outcome, coverage, at, error }) => ({
      path,
      key: aliasOf(key),
      ...nameOf(key),
      outcome,
      coverage,
      at: isoTime(at),
      ...(error !== undefined && { error: redact(error) }),
    })),
    bases: (rows?.bases ?? []).map(({ path, key, generation, coverage, at }) => ({
      path,
      key: aliasOf(key),
      ...nameOf(key),
      generation: String(generation),
      coverage,
      at: isoTime(at),
    })),
    lanes: (rows?.lanes ?? []).map(({ path, epoch, iterId, failure }) => ({
      path,
      epoch,
      iterations: iterId,
      ...failureOf(failure),
    })),
    migration: (rows?.generations ?? []).map((row) => ({
      version: row.version,
      verdict: row.verdict,
      ...(row.reason !== undefined && { reason: redact(row.reason) }),
      attempts: row.attempts,
      ...(row.nextTryAt !== undefined && { nextTryAt: isoTime(row.nextTryAt) }),
      values: row.found.length,
    })),
    quarantine: (rows?.quarantine ?? []).map(({ source, key, reason, bytes, at, resolved }) => ({
      source: redact(source),
      key: aliasOf(key),
      reason: redact(reason),
      bytes: bytes.length,
      at: isoTime(at),
      isResolved: resolved === true,
    })),
    workers: facts.workers,
    storage: facts.storage,
    node: facts.node,
  };
}

/** A clock that was far off may have left a time that no calendar has. */
function isoTime(at: number): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? 'unknown' : date.toISOString();
}
