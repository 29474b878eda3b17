import { WeirDatabase } from '../persist/database.ts';
import { APP_VERSION } from '../shared/app-version.ts';
import { DraftStore } from '../persist/draft-store.ts';
import { systemClock } from '../shared/clock.ts';
import { mutedIn } from '../persist/member-notes.ts';
import type { HostConfig } from '../sync/host-config.ts';
import type { WeirApp } from './shell/weir-app.ts';
import { systemRandom } from '../shared/random.ts';
import { Drafts, flushWhenHidden } from './state/drafts.ts';
import { LiveDirectMessages } from './state/live-direct-messages.ts';
import { LiveList } from './state/live-list.ts';
import { LiveNode } from './state/live-node.ts';
import {
  browserNotifications,
  LiveNotifications,
  localMemory,
} from './state/live-notifications.ts';
import { LiveMembers } from './state/live-members.ts';
import { LivePeople } from './state/live-people.ts';
import { LiveRooms } from './state/live-rooms.ts';
import { LiveSearch } from './state/live-search.ts';
import { localStorageIfAny, StorageTrace } from './state/deleted-storage.ts';
import type { MembersCore } from './state/members-core.ts';
import type { Notifier } from './state/notifier.ts';
import { part, PartMissingError } from './state/part.ts';
import { SyncController } from './state/sync-controller.ts';
import { text } from './state/text.ts';
import { startDrainer } from './state/worker-client.ts';
import './shell/weir-app.ts';

/** Composition root of the window: the database, the screens on top of it, then whoever drains, then the rooms' inside. */
async function start(app: WeirApp): Promise<void> {
  let db: WeirDatabase | undefined;
  app.openDoctor = async () => {
    const { LiveDoctor } = await part(() => import('./doctor/live-doctor.ts'));
    const retry = () => app.weir?.sync.retry();
    return new LiveDoctor({ db: () => db, failure: () => app.failure, retry });
  };
  const opened = await WeirDatabase.open('weir', {
    outdated: () => {
      app.failure = text.app.outdated;
    },
    blocked: () => {
      app.failure = text.app.blocked;
    },
    deleted: () => {
      app.failure = text.app.deleted;
    },
  });
  if (!opened.ok) {
    app.failure =
      opened.error.type === 'FromTheFuture'
        ? text.app.fromTheFuture
        : text.app.noStorage(opened.error.reason);
    return;
  }
  app.failure = undefined; // an older tab that was in the way has been closed
  db = opened.value;
  await run(app, db);
}

/** The app on an open database. */
async function run(app: WeirApp, db: WeirDatabase): Promise<void> {
  const trace = new StorageTrace(localStorageIfAny(), db.identity ?? '');
  app.deleted = trace.check(Date.now());
  app.addEventListener('weir-deleted-noted', () => {
    trace.noted();
    app.deleted = undefined;
  });
  const sync = new SyncController(db, async () => (await hostConfig()).roomContract.codeHash);
  sync.status.subscribe(({ pendingRooms }) => trace.pending(pendingRooms));
  const notifications = new LiveNotifications(browserNotifications(), localMemory);
  const drafts = new DraftStore(db, systemClock, crypto.randomUUID());
  app.drafts = new Drafts(drafts);
  flushWhenHidden(app.drafts, document);
  const rooms = new LiveRooms({
    db,
    sync,
    sent: () => notifications.messageSent(),
    loadCore: async () => {
      const { RoomCore } = await part(() => import('./state/room-core.ts'));
      return new RoomCore(db, sync, drafts);
    },
  });
  const node = new LiveNode({
    db,
    random: systemRandom,
    isHosted: async () => (await hostConfig()).hosted,
    moved: () => sync.retry(),
  });
  const core = () => rooms.core();
  app.weir = {
    rooms,
    people: new LivePeople(core),
    members: new LiveMembers(core),
    dms: new LiveDirectMessages(core, { db, sync }),
    sync,
    node,
    preferences: new LiveList({ db, sync }),
    notifications,
    search: new LiveSearch(db),
  };
  const drainer = await startDrainer();
  sync.start((reason) => drainer.nudge(reason), drainer.pageDrains);
  const { members, dms } = await rooms.core();
  void node.refresh();
  const notifier = await startNotifier(db, rooms, notifications);
  await listenToRooms(db, sync, node, members, notifier, () => drainer.nudge('edit'));
  await dms.listOlderRooms();
}

async function startNotifier(
  db: WeirDatabase,
  rooms: LiveRooms,
  notifications: LiveNotifications,
): Promise<Notifier> {
  const { isInSight, Notifier, showNotification } = await part(() => import('./state/notifier.ts'));
  return new Notifier({
    modeOf: (room) => rooms.list.current?.find((item) => item.room === room)?.mode ?? 'All',
    isAllowed: () => notifications.permission.current === 'granted',
    isInSight,
    mutedIn: (room) => db.read(['member_notes'], (tx) => mutedIn(tx, room)),
    show: showNotification,
  });
}

/** One tab of the origin hears for all what others write; the rooms as they are stored don't wait for it. */
async function listenToRooms(
  db: WeirDatabase,
  sync: SyncController,
  node: LiveNode,
  members: MembersCore,
  notifier: Notifier,
  owed: () => void,
): Promise<void> {
  const { startLive } = await part(() => import('../live/browser-live.ts'));
  const live = await startLive({
    db,
    origin: location.origin,
    host: async () => {
      const [{ roomContract }, as] = await Promise.all([hostConfig(), node.userToken()]);
      return { codeHash: roomContract.codeHash, as };
    },
    changed: (changed) => sync.tell({ type: 'rooms-changed', rooms: changed }),
    heard: (room, how) => void notifier.heard(room, how),
    owed,
  });
  sync.listen((message) => {
    if (message.type === 'rooms-changed') {
      void live.roomsChanged();
      if (live.leads) void members.keepUp(message.rooms);
    } else if (message.type === 'loaded' && message.error === undefined) {
      live.wake();
      void node.refresh();
    }
  });
}

let hostAsked: Promise<HostConfig> | undefined;

/** As the host says it now; who asks while it is being asked shares the answer. Rejects when it does not answer. */
function hostConfig(): Promise<HostConfig> {
  hostAsked ??= askHost().finally(() => (hostAsked = undefined));
  return hostAsked;
}

async function askHost(): Promise<HostConfig> {
  const [response, { decodeHostConfig }] = await Promise.all([
    fetch('/weir/config.json', { cache: 'no-store' }),
    part(() => import('../sync/host-config.ts')),
  ]);
  return decodeHostConfig(await response.json());
}

const app = document.querySelector<WeirApp>('weir-app');
if (app) {
  app.dataset['version'] = APP_VERSION;
  start(app).catch((error: unknown) => {
    if (error instanceof PartMissingError) app.incomplete = true;
    else app.failure = text.app.noStorage(String(error));
  });
}
