import { raiseMarker } from '../../persist/dirty-markers.ts';
import { checkEpoch } from '../../persist/lanes.ts';
import { recordFound } from '../../persist/migration.ts';
import { OUTBOUND_KEY } from '../../persist/outbound-rows.ts';
import { OUTBOUND_EDIT_STORES, takeInOutbound } from '../../persist/outbound-store.ts';
import type { FoundValue, GenerationRow } from '../../persist/earlier-rows.ts';
import type { OutboundDmStore } from '../../river/outbound-dms.ts';
import { keyOf, type RecordDeps } from './record-value.ts';

/**
 * Takes in the direct messages that an earlier delegate holds: union with what is here, the marker, and what the generation's row
 * says of it, in one fenced transaction. Where nothing is new the marker is raised too: only a receipt proves that the node has it.
 */
export async function importLegacyDms(
  { db, clock, epoch }: RecordDeps,
  row: GenerationRow,
  value: Omit<FoundValue, 'fate'>,
  found: OutboundDmStore,
): Promise<void> {
  const now = clock.now();
  const stores = [...OUTBOUND_EDIT_STORES, 'lanes', 'generations'] as const;
  await db.write(stores, 'strict', async (tx) => {
    await checkEpoch(tx, 'migrate', epoch);
    const token =
      (await takeInOutbound(tx, found, now)) ??
      (await raiseMarker(tx, 'outbound-dms', OUTBOUND_KEY, now));
    await recordFound(tx, keyOf(row), { ...value, fate: 'imported', seq: token.seq });
  });
}
