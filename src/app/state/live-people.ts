import type { RoomKey } from '../../shared/brand.ts';
import type { Result } from '../../shared/result.ts';
import type { EditError, EditToken, Edited } from './api.ts';
import { openLater, type LiveHandle } from './live-handle.ts';
import type {
  AcceptChoice,
  ImportError,
  InvitationOffer,
  InvitationText,
  MadeInvitation,
  NewRoomInput,
  PeopleApi,
  RoomChange,
} from './people-api.ts';
import type { RoomCore } from './room-core.ts';

/** What people do in and around rooms, through the core, which is fetched when it is first asked for. */
export class LivePeople implements PeopleApi {
  readonly #core: () => Promise<RoomCore>;

  constructor(core: () => Promise<RoomCore>) {
    this.#core = core;
  }

  async createRoom(room: NewRoomInput): Edited {
    return (await this.#core()).people.createRoom(room);
  }

  async invite(room: RoomKey): Promise<Result<InvitationText, EditError>> {
    return (await this.#core()).people.invite(room);
  }

  async keepInvitation(code: string): Promise<Result<undefined, EditError>> {
    return (await this.#core()).people.made.keep(code);
  }

  invitations(room: RoomKey): LiveHandle<readonly MadeInvitation[]> {
    return openLater(this.#core(), (core) => core.openInvitations(room));
  }

  async forgetInvitation(room: RoomKey, invitee: string): Promise<Result<undefined, EditError>> {
    return (await this.#core()).people.made.forget(room, invitee);
  }

  async readInvitation(text: string): Promise<Result<InvitationOffer, string>> {
    return (await this.#core()).people.readInvitation(text);
  }

  async acceptInvitation(text: string, choice: AcceptChoice): Edited {
    return (await this.#core()).people.acceptInvitation(text, choice);
  }

  async declineInvitation(text: string): Promise<void> {
    await (await this.#core()).people.declineInvitation(text);
  }

  async leave(room: RoomKey): Edited {
    return (await this.#core()).people.leave(room);
  }

  async comeBack(room: RoomKey): Edited {
    return (await this.#core()).people.comeBack(room);
  }

  async changeRoom(room: RoomKey, change: RoomChange): Edited {
    return (await this.#core()).changeRoom(room, change);
  }

  async exportIdentity(room: RoomKey): Promise<Result<string, EditError>> {
    return (await this.#core()).people.exportIdentity(room);
  }

  async importIdentity(token: string, replace: boolean): Promise<Result<EditToken, ImportError>> {
    return (await this.#core()).people.importIdentity(token, replace);
  }
}
