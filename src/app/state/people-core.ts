import {
  awaitingOwn,
  awaitingRoom,
  isAwaiting,
  type AwaitedRoom,
} from '../../persist/awaiting-room.ts';
import type { LoadedRoom } from '../../persist/loaded-room.ts';
import { viewOf } from '../../persist/listing.ts';
import type { RoomCache } from '../../persist/room-cache.ts';
import type { ComposeWholeRoom, WholeRoomChange } from '../../persist/whole-room.ts';
import { createRoom } from '../../river/edits/create-room.ts';
import type { EditRefused } from '../../river/edits/refused.ts';
import { invitationCode, invitationFingerprint } from '../../river/invitation.ts';
import { timeFromMillis } from '../../river/system-time.ts';
import type { RoomKey } from '../../shared/brand.ts';
import { toBase58 } from '../../shared/bytes.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { EditError, EditToken, Edited } from './api.ts';
import { DeclinedInvitations } from './declined-invitations.ts';
import { editWholeRoom, type WholeRoomEditDeps } from './edited.ts';
import { identityText, readIdentity } from './identities.ts';
import {
  acceptance,
  comingBack,
  offerOf,
  OTHER_KEY,
  readInvitationText,
  roomOfInvitation,
} from './invitations.ts';
import { MadeInvitations } from './made-invitations.ts';
import type {
  AcceptChoice,
  ImportError,
  InvitationOffer,
  InvitationText,
  NewRoomInput,
} from './people-api.ts';
import { ROOM_CONTRACT_CODE_HASH } from './room-contract.ts';
import { editError, NOT_HERE } from './room-edits.ts';

export interface PeopleDeps extends WholeRoomEditDeps {
  readonly cache: RoomCache;
  /** Where links to this app lead. */
  readonly origin: string;
}

/** Coming into rooms, being somebody in them, and leaving: the changes that touch more than what a room says. */
export class PeopleCore {
  readonly #deps: PeopleDeps;
  readonly #declined: DeclinedInvitations;
  readonly made: MadeInvitations;

  constructor(deps: PeopleDeps) {
    this.#deps = deps;
    this.made = new MadeInvitations({
      ...deps,
      changed: (room) => deps.sync.tell({ type: 'rooms-changed', rooms: [room] }),
    });
    this.#declined = new DeclinedInvitations(deps.db);
  }

  async createRoom({ name, nickname, isPrivate }: NewRoomInput): Edited {
    const { clock, random } = this.#deps.compose;
    const made = createRoom(
      {
        name,
        description: null,
        nickname,
        isPrivate,
        contractCodeHash: ROOM_CONTRACT_CODE_HASH,
        createdAt: timeFromMillis(clock.now()),
      },
      random,
    );
    if (!made.ok) return err(editError(made.error));
    const room = toBase58(made.value.ownerVk) as RoomKey;
    return this.#change(room, () => ok({ type: 'store', data: made.value, joined: false }));
  }

  async invite(room: RoomKey): Promise<Result<InvitationText, EditError>> {
    const made = await this.made.make(room);
    return made.ok ? ok(this.made.text(made.value)) : made;
  }

  async readInvitation(text: string): Promise<Result<InvitationOffer, string>> {
    const read = readInvitationText(text);
    if (!read.ok) return read;
    const loaded = await this.#deps.cache.get(roomOfInvitation(read.value));
    if (!loaded.ok) return err(`The room can’t be read in this browser (${loaded.error.path}).`);
    const fingerprint = invitationFingerprint(invitationCode(read.value));
    const declined = await this.#declined.has(fingerprint);
    return offerOf(read.value, loaded.value, this.#deps.compose.memo, declined);
  }

  async acceptInvitation(text: string, choice: AcceptChoice): Edited {
    const read = readInvitationText(text);
    if (!read.ok) return err({ type: 'NotAllowed', reason: read.error });
    const room = roomOfInvitation(read.value);
    const accepted = await this.#change(room, (stored) => {
      const change = acceptance(read.value, stored, choice, this.#deps.compose);
      if (!change.ok) return change;
      return change.value ? ok(change.value) : err(ALREADY_HERE);
    });
    if (accepted.ok) await this.#declined.remove(invitationFingerprint(invitationCode(read.value)));
    return accepted;
  }

  async declineInvitation(text: string): Promise<void> {
    const read = readInvitationText(text);
    if (read.ok) await this.#declined.add(invitationFingerprint(invitationCode(read.value)));
  }

  leave(room: RoomKey): Edited {
    return this.#change(room, (stored) =>
      stored?.status === 'present' ? ok({ type: 'leave' }) : err(NOT_HERE),
    );
  }

  comeBack(room: RoomKey): Edited {
    return this.#change(room, (stored) =>
      stored?.status === 'left' ? comingBack(stored, this.#deps.compose) : err(NOT_HERE),
    );
  }

  async exportIdentity(room: RoomKey): Promise<Result<string, EditError>> {
    const loaded = await this.#present(room);
    if (!loaded.ok) return loaded;
    const exported = identityText(loaded.value);
    return exported.ok ? exported : err(editError(exported.error));
  }

  async importIdentity(token: string, replace: boolean): Promise<Result<EditToken, ImportError>> {
    const read = readIdentity(token, this.#deps.compose.memo);
    if (!read.ok) return err({ type: 'NotAnIdentity', reason: read.error });
    const room = toBase58(read.value.owner) as RoomKey;
    const loaded = await this.#deps.cache.get(room);
    const held = loaded.ok ? loaded.value : undefined;
    if (held && !replace && !sameIdentity(held, read.value)) {
      return err({ type: 'WouldReplace', room, name: viewOf(held).name });
    }
    return this.#change(room, (stored) => {
      // another tab may have brought somebody else meanwhile
      if (stored && !replace && !sameIdentity(stored, read.value)) return err(OTHER_KEY);
      return ok(importing(stored, read.value));
    });
  }

  async #present(room: RoomKey): Promise<Result<LoadedRoom, EditError>> {
    const loaded = await this.#deps.cache.get(room);
    if (!loaded.ok) return err(editError(loaded.error));
    if (loaded.value?.status !== 'present') return err({ type: 'UnknownRoom', room });
    return ok(loaded.value);
  }

  #change(room: RoomKey, compose: ComposeWholeRoom<EditRefused>): Edited {
    return editWholeRoom(this.#deps, room, compose);
  }
}

const ALREADY_HERE: EditRefused = { type: 'NotAllowed', reason: 'You are in this room already.' };

const sameIdentity = ({ own }: LoadedRoom, { selfSk }: AwaitedRoom): boolean =>
  own.selfSk === null || toBase58(own.selfSk) === toBase58(selfSk);

/** An identity takes its place in a room that is here, or waits for one that is not. */
function importing(stored: LoadedRoom | undefined, identity: AwaitedRoom): WholeRoomChange {
  if (!stored) return { type: 'store', data: awaitingRoom(identity), joined: true };
  const brought = awaitingOwn(identity);
  if (!sameIdentity(stored, identity) || isAwaiting(stored.state)) {
    return { type: 'come-back', own: brought, delta: null };
  }
  const secrets = new Map([...brought.invitationSecrets, ...stored.own.invitationSecrets]);
  const own = {
    ...stored.own,
    selfSk: identity.selfSk,
    selfAuthorizedMember: stored.own.selfAuthorizedMember ?? brought.selfAuthorizedMember,
    inviteChain: stored.own.inviteChain.length > 0 ? stored.own.inviteChain : brought.inviteChain,
    selfMemberInfo: newer(stored.own.selfMemberInfo, brought.selfMemberInfo),
    selfNickname: stored.own.selfNickname ?? brought.selfNickname,
    invitationSecrets: [...secrets].sort(([a], [b]) => a - b),
  };
  return { type: 'come-back', own, delta: null };
}

type Info = AwaitedRoom['memberInfo'];

const newer = (a: Info, b: Info): Info =>
  b && (!a || b.memberInfo.version > a.memberInfo.version) ? b : a;
