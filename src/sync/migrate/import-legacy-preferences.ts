import type { Broadcast } from '../../bridge/messages.ts';
import { raiseMarker } from '../../persist/dirty-markers.ts';
import { checkEpoch } from '../../persist/lanes.ts';
import {
  PREFERENCE_EDIT_STORES,
  preferencesIn,
  putPreferences,
  ROOMS_META,
  takenOver,
  type ListPreferences,
} from '../../persist/list-preferences.ts';
import { recordFound } from '../../persist/migration.ts';
import type { FoundValue, GenerationRow } from '../../persist/earlier-rows.ts';
import { keyOf, type RecordDeps } from './record-value.ts';

/**
 * Takes over the order of rooms and what each may tell of, where nothing newer says otherwise: rows, marker, and what the
 * generation's row says of it, in one fenced transaction. The marker is raised also where nothing is new: only a receipt proves
 * that the node has it.
 *
 * @param value `rank`: how new the copy is
 */
export async function importLegacyPreferences(
  { db, clock, epoch, tell }: RecordDeps & { readonly tell: (message: Broadcast) => void },
  row: GenerationRow,
  value: Omit<FoundValue, 'fate'>,
  found: Pick<ListPreferences, 'order' | 'modes'>,
): Promise<void> {
  await db.write([...PREFERENCE_EDIT_STORES, 'lanes', 'generations'], 'strict', async (tx) => {
    await checkEpoch(tx, 'migrate', epoch);
    await putPreferences(tx, 'here', takenOver(await preferencesIn(tx), found, value.rank));
    const { seq } = await raiseMarker(tx, 'rooms', ROOMS_META, clock.now());
    await recordFound(tx, keyOf(row), { ...value, fate: 'imported', seq });
  });
  tell({ type: 'rooms-changed', rooms: [] });
}
