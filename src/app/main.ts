import { WeirDatabase } from '../persist/database.ts';
import type { WeirApp } from './shell/weir-app.ts';
import { LivePeople } from './state/live-people.ts';
import { LiveRooms } from './state/live-rooms.ts';
import { SyncController } from './state/sync-controller.ts';
import { text } from './state/text.ts';
import { startDrainer } from './state/worker-client.ts';
import './shell/weir-app.ts';

/** Composition root of the window: the database, the screens on top of it, then whoever drains, then the rooms' inside. */
async function start(app: WeirApp): Promise<void> {
  const opened = await WeirDatabase.open('weir', {
    outdated: () => {
      app.failure = text.app.outdated;
    },
    blocked: () => {
      app.failure = text.app.blocked;
    },
  });
  if (!opened.ok) {
    app.failure =
      opened.error.type === 'FromTheFuture'
        ? text.app.fromTheFuture
        : text.app.noStorage(opened.error.reason);
    return;
  }
  const db = opened.value;
  const sync = new SyncController(db);
  const rooms = new LiveRooms({
    db,
    sync,
    loadCore: async () => {
      const { RoomCore } = await import('./state/room-core.ts');
      return new RoomCore(db, sync);
    },
  });
  app.weir = { rooms, people: new LivePeople(() => rooms.core()), sync };
  const drainer = await startDrainer();
  sync.start((reason) => drainer.nudge(reason), drainer.pageDrains);
  await rooms.core();
  await listenToRooms(db, sync, () => drainer.nudge('edit'));
}

/** One tab of the origin hears for all what others write; the rooms as they are stored don't wait for it. */
async function listenToRooms(
  db: WeirDatabase,
  sync: SyncController,
  owed: () => void,
): Promise<void> {
  const [{ startLive }, { decodeHostConfig }] = await Promise.all([
    import('../live/browser-live.ts'),
    import('../sync/host-config.ts'),
  ]);
  const live = await startLive({
    db,
    origin: location.origin,
    codeHash: async () => {
      const response = await fetch('/weir/config.json', { cache: 'no-store' });
      return decodeHostConfig(await response.json()).roomContract.codeHash;
    },
    changed: (changed) => sync.tell({ type: 'rooms-changed', rooms: changed }),
    owed,
  });
  sync.listen((message) => {
    if (message.type === 'rooms-changed') void live.roomsChanged();
    else if (message.type === 'loaded' && message.error === undefined) live.wake();
  });
}

const app = document.querySelector<WeirApp>('weir-app');
if (app) {
  start(app).catch((error: unknown) => {
    app.failure = text.app.noStorage(String(error));
  });
}
