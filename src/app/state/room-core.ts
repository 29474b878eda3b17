import { EDITING_LOCK } from '../../bridge/tags.ts';
import type { DraftStore } from '../../persist/draft-store.ts';
import { EditQueue, type Alongside, type ComposeEdit } from '../../persist/edit-queue.ts';
import type { WeirDatabase } from '../../persist/database.ts';
import { DecodedParts } from '../../persist/decoded-parts.ts';
import { RoomCache } from '../../persist/room-cache.ts';
import { describeEditRefused, type EditRefused } from '../../river/edits/refused.ts';
import { SignatureMemo } from '../../river/signatures/memo.ts';
import type { RoomKey } from '../../shared/brand.ts';
import { systemClock } from '../../shared/clock.ts';
import { systemRandom } from '../../shared/random.ts';
import { LiveValue } from '../../shared/live-query.ts';
import { err } from '../../shared/result.ts';
import type { Edited, Writing } from './api.ts';
import { DmCore } from './dm-core.ts';
import { edited } from './edited.ts';
import { LiveConversation, type LiveConversationDeps } from './live-conversation.ts';
import { changeEdit, deleteEdit, reactionEdit, replyEdit, textEdit } from './message-edits.ts';
import type { LiveHandle } from './live-handle.ts';
import type { MadeInvitation, RoomChange } from './people-api.ts';
import { MembersCore } from './members-core.ts';
import { PeopleCore } from './people-core.ts';
import { ReadingPlaces } from './reading-places.ts';
import { RefusedCore } from './refused-core.ts';
import { readOnScreen } from './rereader.ts';
import { configurationEdit, type ComposeDeps } from './room-edits.ts';
import type { SyncController } from './sync-controller.ts';
import { textLimit } from './text-limit.ts';

const GONE = { type: 'NoSuchMessage', id: 0n } as const;

/**
 * Everything that reads or changes the inside of a room: River's model and its cryptography. It is fetched after the first
 * paint, because the room list needs none of it.
 */
export class RoomCore {
  readonly #sync: SyncController;
  readonly #edits: EditQueue;
  readonly #conversations: LiveConversationDeps;
  readonly people: PeopleCore;
  readonly members: MembersCore;
  readonly dms: DmCore;
  readonly refused: RefusedCore;
  readonly #cache: RoomCache;
  readonly #compose: ComposeDeps;
  readonly #drafts: DraftStore;

  constructor(db: WeirDatabase, sync: SyncController, drafts: DraftStore) {
    this.#drafts = drafts;
    const memo = new SignatureMemo();
    const cache = new RoomCache(db, memo);
    this.#sync = sync;
    this.#cache = cache;
    this.#compose = { memo, clock: systemClock, random: systemRandom };
    this.people = new PeopleCore({
      db,
      cache,
      sync,
      compose: this.#compose,
      origin: location.origin,
    });
    const deps = { db, cache, sync, memo };
    this.#conversations = {
      db,
      sync,
      memo,
      places: new ReadingPlaces(),
      decoded: new DecodedParts(),
    };
    this.#edits = new EditQueue({
      db,
      cache,
      memo,
      clock: systemClock,
      committed: (rooms) => sync.tell({ type: 'rooms-changed', rooms }),
      editing: holdEditingLock,
    });
    this.refused = new RefusedCore({
      db,
      compose: this.#compose,
      changed: (room) => sync.tell({ type: 'rooms-changed', rooms: [room] }),
    });
    this.members = new MembersCore({
      ...deps,
      edits: this.#edits,
      compose: this.#compose,
    });
    this.dms = new DmCore({
      ...deps,
      edits: this.#edits,
      compose: this.#compose,
      drafts,
      made: this.people.made,
    });
  }

  open(room: RoomKey): LiveConversation {
    return new LiveConversation(room, this.#conversations);
  }

  /** The invitations to a room that were passed on from here, read again whenever something has changed. */
  openInvitations(room: RoomKey): LiveHandle<readonly MadeInvitation[]> {
    const live = new LiveValue<readonly MadeInvitation[]>();
    const onScreen = readOnScreen(this.#sync.facts, async () => {
      live.set(await this.people.made.list(room));
    });
    return { live, close: () => onScreen.close() };
  }

  sendMessage(room: RoomKey, text: string, replyTo?: string): Edited {
    const edit =
      replyTo === undefined
        ? textEdit(this.#compose, text)
        : replyEdit(this.#compose, BigInt(replyTo), text);
    return this.#submit(room, edit, this.#drafts.sent(room));
  }

  editMessage(room: RoomKey, id: string, text: string): Edited {
    const edit = changeEdit(this.#compose, BigInt(id), text);
    return this.#submit(room, edit, this.#drafts.changed(room));
  }

  deleteMessage(room: RoomKey, id: string): Edited {
    return this.#submit(room, deleteEdit(this.#compose, BigInt(id)));
  }

  react(room: RoomKey, id: string, emoji: string): Edited {
    return this.#submit(room, reactionEdit(this.#compose, BigInt(id), emoji));
  }

  async retryRefused(room: RoomKey, id: string): Edited {
    const again = await this.refused.again(room, id);
    if (!again) return err({ type: 'NotAllowed', reason: describeEditRefused(GONE) });
    return this.#submit(room, again.compose, again.alongside);
  }

  changeRoom(room: RoomKey, change: RoomChange): Edited {
    return this.#submit(room, configurationEdit(this.#compose, change));
  }

  async textLimit(room: RoomKey, writing: Writing): Promise<number | undefined> {
    const loaded = await this.#cache.get(room);
    return loaded.ok && loaded.value ? textLimit(loaded.value, writing) : undefined;
  }

  async #submit(room: RoomKey, edit: ComposeEdit<EditRefused>, alongside?: Alongside): Edited {
    return edited(this.#sync, room, await this.#edits.submit(room, edit, alongside));
  }
}

/** Takes the lock without waiting for it: an edit never waits for anything but its own transaction. */
function holdEditingLock(): () => void {
  let release = (): void => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  void navigator.locks.request(EDITING_LOCK, { mode: 'shared' }, () => held);
  return release;
}
