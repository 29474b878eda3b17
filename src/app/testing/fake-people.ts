import type { RoomKey } from '../../shared/brand.ts';
import { LiveValue } from '../../shared/live-query.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { Conversation, EditError, EditToken, Edited } from '../state/api.ts';
import type { LiveHandle } from '../state/live-handle.ts';
import type {
  AcceptChoice,
  ImportError,
  InvitationOffer,
  InvitationText,
  MadeInvitation,
  NewRoomInput,
  PeopleApi,
  RoomChange,
} from '../state/people-api.ts';
import { room, roomKey } from './sample-rooms.ts';

interface FakeRooms {
  edit(room: RoomKey, change: (held: Conversation) => Conversation): Edited;
  add(conversation: Conversation): void;
  drop(room: RoomKey): void;
  has(room: RoomKey): boolean;
}

/** People in memory, for component tests: it remembers what it was asked, and says what a test has told it to. */
export class FakePeople implements PeopleApi {
  readonly asked: string[] = [];
  offer: Result<InvitationOffer, string> = ok({
    type: 'new',
    room: roomKey(9),
    suggestedName: 'Quick Otter',
    wasDeclined: false,
  });
  readonly made = new LiveValue<readonly MadeInvitation[]>();
  warning: string | undefined;
  #refusal: EditError | undefined;
  readonly #rooms: FakeRooms;
  readonly #left = new Map<RoomKey, Conversation>();
  #next = 20;

  constructor(rooms: FakeRooms) {
    this.#rooms = rooms;
  }

  refuseNext(error: EditError): void {
    this.#refusal = error;
  }

  createRoom({ name, nickname, isPrivate }: NewRoomInput): Edited {
    this.asked.push(`create ${name} as ${nickname}${isPrivate ? ' privately' : ''}`);
    return this.#enter(room(this.#next++, name, { isPrivate, canRename: true, memberCount: 1 }));
  }

  async invite(at: RoomKey): Promise<Result<InvitationText, EditError>> {
    const refusal = this.#take();
    if (refusal) return err(refusal);
    const code = `code${this.#next++}of${at.slice(0, 4)}`;
    const link = `http://localhost:7520/?invitation=${code}`;
    return ok({ code, link, ...(this.warning !== undefined && { warning: this.warning }) });
  }

  async keepInvitation(code: string): Promise<Result<undefined, EditError>> {
    this.asked.push(`keep ${code}`);
    const refusal = this.#take();
    if (refusal) return err(refusal);
    const text = { code, link: `http://localhost:7520/?invitation=${code}` };
    const made: MadeInvitation = {
      invitee: code,
      at: Date.now(),
      state: { type: 'pending', text },
    };
    this.made.set([made, ...(this.made.current ?? [])]);
    return ok(undefined);
  }

  invitations(): LiveHandle<readonly MadeInvitation[]> {
    return { live: this.made, close: () => {} };
  }

  async forgetInvitation(at: RoomKey, invitee: string): Promise<Result<undefined, EditError>> {
    this.asked.push(`forget ${invitee} of ${at}`);
    this.made.set((this.made.current ?? []).filter((each) => each.invitee !== invitee));
    return ok(undefined);
  }

  async readInvitation(): Promise<Result<InvitationOffer, string>> {
    return this.offer;
  }

  acceptInvitation(text: string, { nickname, replace }: AcceptChoice): Edited {
    this.asked.push(`accept ${text} as ${nickname}${replace ? ', replacing' : ''}`);
    const at = this.offer.ok ? this.offer.value.room : roomKey(9);
    return this.#enter({ ...room(9, 'New room', { isAwaiting: true }), room: at });
  }

  async declineInvitation(text: string): Promise<void> {
    this.asked.push(`decline ${text}`);
  }

  leave(at: RoomKey): Edited {
    this.asked.push(`leave ${at}`);
    return this.#rooms.edit(at, (held) => {
      this.#left.set(at, held);
      queueMicrotask(() => this.#rooms.drop(at));
      return held;
    });
  }

  comeBack(at: RoomKey): Edited {
    this.asked.push(`come back ${at}`);
    const held = this.#left.get(at);
    return held
      ? this.#enter(held)
      : Promise.resolve(err<EditError>({ type: 'UnknownRoom', room: at }));
  }

  changeRoom(at: RoomKey, change: RoomChange): Edited {
    this.asked.push(`change ${JSON.stringify(change)}`);
    return this.#orRefuse(() =>
      this.#rooms.edit(at, ({ description, ...held }) => ({
        ...held,
        ...(change.name !== undefined && { name: change.name }),
        ...(change.description === undefined && description !== undefined && { description }),
        ...(typeof change.description === 'string' && { description: change.description }),
        details: { ...held.details, limits: { ...held.details.limits, ...change.limits } },
      })),
    );
  }

  async exportIdentity(): Promise<Result<string, EditError>> {
    return ok('-----BEGIN RIVER IDENTITY-----\nabc\n-----END RIVER IDENTITY-----');
  }

  async importIdentity(token: string, replace: boolean): Promise<Result<EditToken, ImportError>> {
    if (!token.includes('RIVER IDENTITY')) {
      return err({ type: 'NotAnIdentity', reason: 'This is no identity.' });
    }
    this.asked.push(`import ${token}${replace ? ', replacing' : ''}`);
    return this.#enter(room(9, 'New room', { isAwaiting: true }));
  }

  async #enter(conversation: Conversation): Edited {
    const refusal = this.#take();
    if (refusal) return err(refusal);
    if (!this.#rooms.has(conversation.room)) this.#rooms.add(conversation);
    return ok({ path: 'rooms', key: conversation.room, seq: this.#next++ });
  }

  async #orRefuse(run: () => Edited): Edited {
    const refusal = this.#take();
    return refusal ? err(refusal) : run();
  }

  #take(): EditError | undefined {
    const refusal = this.#refusal;
    this.#refusal = undefined;
    return refusal;
  }
}
