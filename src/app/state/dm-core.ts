import { completeListings } from '../../persist/complete-listings.ts';
import type { DraftStore } from '../../persist/draft-store.ts';
import type { Alongside, ComposeEdit, EditQueue } from '../../persist/edit-queue.ts';
import { stored, type WriteTx } from '../../persist/database.ts';
import { keepMade } from '../../persist/made-invitations.ts';
import { dmEdit } from '../../persist/outbound-edit.ts';
import {
  hideThread,
  OUTBOUND_EDIT_STORES,
  outboundOfRoom,
  showThread,
} from '../../persist/outbound-store.ts';
import { encode } from '../../river/cbor/codec.ts';
import { editRoom } from '../../river/edits/author.ts';
import { composePurge } from '../../river/edits/direct-messages.ts';
import type { EditRefused } from '../../river/edits/refused.ts';
import { signatureDigest, type MemberId } from '../../river/ids.ts';
import { invitation as invitationCodec } from '../../river/invitation.ts';
import type { RoomKey } from '../../shared/brand.ts';
import { toHex } from '../../shared/bytes.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { EditError, Edited } from './api.ts';
import { noteOf } from './dm-invitations.ts';
import { draftPlace } from './drafts.ts';
import { dmTimes } from './dm-unread.ts';
import { edited } from './edited.ts';
import { LiveDms, type LiveDmsDeps } from './live-dms.ts';
import { madeRow, type MadeInvitations } from './made-invitations.ts';
import { editError, type ComposeDeps } from './room-edits.ts';

export interface DmCoreDeps extends LiveDmsDeps {
  readonly edits: EditQueue;
  readonly compose: ComposeDeps;
  readonly drafts: DraftStore;
  readonly made: MadeInvitations;
}

/** Direct messages, as far as they need the inside of rooms. */
export class DmCore {
  readonly #deps: DmCoreDeps;
  readonly #open = new Set<LiveDms>();

  constructor(deps: DmCoreDeps) {
    this.#deps = deps;
    deps.sync.listen((message) => {
      if (message.type !== 'rooms-changed') return;
      for (const each of this.#open) if (message.rooms.includes(each.room)) void each.refresh();
    });
  }

  /** Rooms that an older version stored take their place in the list of conversations. What fails is done by the next start. */
  async listOlderRooms(): Promise<void> {
    const { db, sync } = this.#deps;
    const rooms = await completeListings(db).catch(() => []);
    if (rooms.length > 0) sync.tell({ type: 'rooms-changed', rooms });
  }

  open(room: RoomKey, peer: string | undefined): LiveDms {
    const live = new LiveDms(room, peer, this.#deps);
    this.#open.add(live);
    return live;
  }

  close(live: LiveDms): void {
    live.close();
    this.#open.delete(live);
  }

  async send(room: RoomKey, peer: string, text: string): Edited {
    const { compose, alongside } = dmEdit(this.#deps.compose, BigInt(peer) as MemberId, {
      type: 'Text',
      text,
    });
    const draft = this.#deps.drafts.sent(draftPlace(room, peer));
    const sent = await this.#deps.edits.submit(room, compose, both(alongside, draft));
    return edited(this.#deps.sync, room, sent);
  }

  /** The message, its words and the memory of the invitation are one transaction. */
  async invite(room: RoomKey, peer: string, to: RoomKey, note: string): Edited {
    const { compose: deps, edits, made } = this.#deps;
    const fresh = await made.make(to);
    if (!fresh.ok) return fresh;
    const { invitation } = fresh.value;
    const cut = noteOf(note);
    const dm = dmEdit(deps, BigInt(peer) as MemberId, {
      type: 'Invite',
      invite: {
        roomOwnerVk: invitation.room,
        invitationPayload: encode(invitationCodec, invitation),
        personalMessage: cut === '' ? null : cut,
      },
    });
    const sent = await edits.submit(room, dm.compose, {
      stores: [...dm.alongside.stores, 'made_invitations'],
      async write(tx, token, now) {
        await dm.alongside.write(tx, token, now);
        const message = dm.sent();
        if (!message) return;
        const sentTo = { room, peer, token: toHex(message.purgeToken) };
        await keepMade(tx, { ...madeRow(invitation, now), sentTo });
      },
    });
    return edited(this.#deps.sync, room, sent);
  }

  async purge(room: RoomKey, peer: string): Edited {
    const purged = await this.#deps.edits.submit(room, this.#purgeEdit(BigInt(peer) as MemberId));
    return edited(this.#deps.sync, room, purged);
  }

  async hide(room: RoomKey, peer: string): Promise<Result<undefined, EditError>> {
    const loaded = await this.#deps.cache.stored(room);
    if (!loaded.ok) return err(editError(loaded.error));
    const { value } = loaded;
    if (!value) return err({ type: 'UnknownRoom', room });
    return this.#decide(room, async (tx, now) => {
      const { threads } = await outboundOfRoom(tx, room);
      const times = dmTimes(value, threads).get(BigInt(peer) as MemberId);
      await hideThread(tx, room, peer, times?.newestInbound ?? 0n, now);
    });
  }

  show(room: RoomKey, peer: string): Promise<Result<undefined, EditError>> {
    return this.#decide(room, (tx, now) => showThread(tx, room, peer, now));
  }

  async #decide(
    room: RoomKey,
    write: (tx: WriteTx, now: number) => Promise<void>,
  ): Promise<Result<undefined, EditError>> {
    const { db, compose, sync } = this.#deps;
    const written = await stored(
      db.write(OUTBOUND_EDIT_STORES, 'strict', (tx) => write(tx, compose.clock.now())),
    );
    if (!written.ok) return written;
    sync.tell({ type: 'rooms-changed', rooms: [room] });
    sync.edited();
    return ok(undefined);
  }

  /** All that the person has received from somebody, as of the room that the edit is applied to. */
  #purgeEdit(peer: MemberId): ComposeEdit<EditRefused> {
    return (loaded) => {
      const room = editRoom(loaded.state, loaded.own, this.#deps.memo);
      if (!room.ok) return room;
      const tokens = loaded.state.directMessages.messages
        .filter(
          ({ message }) => message.sender === peer && message.recipient === room.value.author.id,
        )
        .map(({ senderSignature }) => signatureDigest(senderSignature));
      const composed = composePurge(room.value, tokens);
      return composed.ok ? ok(composed.value.delta) : composed;
    };
  }
}

/** Two sets of rows in one transaction. */
const both = (a: Alongside, b: Alongside): Alongside => ({
  stores: [...a.stores, ...b.stores],
  async write(tx, token, now) {
    await a.write(tx, token, now);
    await b.write(tx, token, now);
  },
});
