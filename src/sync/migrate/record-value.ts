import type { WeirDatabase } from '../../persist/database.ts';
import { checkEpoch } from '../../persist/lanes.ts';
import { recordFound } from '../../persist/migration.ts';
import type { FoundValue, GenerationRow } from '../../persist/earlier-rows.ts';
import type { Clock } from '../../shared/clock.ts';

export interface RecordDeps {
  readonly db: WeirDatabase;
  readonly clock: Clock;
  /** Of the path `migrate`. */
  readonly epoch: number;
}

/** Records a value that needs no place. */
export async function note(
  { db, epoch }: RecordDeps,
  row: GenerationRow,
  value: FoundValue,
): Promise<void> {
  await db.write(['lanes', 'generations'], 'strict', async (tx) => {
    await checkEpoch(tx, 'migrate', epoch);
    await recordFound(tx, keyOf(row), value);
  });
}

/** Keeps bytes in quarantine, and records that. They are shown with the generation, not as something wrong on the node. */
export async function keep(
  { db, clock, epoch }: RecordDeps,
  row: GenerationRow,
  bytes: Uint8Array,
  value: FoundValue,
): Promise<void> {
  await db.write(['lanes', 'quarantine', 'generations'], 'strict', async (tx) => {
    await checkEpoch(tx, 'migrate', epoch);
    await tx.objectStore('quarantine').put({
      source: quarantineSource(row),
      key: value.key,
      reason: value.reason ?? value.fate,
      bytes: bytes.slice(),
      at: clock.now(),
      resolved: true, // it is the generation's row that says what is still open
    });
    await recordFound(tx, keyOf(row), value);
  });
}

/** Where a generation's values are kept that have no other place yet. */
export const quarantineSource = ({ target, delegate }: GenerationRow): string =>
  `earlier-delegate ${delegate} ${target}`;

export const keyOf = (row: GenerationRow): [string, string, string] => [
  row.target,
  row.fingerprint,
  row.delegate,
];
