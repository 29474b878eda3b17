import type { WeirDatabase } from '../../persist/database.ts';
import type { LoadedRoom } from '../../persist/loaded-room.ts';
import { mutedIn } from '../../persist/member-notes.ts';
import { OUTBOUND_KEY } from '../../persist/outbound-rows.ts';
import {
  forgetPurged,
  isPurgedBy,
  markThreadSeen,
  OUTBOUND_EDIT_STORES,
  outboundOfRoom,
  type OutboundOfRoom,
} from '../../persist/outbound-store.ts';
import type { RoomCache } from '../../persist/room-cache.ts';
import { delegateKeyOfRoom } from '../../persist/room-keys.ts';
import type { MemberId } from '../../river/ids.ts';
import type { SignatureMemo } from '../../river/signatures/memo.ts';
import type { RoomKey } from '../../shared/brand.ts';
import { toHex } from '../../shared/bytes.ts';
import { LiveValue } from '../../shared/live-query.ts';
import type { RoomDms } from './dm-api.ts';
import { DmInvitations } from './dm-invitations.ts';
import { dmTimes } from './dm-unread.ts';
import { dmsOf, type DmsContext } from './dms-of.ts';
import { readOnScreen, type OnScreen } from './rereader.ts';
import type { SyncController } from './sync-controller.ts';

export interface LiveDmsDeps {
  readonly db: WeirDatabase;
  readonly cache: RoomCache;
  readonly sync: Pick<SyncController, 'facts' | 'listen' | 'tell' | 'edited'>;
  readonly memo: SignatureMemo;
}

/** A room's direct messages on screen: read again when the room or receipts change; the open conversation is marked read. */
export class LiveDms {
  readonly room: RoomKey;
  readonly live = new LiveValue<RoomDms>();
  readonly #deps: LiveDmsDeps;
  readonly #peer: string | undefined;
  readonly #onScreen: OnScreen;
  readonly #invitations: DmInvitations;
  #readFrom: bigint | undefined;

  constructor(room: RoomKey, peer: string | undefined, deps: LiveDmsDeps) {
    this.room = room;
    this.#peer = peer;
    this.#deps = deps;
    this.#invitations = new DmInvitations(deps);
    this.#onScreen = readOnScreen(deps.sync.facts, () => this.#read());
  }

  close(): void {
    this.#onScreen.close();
  }

  refresh(): Promise<void> {
    return this.#onScreen.refresh();
  }

  async #read(): Promise<void> {
    const { kept, onNode, inRoom, muted } = await this.#kept();
    const before = await this.#deps.cache.stored(this.room);
    if (!before.ok || !before.value) return;
    const invitations = await this.#invitations.cards(before.value, kept.dms);
    const loaded = await this.#deps.cache.stored(this.room);
    if (!loaded.ok || !loaded.value) return;
    const room = loaded.value;
    const times = this.#timesOfPeer(room, kept);
    this.#readFrom ??= times?.readUpTo;
    this.live.set(
      dmsOf(room, kept, {
        memo: this.#deps.memo,
        origin: location.origin,
        invitations,
        onNode,
        inRoom,
        peer: this.#peer,
        muted,
        readFrom: this.#readFrom,
      }),
    );
    if (document.visibilityState === 'visible' && times && times.unread > 0) {
      await this.#markSeen(times.newestInbound);
    }
    await this.#forgetPurged(room, kept);
  }

  /** What is kept of the room, and up to which of its changes it lies elsewhere. */
  async #kept(): Promise<
    { kept: OutboundOfRoom } & Pick<DmsContext, 'onNode' | 'inRoom' | 'muted'>
  > {
    const stores = ['base', 'outbound_dms', 'dm_threads', 'member_notes'] as const;
    return this.#deps.db.read(stores, async (tx) => {
      const base = tx.objectStore('base');
      const room = await base.get(['rooms', delegateKeyOfRoom(this.room)]);
      const words = await base.get(['outbound-dms', OUTBOUND_KEY]);
      const contract = await base.get(['contracts', this.room]);
      return {
        kept: await outboundOfRoom(tx, this.room),
        onNode: Math.min(room?.coverage ?? 0, words?.coverage ?? 0),
        inRoom: contract?.coverage ?? 0,
        muted: await mutedIn(tx, this.room),
      };
    });
  }

  #timesOfPeer(room: LoadedRoom, { threads }: OutboundOfRoom) {
    if (this.#peer === undefined) return undefined;
    return dmTimes(room, threads).get(BigInt(this.#peer) as MemberId);
  }

  async #markSeen(newestInbound: bigint): Promise<void> {
    const peer = this.#peer ?? '';
    await this.#deps.db.write(['dm_threads'], 'relaxed', (tx) =>
      markThreadSeen(tx, this.room, peer, newestInbound),
    );
    this.#deps.sync.tell({ type: 'rooms-changed', rooms: [this.room] });
  }

  /** Only a recipient's own list is a reason to forget: a message that is missing may only not have arrived. */
  async #forgetPurged({ state }: LoadedRoom, { dms }: OutboundOfRoom): Promise<void> {
    const tokens = new Map(
      state.directMessages.purges.map((each) => [
        String(each.recipientId),
        new Set(each.state.purged.map(toHex)),
      ]),
    );
    if (!dms.some((row) => isPurgedBy(row, tokens))) return;
    await this.#deps.db.write(OUTBOUND_EDIT_STORES, 'strict', (tx) =>
      forgetPurged(tx, this.room, tokens, Date.now()),
    );
    this.#deps.sync.edited();
  }
}
