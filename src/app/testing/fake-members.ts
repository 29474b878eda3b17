import type { RoomKey } from '../../shared/brand.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { Conversation, EditError, Edited } from '../state/api.ts';
import type { BanItem, BanPreview, MembersApi } from '../state/members-api.ts';
import type { MemberItem } from '../state/people-api.ts';

type EditRoom = (room: RoomKey, change: (held: Conversation) => Conversation) => Edited;

/** Members in memory, for component tests: it remembers what it was asked, and says what a test has told it to. */
export class FakeMembers implements MembersApi {
  readonly asked: string[] = [];
  preview: BanPreview = { removes: ['Mirela', 'Bo'], messages: 3, ends: [] };
  banList: readonly BanItem[] = [];
  #refusal: EditError | undefined;
  readonly #edit: EditRoom;

  constructor(edit: EditRoom) {
    this.#edit = edit;
  }

  refuseNext(error: EditError): void {
    this.#refusal = error;
  }

  setNickname(room: RoomKey, name: string): Edited {
    return this.#change(room, `nickname ${name}`, (each) =>
      each.isSelf ? { ...each, name } : each,
    );
  }

  appointDeputy(room: RoomKey, memberId: string): Edited {
    return this.#change(room, `appoint ${memberId}`, (each) =>
      each.id === memberId ? { ...each, isDeputy: true, appointment: 'made' } : each,
    );
  }

  revokeDeputy(room: RoomKey, memberId: string): Edited {
    return this.#change(room, `revoke ${memberId}`, (each) =>
      each.id === memberId ? { ...each, isDeputy: false, appointment: 'possible' } : each,
    );
  }

  async banPreview(): Promise<BanPreview> {
    return this.preview;
  }

  ban(room: RoomKey, memberId: string): Edited {
    return this.#change(room, `ban ${memberId}`, (each) =>
      each.id === memberId ? undefined : each,
    );
  }

  async bans(): Promise<readonly BanItem[]> {
    return this.banList;
  }

  rotateSecret(room: RoomKey): Edited {
    const next = ({ details, ...held }: Conversation): Conversation => ({
      ...held,
      details: { ...details, secretVersion: (details.secretVersion ?? 0) + 1 },
    });
    return this.#asked('rotate') ?? this.#edit(room, next);
  }

  async setMuted(
    room: RoomKey,
    memberId: string,
    isMuted: boolean,
  ): Promise<Result<undefined, EditError>> {
    const done = await this.#change(room, `${isMuted ? 'mute' : 'unmute'} ${memberId}`, (each) =>
      each.id === memberId ? { ...each, isMuted } : each,
    );
    return done.ok ? ok(undefined) : done;
  }

  #change(
    room: RoomKey,
    what: string,
    change: (member: MemberItem) => MemberItem | undefined,
  ): Edited {
    const changed = (held: Conversation): Conversation => ({
      ...held,
      members: held.members.map(change).filter((each) => each !== undefined),
    });
    return this.#asked(what) ?? this.#edit(room, changed);
  }

  #asked(what: string): Edited | undefined {
    this.asked.push(what);
    const refusal = this.#refusal;
    this.#refusal = undefined;
    return refusal && Promise.resolve(err(refusal));
  }
}
