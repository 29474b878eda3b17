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
}

const app = document.querySelector<WeirApp>('weir-app');
if (app) {
  start(app).catch((error: unknown) => {
    app.failure = text.app.noStorage(String(error));
  });
}
