import { isFinal, isSealed, type Migration } from '../../persist/migration.ts';
import type { Millis } from '../../shared/brand.ts';
import type { MigrationReason, MigrationStatus } from './api.ts';

/** What is true of the search for rooms of earlier versions. It never says that it is done where that is not proved. */
export function migrationStatus({ rows, failure, undelivered }: Migration): MigrationStatus {
  if (rows.length === 0 || isSealed(rows)) return { type: 'nothing' };
  const asked = rows.filter(({ verdict }) => verdict !== 'unknown' && verdict !== 'superseded');
  const unknown = rows.filter(({ verdict }) => verdict === 'unknown');
  if (unknown.length > 0) {
    if (failure) return { type: 'waiting', reason: failure.sentence };
    return { type: 'running', asked: asked.length, of: asked.length + unknown.length };
  }
  const reasons: MigrationReason[] = undelivered.flatMap(({ what, refusal }) =>
    refusal === undefined ? [] : [{ type: 'refused', what, reason: refusal }],
  );
  const onTheWay = undelivered.filter(({ refusal }) => refusal === undefined).length;
  if (onTheWay > 0) reasons.push({ type: 'on-the-way', values: onTheWay });
  for (const { verdict, version, reason } of rows) {
    const keeps = verdict === 'partial' || verdict === 'imported-local';
    if (keeps && reason !== undefined) reasons.push({ type: 'kept', version, reason });
  }
  const versions = rows.filter(({ verdict }) => verdict === 'unreachable').length;
  if (versions > 0) reasons.push({ type: 'silent', versions });
  return { type: 'open', reasons };
}

/** When the earliest of those that are still open may be asked again. */
export function nextAskOf({ rows }: Pick<Migration, 'rows'>): Millis | undefined {
  const times = rows
    .filter((row) => !isFinal(row))
    .map(({ nextTryAt }) => nextTryAt)
    .filter((time) => time !== undefined);
  return times.length > 0 ? Math.min(...times) : undefined;
}
