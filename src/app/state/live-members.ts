import type { RoomKey } from '../../shared/brand.ts';
import type { Result } from '../../shared/result.ts';
import type { EditError, Edited } from './api.ts';
import type { BanItem, BanPreview, MembersApi } from './members-api.ts';
import type { RoomCore } from './room-core.ts';

/** What people do to each other in rooms, through the core, which is fetched when it is first asked for. */
export class LiveMembers implements MembersApi {
  readonly #core: () => Promise<RoomCore>;

  constructor(core: () => Promise<RoomCore>) {
    this.#core = core;
  }

  async setNickname(room: RoomKey, nickname: string): Edited {
    return (await this.#core()).members.setNickname(room, nickname);
  }

  async appointDeputy(room: RoomKey, memberId: string): Edited {
    return (await this.#core()).members.appointDeputy(room, memberId);
  }

  async revokeDeputy(room: RoomKey, memberId: string): Edited {
    return (await this.#core()).members.revokeDeputy(room, memberId);
  }

  async banPreview(room: RoomKey, memberId: string): Promise<BanPreview | undefined> {
    return (await this.#core()).members.banPreview(room, memberId);
  }

  async ban(room: RoomKey, memberId: string): Edited {
    return (await this.#core()).members.ban(room, memberId);
  }

  async bans(room: RoomKey): Promise<readonly BanItem[]> {
    return (await this.#core()).members.bans(room);
  }

  async rotateSecret(room: RoomKey): Edited {
    return (await this.#core()).members.rotateSecret(room);
  }

  async setMuted(
    room: RoomKey,
    memberId: string,
    muted: boolean,
  ): Promise<Result<undefined, EditError>> {
    return (await this.#core()).members.setMuted(room, memberId, muted);
  }
}
