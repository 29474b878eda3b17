import { afterEach, expect, test } from 'vitest';
import type { NudgeReason } from '../../bridge/messages.ts';
import { WeirDatabase } from '../../persist/database.ts';
import { MARKER_STORES, owedMarkers, raiseMarker } from '../../persist/dirty-markers.ts';
import { until } from '../testing/mount.ts';
import { SyncController } from './sync-controller.ts';

const opened: WeirDatabase[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((db) => db.close()));
});

test.each<[string, () => void]>([
  ['hidden', () => dispatchEvent(new Event('pagehide'))],
  ['frozen', () => document.dispatchEvent(new Event('freeze'))],
])(
  'C28: a page that is %s has the news that wait brought to the node, and nudges',
  async (_, go) => {
    const open = await WeirDatabase.open(`sync-${crypto.randomUUID()}`);
    if (!open.ok) throw new Error(open.error.type);
    const db = open.value;
    opened.push(db);
    await db.write(MARKER_STORES, 'strict', (tx) =>
      raiseMarker(tx, 'rooms', 'a', Date.now(), 'cache'),
    );
    const owed = () => db.read(['dirty'], (tx) => owedMarkers(tx, 'rooms', Date.now()));
    expect(await owed()).toEqual([]);
    const nudges: NudgeReason[] = [];
    new SyncController(db, async () => new Uint8Array(32)).start(
      (reason) => nudges.push(reason),
      false,
    );
    go();
    await until('the nudge', () => nudges.includes('edit'));
    expect((await owed()).map(({ key }) => key)).toEqual(['a']);
  },
);
