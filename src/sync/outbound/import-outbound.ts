import type { Broadcast } from '../../bridge/messages.ts';
import { MARKER_STORES, raiseUnlessOwed } from '../../persist/dirty-markers.ts';
import { checkEpoch } from '../../persist/lanes.ts';
import { isOwed, mergeOfNode } from '../../persist/outbound-merge.ts';
import {
  decodeOutbound,
  OUTBOUND_KEY,
  OUTBOUND_STORES,
  readOutbound,
  writeOutbound,
  type OutboundRows,
} from '../../persist/outbound-rows.ts';
import type { WriteTx } from '../../persist/database.ts';
import { EMPTY_OUTBOUND_DM_STORE } from '../../river/outbound-dms.ts';
import type { RoomKey } from '../../shared/brand.ts';
import type { RemoteValue } from '../node-link.ts';
import {
  IMPORTED,
  isKnown,
  putBase,
  remoteNews,
  resolveAside,
  setAside,
  type ImportOutcome,
  type RemoteBaseDeps,
} from '../remote-base.ts';

const STORES = [...OUTBOUND_STORES, ...MARKER_STORES, 'lanes', 'base', 'quarantine'] as const;

export interface ImportOutboundDeps extends RemoteBaseDeps {
  readonly tell: (message: Broadcast) => void;
}

/**
 * Merges the node's value into the rows, in one fenced transaction with the base it came from. River writes this key without
 * looking, so what it has written over is owed to the node again.
 *
 * Bytes that are no such value are set aside with the reason; neither side is overwritten.
 */
export function importOutbound(deps: ImportOutboundDeps) {
  return async (key: string, remote: RemoteValue): Promise<ImportOutcome> => {
    const { db, clock, epoch, target } = deps;
    const news = await remoteNews(deps, 'outbound-dms', key, remote);
    if (!news) {
      await db.write(STORES, 'strict', async (tx) => {
        await checkEpoch(tx, 'outbound-dms', epoch);
        const rows = await readOutbound(tx);
        if (isOwed(rows, EMPTY_OUTBOUND_DM_STORE)) await owe(tx, clock.now());
      });
      return IMPORTED;
    }
    if (await isKnown(deps, news)) return IMPORTED;
    const decoded = decodeOutbound(news.bytes);
    if (!decoded.ok) {
      const reason = `${decoded.error.path}: ${decoded.error.reason}`;
      const found = 'What your node holds of your direct messages can’t be read';
      return setAside(deps, news, found, reason);
    }
    const changed = await db.write(STORES, 'strict', async (tx) => {
      await checkEpoch(tx, 'outbound-dms', epoch);
      const before = await readOutbound(tx);
      const after = mergeOfNode(before, decoded.value);
      await writeOutbound(tx, before, after);
      if (isOwed(after, decoded.value)) await owe(tx, clock.now());
      await putBase(tx, news, target, clock.now());
      await resolveAside(tx, news, target);
      return roomsOf(before, after);
    });
    if (changed.length > 0) deps.tell({ type: 'rooms-changed', rooms: changed });
    return IMPORTED;
  };
}

/** The node lacks something: an edit that it has yet to get, unless one is owed already. */
const owe = (tx: WriteTx, now: number): Promise<void> =>
  raiseUnlessOwed(tx, 'outbound-dms', OUTBOUND_KEY, now);

/** The rooms with rows that are new or others than before. */
function roomsOf(before: OutboundRows, after: OutboundRows): readonly RoomKey[] {
  const known = new Set<object>([...before.dms, ...before.threads]);
  const changed = [...after.dms, ...after.threads].filter((row) => !known.has(row));
  return [...new Set(changed.map(({ room }) => room))];
}
