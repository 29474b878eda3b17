import { stored } from '../../persist/database.ts';
import type { Alongside, ComposeEdit, EditQueue } from '../../persist/edit-queue.ts';
import { viewOf } from '../../persist/listing.ts';
import type { LoadedRoom } from '../../persist/loaded-room.ts';
import { changeNote, memberNotesIn } from '../../persist/member-notes.ts';
import { mute } from '../../persist/mute.ts';
import type { RoomCache } from '../../persist/room-cache.ts';
import {
  currentSecret,
  editRoom,
  isPrivateRoom,
  type EditRandom,
  type EditRoom,
} from '../../river/edits/author.ts';
import { banRefusal } from '../../river/edits/bans.ts';
import { composeAppointment, composeRevocation } from '../../river/edits/deputies.ts';
import { composeMemberInfo, type ComposedMemberInfo } from '../../river/edits/member-info.ts';
import { describeEditRefused, type EditRefused } from '../../river/edits/refused.ts';
import { composeRotation } from '../../river/edits/secrets.ts';
import { composeSecretUpkeep } from '../../river/edits/secret-upkeep.ts';
import { memberLabel, type MemberId } from '../../river/ids.ts';
import { shownName } from '../../river/names/display-name.ts';
import { millisFromTime, timeFromMillis } from '../../river/system-time.ts';
import { membersById } from '../../river/rules/context.ts';
import { canonicalInfos } from '../../river/rules/member-info.ts';
import { madeWayFor, viewBans } from '../../river/view/bans.ts';
import type { RoomKey } from '../../shared/brand.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { EditError, Edited } from './api.ts';
import { edited, editWholeRoom, type WholeRoomEditDeps } from './edited.ts';
import type { BanItem, BanPreview, MemberName, MembersApi } from './members-api.ts';
import { withInvited } from './members-of.ts';
import { banEdit, NOT_HERE, type ComposeDeps } from './room-edits.ts';

export interface MembersDeps extends WholeRoomEditDeps {
  readonly cache: RoomCache;
  readonly edits: EditQueue;
}

/** Names, deputies, bans and secrets, as far as they need the inside of rooms. */
export class MembersCore implements MembersApi {
  readonly #deps: MembersDeps;

  constructor(deps: MembersDeps) {
    this.#deps = deps;
  }

  setNickname(room: RoomKey, nickname: string): Edited {
    return this.#changeInfo(
      room,
      (edit, random) => composeMemberInfo(edit, { nickname }, random),
      nickname,
    );
  }

  appointDeputy(room: RoomKey, memberId: string): Edited {
    return this.#changeInfo(room, (edit, random) =>
      composeAppointment(edit, BigInt(memberId), random),
    );
  }

  revokeDeputy(room: RoomKey, memberId: string): Edited {
    return this.#changeInfo(room, (edit, random) =>
      composeRevocation(edit, BigInt(memberId), random),
    );
  }

  async banPreview(room: RoomKey, memberId: string): Promise<BanPreview | undefined> {
    const { cache, compose } = this.#deps;
    const loaded = await cache.get(room);
    if (!loaded.ok || loaded.value?.status !== 'present') return undefined;
    const { state, own, params } = loaded.value;
    const edit = editRoom(state, own, compose.memo);
    if (!edit.ok) {
      return { refusal: describeEditRefused(edit.error), removes: [], messages: 0, ends: [] };
    }
    const id = BigInt(memberId);
    const refused = banRefusal(edit.value, id);
    const gone = withInvited(loaded.value, id);
    const view = viewOf(loaded.value);
    const ids = new Set(gone);
    const ends = madeWayFor({ state, params, memo: compose.memo });
    const names = await this.#namesOfBanned(room);
    const secret = edit.value.author.isOwner ? 'now' : 'by-owner';
    return {
      ...(refused && { refusal: describeEditRefused(refused) }),
      removes: gone.map((each) => shownName(view.nameOf(each))),
      messages: view.messages().filter((message) => ids.has(message.author)).length,
      ends: ends
        .filter((each) => each.state === 'in-force')
        .map(({ target }) => names.get(String(target)) ?? memberLabel(target)),
      ...(isPrivateRoom(edit.value) && { secret }),
    };
  }

  /** The ban, and by what name the member went: one transaction. */
  async ban(room: RoomKey, memberId: string): Edited {
    const id = BigInt(memberId);
    const edit = banEdit(this.#deps.compose, id);
    let name = memberLabel(id);
    return this.#submit(
      room,
      (loaded) => {
        name = shownName(viewOf(loaded).nameOf(id));
        return edit(loaded);
      },
      {
        stores: ['member_notes'],
        write: (tx, _, at) =>
          changeNote(tx, room, memberId, (note) => ({ ...note, banned: { at, name } })),
      },
    );
  }

  async bans(room: RoomKey): Promise<readonly BanItem[]> {
    const { cache, compose, db } = this.#deps;
    const loaded = await cache.stored(room);
    if (!loaded.ok || !loaded.value) return [];
    const { state, params } = loaded.value;
    const held = viewBans({ state, params, memo: compose.memo });
    const notes = await db.read(['member_notes'], (tx) => memberNotesIn(tx, room));
    const names = new Map(notes.map(({ member, banned }) => [member, banned?.name]));
    const view = viewOf(loaded.value);
    const here = new Set([view.ownerId, ...view.members.map(({ id }) => id)]);
    const named = (id: MemberId): MemberName => ({
      id: String(id),
      name: here.has(id) ? shownName(view.nameOf(id)) : (names.get(String(id)) ?? memberLabel(id)),
    });
    const targets = new Set(held.map(({ target }) => String(target)));
    const self = view.selfId ?? view.ownerId;
    return [
      ...held.map(({ id, target, by, at, state: how }) => ({
        id: String(id),
        member: named(target),
        by: named(by),
        at: millisFromTime(at),
        state: how,
      })),
      ...notes.flatMap(({ member, banned }): BanItem[] => {
        if (!banned || targets.has(member)) return [];
        const gone = { id: member, name: banned.name };
        return [{ id: member, member: gone, by: named(self), at: banned.at, state: 'ended' }];
      }),
    ].sort((a, b) => b.at - a.at);
  }

  rotateSecret(room: RoomKey): Edited {
    const { memo, clock } = this.#deps.compose;
    return this.#submit(room, (loaded) => {
      const edit = editRoom(loaded.state, loaded.own, memo);
      if (!edit.ok) return edit;
      if (loaded.state.members.length === 0) return err(NOBODY_ELSE);
      return composeRotation(edit.value, timeFromMillis(clock.now()));
    });
  }

  async setMuted(
    room: RoomKey,
    memberId: string,
    muted: boolean,
  ): Promise<Result<undefined, EditError>> {
    const { db, compose, sync } = this.#deps;
    const at = muted ? compose.clock.now() : undefined;
    const written = await stored(mute(db, room, memberId, at));
    if (!written.ok) return written;
    sync.tell({ type: 'rooms-changed', rooms: [room] });
    return ok(undefined);
  }

  /**
   * What private rooms are owed, for the one tab that hears what others write: secrets by their owner, and the name of who joined
   * before the secret that it has to be sealed with was here.
   */
  async keepUp(rooms: readonly RoomKey[]): Promise<void> {
    const { cache, compose } = this.#deps;
    for (const room of await this.#privateOnes(rooms)) {
      const loaded = await cache.stored(room);
      if (!loaded.ok || loaded.value?.status !== 'present') continue;
      const name = owedName(loaded.value, compose);
      if (name !== undefined) await this.setNickname(room, name);
      if (name !== undefined || !this.#owes(loaded.value)) continue;
      // an edit like any other: refused when the room has moved on and owes nothing any more
      await this.#submit(room, (now) => {
        const owed = secretUpkeep(now, compose);
        if (!owed.ok) return owed;
        return owed.value ? ok(owed.value) : err(NOTHING_OWED);
      });
    }
  }

  /** By the small rows: only these are worth being read whole. */
  #privateOnes(rooms: readonly RoomKey[]): Promise<readonly RoomKey[]> {
    return this.#deps.db.read(['rooms'], async (tx) => {
      const rows = await Promise.all(rooms.map((room) => tx.objectStore('rooms').get(room)));
      return rows.flatMap((row) =>
        row?.status === 'present' && row.listing.isPrivate ? [row.room] : [],
      );
    });
  }

  #owes(loaded: LoadedRoom): boolean {
    const owed = secretUpkeep(loaded, this.#deps.compose);
    return owed.ok && owed.value !== null;
  }

  /** One signed record holds a person's name and deputies, and is kept with their key too. */
  #changeInfo(
    room: RoomKey,
    compose: (room: EditRoom, random: EditRandom) => Result<ComposedMemberInfo, EditRefused>,
    selfNickname?: string,
  ): Edited {
    const { memo, random } = this.#deps.compose;
    return editWholeRoom(this.#deps, room, (stored) => {
      if (stored?.status !== 'present') return err(NOT_HERE);
      const edit = editRoom(stored.state, stored.own, memo);
      if (!edit.ok) return edit;
      const composed = compose(edit.value, random);
      if (!composed.ok) return composed;
      const { memberInfo: selfMemberInfo, delta } = composed.value;
      const named = selfNickname === undefined ? {} : { selfNickname };
      return ok({ type: 'own', own: { ...stored.own, selfMemberInfo, ...named }, delta });
    });
  }

  async #submit(room: RoomKey, edit: ComposeEdit<EditRefused>, alongside?: Alongside): Edited {
    const { edits, sync } = this.#deps;
    return edited(sync, room, await edits.submit(room, edit, alongside));
  }

  async #namesOfBanned(room: RoomKey): Promise<ReadonlyMap<string, string>> {
    const notes = await this.#deps.db.read(['member_notes'], (tx) => memberNotesIn(tx, room));
    return new Map(
      notes.flatMap(({ member, banned }) => (banned ? [[member, banned.name] as const] : [])),
    );
  }
}

const NOTHING_OWED: EditRefused = { type: 'NotAllowed', reason: 'Nobody lacks the secret.' };
const NOBODY_ELSE: EditRefused = {
  type: 'NotAllowed',
  reason: 'Nobody else is in the room: there is nobody to exchange the secret with.',
};

/** What the person wanted to be called, as long as the room has no name for them and could take one. */
function owedName({ state, own }: LoadedRoom, { memo }: ComposeDeps): string | undefined {
  if (own.selfNickname === null || own.selfMemberInfo !== null) return undefined;
  const edit = editRoom(state, own, memo);
  if (!edit.ok || !membersById(state.members).has(edit.value.author.id)) return undefined;
  const isNamed = canonicalInfos(state.memberInfo).has(edit.value.author.id);
  return !isNamed && currentSecret(edit.value).ok ? own.selfNickname : undefined;
}

function secretUpkeep({ state, own }: LoadedRoom, { memo, clock }: ComposeDeps) {
  const edit = editRoom(state, own, memo);
  return edit.ok ? composeSecretUpkeep(edit.value, timeFromMillis(clock.now())) : edit;
}
