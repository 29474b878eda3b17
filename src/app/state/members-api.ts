import type { Millis, RoomKey } from '../../shared/brand.ts';
import type { Result } from '../../shared/result.ts';
import type { EditError, Edited } from './api.ts';

/** What people do to each other in a room: every change is durable here before it resolves, with or without node. */
export interface MembersApi {
  setNickname(room: RoomKey, nickname: string): Edited;
  /** Lets a member ban where the person may: below them, or, for the owner, anywhere. */
  appointDeputy(room: RoomKey, memberId: string): Edited;
  revokeDeputy(room: RoomKey, memberId: string): Edited;
  /** What a ban would do, or why the person can't ban. */
  banPreview(room: RoomKey, memberId: string): Promise<BanPreview | undefined>;
  ban(room: RoomKey, memberId: string): Edited;
  /** The room's bans, the newest first, and those made here that the room has dropped. */
  bans(room: RoomKey): Promise<readonly BanItem[]>;
  /** A new secret for a private room of one's own: who has left can't read what comes next. */
  rotateSecret(room: RoomKey): Edited;
  /** Shows nothing of somebody in this browser any more, or shows it again. Nobody else knows. */
  setMuted(room: RoomKey, memberId: string, muted: boolean): Promise<Result<undefined, EditError>>;
}

export interface BanPreview {
  /** Why it can't be done. */
  readonly refusal?: string;
  /** Names of everybody who would go: the member first, then everyone they invited, and so on. */
  readonly removes: readonly string[];
  readonly messages: number;
  /** Whose bans would end, since the room keeps only so many. */
  readonly ends: readonly string[];
  /** In a room of one's own, the secret is exchanged with it; in somebody else's, when its owner hears of it. */
  readonly secret?: 'now' | 'by-owner';
}

export interface BanItem {
  readonly id: string;
  readonly member: MemberName;
  readonly by: MemberName;
  readonly at: Millis;
  /** `ended`: made here, and dropped by the room, which keeps only so many. */
  readonly state: 'in-force' | 'banner-gone' | 'no-authority' | 'ended';
}

export interface MemberName {
  /** Signed decimal of the 64-bit member id. */
  readonly id: string;
  /** The short id where no name is known. */
  readonly name: string;
}

/** Somebody whose name another one looks like. */
export interface Resemblance {
  readonly name: string;
  readonly role: 'owner' | 'deputy';
}
