import { isAwaiting } from '../../persist/awaiting-room.ts';
import { stored, type WeirDatabase, type WriteTx } from '../../persist/database.ts';
import { viewOf } from '../../persist/listing.ts';
import type { LoadedRoom } from '../../persist/loaded-room.ts';
import { keepMade, madeInvitations, markUsed } from '../../persist/made-invitations.ts';
import type { RoomCache } from '../../persist/room-cache.ts';
import type { MadeInvitationRow, RoomRow } from '../../persist/schema.ts';
import { editRoom, isPrivateRoom, presenceDelta, type EditRoom } from '../../river/edits/author.ts';
import { memberId, type MemberId } from '../../river/ids.ts';
import {
  checkInvitation,
  createInvitation,
  invitationCode,
  parseInvitation,
  type Invitation,
} from '../../river/invitation.ts';
import { shownName } from '../../river/names/display-name.ts';
import type { SignatureMemo } from '../../river/signatures/memo.ts';
import type { RoomKey } from '../../shared/brand.ts';
import { err, ok, unreachable, type Result } from '../../shared/result.ts';
import type { EditError } from './api.ts';
import { inviteText } from './invite-text.ts';
import { readInvitationText, roomOfInvitation } from './invitations.ts';
import type { InvitationText, MadeInvitation } from './people-api.ts';
import { editError, type ComposeDeps } from './room-edits.ts';

export interface MadeInvitationsDeps {
  readonly db: WeirDatabase;
  readonly cache: RoomCache;
  readonly compose: ComposeDeps;
  /** Where links to this app lead. */
  readonly origin: string;
  /** Called when something about a room's invitations was written. */
  readonly changed: (room: RoomKey) => void;
}

/** An invitation to a room, and why it may not work as it is. */
export interface NewInvitation {
  readonly invitation: Invitation;
  readonly warning?: string;
}

/**
 * Invitations that the person makes: what was passed on is remembered in this browser, since a room knows nothing of an invitation
 * until somebody comes with it.
 */
export class MadeInvitations {
  readonly #deps: MadeInvitationsDeps;

  constructor(deps: MadeInvitationsDeps) {
    this.#deps = deps;
  }

  /** A new one. Nothing is written: it lives in the code alone. */
  async make(room: RoomKey): Promise<Result<NewInvitation, EditError>> {
    const { cache, compose } = this.#deps;
    const loaded = await cache.get(room);
    if (!loaded.ok) return err(editError(loaded.error));
    if (loaded.value?.status !== 'present') return err({ type: 'UnknownRoom', room });
    const edit = editRoom(loaded.value.state, loaded.value.own, compose.memo);
    if (!edit.ok) return err(editError(edit.error));
    const made = createInvitation(edit.value, compose.random);
    if (!made.ok) return err(editError(made.error));
    const warning = warningOf(edit.value);
    return ok({ invitation: made.value, ...(warning !== undefined && { warning }) });
  }

  text({ invitation, warning }: NewInvitation): InvitationText {
    return {
      ...textOf(invitationCode(invitation), this.#deps.origin),
      ...(warning !== undefined && { warning }),
    };
  }

  async keep(code: string): Promise<Result<undefined, EditError>> {
    const read = readInvitationText(code);
    if (!read.ok) return err({ type: 'NotAllowed', reason: read.error });
    const row = madeRow(read.value, this.#deps.compose.clock.now());
    return this.#write(row.room, (tx) => keepMade(tx, row));
  }

  forget(room: RoomKey, invitee: string): Promise<Result<undefined, EditError>> {
    return this.#write(room, (tx) => tx.objectStore('made_invitations').delete([room, invitee]));
  }

  /** Those for a room, the newest first. Of one that has been used the code, which holds a key, is forgotten. */
  async list(room: RoomKey): Promise<readonly MadeInvitation[]> {
    const { db, cache, compose, origin } = this.#deps;
    const { rows, rooms } = await db.read(['made_invitations', 'rooms'], async (tx) => ({
      rows: await madeInvitations(tx, room),
      rooms: await tx.objectStore('rooms').getAll(),
    }));
    if (rows.length === 0) return [];
    const loaded = await cache.stored(room);
    if (!loaded.ok || !loaded.value) return [];
    const { value } = loaded;
    const shown = rows.map((row) => madeOf(row, value, rooms, compose.memo, origin));
    const used = rows.filter((row, i) => row.code !== '' && shown[i]?.state.type === 'used');
    if (used.length > 0) {
      await db.write(['made_invitations'], 'relaxed', async (tx) => {
        for (const { invitee } of used) await markUsed(tx, room, invitee);
      });
    }
    return shown;
  }

  async #write(
    room: RoomKey,
    write: (tx: WriteTx) => Promise<void>,
  ): Promise<Result<undefined, EditError>> {
    const written = await stored(this.#deps.db.write(['made_invitations'], 'strict', write));
    if (!written.ok) return written;
    this.#deps.changed(room);
    return ok(undefined);
  }
}

export const madeRow = (invitation: Invitation, at: number): MadeInvitationRow => ({
  room: roomOfInvitation(invitation),
  invitee: String(memberId(invitation.invitee.member.memberVk)),
  code: invitationCode(invitation),
  at,
});

const textOf = (code: string, origin: string): InvitationText => ({
  code,
  link: `${origin}/?invitation=${code}`,
});

/** What stands in the way of whoever comes with an invitation that is made now. */
function warningOf(room: EditRoom): string | undefined {
  const { state, author } = room;
  const presence = presenceDelta(room);
  if (presence.ok && presence.value.members !== null) return inviteText.warning.notListed;
  const { maxMembers } = state.configuration.configuration;
  if (state.members.length >= maxMembers) return inviteText.warning.full(maxMembers);
  if (isPrivateRoom(room) && author.secrets.size === 0) return inviteText.warning.unread;
  return undefined;
}

function madeOf(
  row: MadeInvitationRow,
  loaded: LoadedRoom,
  rooms: readonly RoomRow[],
  memo: SignatureMemo,
  origin: string,
): MadeInvitation {
  const { invitee, at } = row;
  const sentTo = sentToOf(row, rooms);
  return {
    invitee,
    at,
    ...(sentTo !== undefined && { sentTo }),
    state: stateOf(row, loaded, memo, origin),
  };
}

function sentToOf({ sentTo }: MadeInvitationRow, rooms: readonly RoomRow[]): string | undefined {
  if (!sentTo) return undefined;
  const { dms = [] } = rooms.find(({ room }) => room === sentTo.room)?.listing ?? {};
  const name = dms.find(({ peer }) => peer === sentTo.peer)?.name;
  return name === undefined ? undefined : shownName(name);
}

function stateOf(
  { code, invitee }: MadeInvitationRow,
  loaded: LoadedRoom,
  memo: SignatureMemo,
  origin: string,
): MadeInvitation['state'] {
  const { state, params } = loaded;
  const id = BigInt(invitee) as MemberId;
  const used = { type: 'used', by: shownName(viewOf(loaded).nameOf(id)) } as const;
  const read = parseInvitation(code);
  if (code === '' || !read.ok) return used;
  const pending = { type: 'pending', text: textOf(code, origin) } as const;
  if (isAwaiting(state)) return pending;
  if (isBanned(loaded, id)) return { type: 'void', reason: inviteText.void.banned };
  const { type } = checkInvitation(read.value, state, params.owner, memo);
  switch (type) {
    case 'already-a-member':
      return used;
    case 'good':
      return pending;
    case 'inviter-gone':
    case 'forged':
    case 'another-room':
      return { type: 'void', reason: whyVoid(loaded, read.value, memo) };
    default:
      return unreachable(type);
  }
}

export const isBanned = ({ state }: LoadedRoom, id: MemberId): boolean =>
  state.bans.some(({ ban }) => ban.bannedUser === id);

/** The inviter is not in the list of members: for a while, when it is the person, who may come back by writing. */
function whyVoid({ state, own }: LoadedRoom, made: Invitation, memo: SignatureMemo): string {
  const edit = editRoom(state, own, memo);
  const isMine = edit.ok && edit.value.author.id === made.invitee.member.invitedBy;
  return isMine && presenceDelta(edit.value).ok ? inviteText.void.notListed : inviteText.void.gone;
}
