import { FakeWeir } from '../../../src/app/testing/fake-weir.ts';
import { longHistory, room, roomKey, sampleRooms } from '../../../src/app/testing/sample-rooms.ts';
import '../../../src/app/shell/weir-app.ts';

/** Every state of the app by address: `?scene=offline&room=2`. The real elements on the in-memory fake. */
const now = Date.now();

const scenes: Readonly<Record<string, (weir: FakeWeir) => void>> = {
  busy(weir) {
    weir.ready(sampleRooms(now));
    weir.setUnread(roomKey(1), 4);
    weir.setUnread(roomKey(6), 128);
    weir.status.set({
      type: 'stored-here',
      pendingRooms: 2,
      since: now - 180_000,
      pageDrains: false,
    });
  },
  calm(weir) {
    weir.ready(sampleRooms(now).map((held) => ({ ...held, sync: { type: 'on-node' } })));
  },
  syncing(weir) {
    weir.ready(sampleRooms(now));
    weir.status.set({ type: 'syncing', pendingRooms: 3, since: now - 4_000, pageDrains: false });
  },
  refused(weir) {
    weir.ready(sampleRooms(now));
    weir.status.set({
      type: 'refused',
      pendingRooms: 2,
      reason: 'the delegate answered that its storage is full',
      since: now - 22 * 60_000,
      nextTryAt: now + 40_000,
      pageDrains: false,
    });
  },
  offline(weir) {
    weir.ready(sampleRooms(now));
    weir.status.set({
      type: 'offline',
      pendingRooms: 1,
      since: now - 95_000,
      nextTryAt: now + 12_000,
      pageDrains: true,
    });
  },
  long(weir) {
    weir.ready([room(1, 'Upper gate', { messages: longHistory(400, now) })]);
  },
  readonly(weir) {
    const [official] = sampleRooms(now);
    if (official)
      weir.ready([
        { ...official, readOnlyReason: 'You have been banned from writing in this room.' },
      ]);
  },
  empty(weir) {
    weir.ready([]);
  },
  failed(weir) {
    weir.phase.set({
      type: 'failed',
      reason: 'Your node could not be reached, and nothing is stored in this browser yet.',
    });
    weir.list.set([]);
    weir.status.set({ type: 'offline', pendingRooms: 0, pageDrains: false });
  },
  loading() {},
};

const query = new URLSearchParams(location.search);
const weir = new FakeWeir();
scenes[query.get('scene') ?? 'busy']?.(weir);
const n = query.get('room');
history.replaceState({}, '', n === null ? '/' : `/room/${roomKey(Number(n))}`);

const app = document.createElement('weir-app');
app.weir = weir;
document.body.append(app);
Object.assign(window, { weir, roomKey });
