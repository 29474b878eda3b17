import { asOnNode } from '../../persist/outbound-merge.ts';
import {
  decodeOutbound,
  encodeOutbound,
  OUTBOUND_STORES,
  outboundStoreOf,
  readOutbound,
  writeOutbound,
} from '../../persist/outbound-rows.ts';
import { ok } from '../../shared/result.ts';
import {
  saveKeysToDelegate,
  type KeyRows,
  type SaveContext,
  type SaveResult,
} from '../save-keys.ts';

const OUTBOUND: KeyRows = {
  path: 'outbound-dms',
  stores: OUTBOUND_STORES,
  what: () => 'your direct messages',
  value: async (tx) => ok(encodeOutbound(outboundStoreOf(await readOutbound(tx)))),
  held: async (tx, _key, value) => {
    const store = decodeOutbound(value);
    if (!store.ok) return; // it is not: the value is the one that was encoded above
    const rows = await readOutbound(tx);
    await writeOutbound(tx, rows, { ...rows, threads: asOnNode(rows.threads, store.value) });
  },
};

/** One iteration over the one key of sent direct messages: read where that is not known, merged, and compared-and-swapped. */
export const saveOutboundDmsToDelegate = (context: SaveContext): Promise<SaveResult> =>
  saveKeysToDelegate(context, OUTBOUND);
