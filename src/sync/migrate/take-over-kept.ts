import { presentGenerationsIn } from '../../persist/migration.ts';
import { decodePreferences } from '../../persist/preferences-value.ts';
import type { FoundValue } from '../../persist/earlier-rows.ts';
import type { LegacyImportDeps } from './import-legacy-room.ts';
import { importLegacyPreferences } from './import-legacy-preferences.ts';
import { keep, quarantineSource } from './record-value.ts';

/** Weir's schema 3 had no place for what was decided about the list: it kept the value in quarantine, under a fate of its own. */
export const isKept = ({ fate }: FoundValue): boolean => (fate as string) === 'owed';

/**
 * Takes over what an older version of Weir has kept of earlier delegates, as if they had given it now: they need not answer again.
 *
 * @returns whether there was anything
 */
export async function takeOverKept(deps: LegacyImportDeps, target: string): Promise<boolean> {
  const kept = await deps.db.read(['settings', 'generations', 'quarantine'], async (tx) => {
    const present = await presentGenerationsIn(tx);
    const rows = present.filter((row) => row.target === target);
    const values = rows.flatMap((row) => row.found.filter(isKept).map((value) => ({ row, value })));
    return Promise.all(
      values.map(async ({ row, value }) => {
        const aside = await tx.objectStore('quarantine').get([quarantineSource(row), value.key]);
        return { row, value, bytes: aside?.bytes };
      }),
    );
  });
  for (const { row, value, bytes } of kept) {
    const { fate: _fate, reason: _reason, ...found } = value;
    const read = decodePreferences(bytes ?? new Uint8Array());
    if (read.ok) {
      await importLegacyPreferences(deps, row, found, read.value);
    } else {
      const reason = `${read.error.path}: ${read.error.reason}`;
      await keep(deps, row, bytes ?? new Uint8Array(), { ...found, fate: 'set-aside', reason });
    }
  }
  return kept.length > 0;
}
