import type { Broadcast } from '../bridge/messages.ts';
import type { WriteTx } from '../persist/database.ts';
import { raiseUnlessOwed } from '../persist/dirty-markers.ts';
import { checkEpoch } from '../persist/lanes.ts';
import {
  NO_PREFERENCES,
  PREFERENCE_EDIT_STORES,
  preferencesIn,
  putPreferences,
  ROOMS_META,
  type ListPreferences,
} from '../persist/list-preferences.ts';
import { mergePreferences } from '../persist/preferences-merge.ts';
import {
  decodePreferences,
  encodePreferences,
  isPreferenceOwed,
  leftRoomsIn,
} from '../persist/preferences-value.ts';
import { equalBytes } from '../shared/bytes.ts';
import type { RemoteValue } from './node-link.ts';
import {
  IMPORTED,
  isKnown,
  putBase,
  remoteNews,
  resolveAside,
  setAside,
  type ImportOutcome,
  type RemoteBaseDeps,
  type RemoteNews,
} from './remote-base.ts';

const STORES = [
  ...PREFERENCE_EDIT_STORES,
  'rooms',
  'lanes',
  'base',
  'intents',
  'quarantine',
] as const;

export interface ImportPreferencesDeps extends RemoteBaseDeps {
  readonly tell: (message: Broadcast) => void;
}

/**
 * Merges what the node holds of the list of rooms into what is here, over what it was known to hold, in one fenced transaction with
 * the base. What is then here and not there is an edit that the node has yet to get.
 *
 * Bytes that are no such value are set aside with the reason; neither side is overwritten.
 */
export function importPreferences(deps: ImportPreferencesDeps) {
  return async (remote: RemoteValue): Promise<ImportOutcome> => {
    const { db, epoch, target, tell } = deps;
    const news = await remoteNews(deps, 'rooms', ROOMS_META, remote);
    if (news && (await isKnown(deps, news))) return IMPORTED;
    const decoded = news ? decodePreferences(news.bytes) : undefined;
    if (news && decoded && !decoded.ok) {
      const reason = `${decoded.error.path}: ${decoded.error.reason}`;
      const found =
        'What your node holds of the order of your rooms and their settings can’t be read';
      return setAside(deps, news, found, reason);
    }
    const node = decoded?.ok ? decoded.value : NO_PREFERENCES;
    const changed = await db.write(STORES, 'strict', async (tx) => {
      await checkEpoch(tx, 'rooms', epoch);
      const before = await preferencesIn(tx);
      const after = mergePreferences(await baseOf(tx, news, node, target), before, node);
      const isNews = !equalBytes(encodePreferences(after), encodePreferences(before));
      if (isNews) await putPreferences(tx, 'here', after);
      await putPreferences(tx, 'node', node);
      const now = deps.clock.now();
      if (isPreferenceOwed(after, await leftRoomsIn(tx), node)) {
        await raiseUnlessOwed(tx, 'rooms', ROOMS_META, now);
      }
      if (news) {
        await putBase(tx, news, target, now);
        await resolveAside(tx, news, target);
      }
      return isNews;
    });
    if (changed) tell({ type: 'rooms-changed', rooms: [] });
    return IMPORTED;
  };
}

/**
 * What both sides have started from: what the delegate was last known to hold, or this browser's own last write, whose answer was
 * lost. Nothing where the store is another one, or was put back: then everything that is here has been decided since.
 */
async function baseOf(
  tx: WriteTx,
  news: RemoteNews | undefined,
  node: ListPreferences,
  target: string,
): Promise<ListPreferences> {
  if (!news) return NO_PREFERENCES;
  const key: ['rooms', string] = ['rooms', ROOMS_META];
  const intent = await tx.objectStore('intents').get(key);
  const isOurs =
    intent?.valueHash === news.hash && intent.expectedGeneration + 1n === news.generation;
  if (isOurs) return node;
  const base = await tx.objectStore('base').get(key);
  const isSameStore = base?.target === target && base.generation <= news.generation;
  return isSameStore ? preferencesIn(tx, 'node') : NO_PREFERENCES;
}
