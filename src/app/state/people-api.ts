import type { Millis, RoomKey } from '../../shared/brand.ts';
import type { Result } from '../../shared/result.ts';
import type { EditError, EditToken, Edited } from './api.ts';
import type { LiveHandle } from './live-handle.ts';
import type { MemberName, Resemblance } from './members-api.ts';

/** Who is in rooms, and how the person comes in and goes: every change is durable here before it resolves, with or without node. */
export interface PeopleApi {
  /** A room of one's own; the token's key names it. */
  createRoom(room: NewRoomInput): Edited;
  /** An invitation for one person. Nothing is written: it lives in the code alone. */
  invite(room: RoomKey): Promise<Result<InvitationText, EditError>>;
  /** Remembers, in this browser alone, an invitation that the person has passed on. */
  keepInvitation(code: string): Promise<Result<undefined, EditError>>;
  /** Those for a room that were passed on from this browser, and what has become of them. `close` ends the watching. */
  invitations(room: RoomKey): LiveHandle<readonly MadeInvitation[]>;
  /** Takes one from that list. The invitation itself can't be taken back by anything. */
  forgetInvitation(room: RoomKey, invitee: string): Promise<Result<undefined, EditError>>;
  /** Reads a code or a link with one, and says what it would do here. The error is a sentence. */
  readInvitation(text: string): Promise<Result<InvitationOffer, string>>;
  acceptInvitation(text: string, choice: AcceptChoice): Edited;
  /** The link does not ask again. */
  declineInvitation(text: string): Promise<void>;
  leave(room: RoomKey): Edited;
  /** Takes a leave back, with the key that the person had. */
  comeBack(room: RoomKey): Edited;
  /** Name, description and limits; what is left out stays. */
  changeRoom(room: RoomKey, change: RoomChange): Edited;
  /** The person's identity in a room as text. Holds their private key. */
  exportIdentity(room: RoomKey): Promise<Result<string, EditError>>;
  importIdentity(token: string, replace: boolean): Promise<Result<EditToken, ImportError>>;
}

export interface NewRoomInput {
  readonly name: string;
  readonly nickname: string;
  readonly isPrivate: boolean;
}

export interface InvitationText {
  readonly link: string;
  readonly code: string;
  /** Why it may not work as it is, in words. */
  readonly warning?: string;
}

/** An invitation that was passed on from this browser. */
export interface MadeInvitation {
  /** Member id of the invited key, as a signed decimal. */
  readonly invitee: string;
  readonly at: Millis;
  /** Who got it as a direct message. */
  readonly sentTo?: string;
  readonly state:
    /** Nobody has come with it yet, as far as this browser knows. */
    | { readonly type: 'pending'; readonly text: InvitationText }
    | { readonly type: 'used'; readonly by: string }
    /** It opens nothing as the room is now; `reason` is a sentence. */
    | { readonly type: 'void'; readonly reason: string };
}

export interface AcceptChoice {
  readonly nickname: string;
  /** The person agreed that the key they hold here is replaced. */
  readonly replace: boolean;
}

export type InvitationOffer =
  | {
      readonly type: 'new';
      readonly room: RoomKey;
      readonly suggestedName: string;
      /** Its link was declined before. */
      readonly wasDeclined: boolean;
    }
  /** The person is in the room: nothing would change. */
  | { readonly type: 'already-here'; readonly room: RoomKey; readonly name: string }
  /** The room was left, and the key that the person had there still opens it. */
  | { readonly type: 'come-back'; readonly room: RoomKey; readonly name: string }
  /** The key that is held here can't act in the room any more: the invited one would take its place. */
  | {
      readonly type: 'replace';
      readonly room: RoomKey;
      readonly name: string;
      readonly reason: string;
      readonly suggestedName: string;
    };

export interface RoomChange {
  readonly name?: string;
  /** null takes it away. */
  readonly description?: string | null;
  readonly limits?: Partial<RoomLimits>;
}

/** Counts, or lengths in bytes. */
export interface RoomLimits {
  readonly maxMembers: number;
  readonly maxRecentMessages: number;
  readonly maxMessageSize: number;
  readonly maxUserBans: number;
  readonly maxNicknameSize: number;
  readonly maxRoomName: number;
  readonly maxRoomDescription: number;
}

export type ImportError =
  | EditError
  | { readonly type: 'NotAnIdentity'; readonly reason: string }
  /** Another key is held for the room: only with the person's word is it replaced. */
  | { readonly type: 'WouldReplace'; readonly room: RoomKey; readonly name: string };

/** A member as the screens show one. */
export interface MemberItem {
  /** Signed decimal of the 64-bit member id. */
  readonly id: string;
  /** 8 characters; two members can share one. */
  readonly label: string;
  readonly name: string;
  /** The token that mentions them in a text. */
  readonly mention: string;
  readonly isOwner: boolean;
  readonly isSelf: boolean;
  /** Of the owner, of somebody above the person, or of the person. */
  readonly isDeputy: boolean;
  /** Who made them a deputy; those who matter to the person first. */
  readonly appointedBy: readonly MemberName[];
  /** Whom they made deputies. */
  readonly deputies: readonly MemberName[];
  readonly canBanYou: boolean;
  /** `possible`: the person may make them a deputy; `made`: has done so, and may take it back. */
  readonly appointment?: 'possible' | 'made';
  /** Their name looks like that of somebody whom one should be able to trust. */
  readonly resembles?: Resemblance;
  /** Nothing of theirs is shown in this browser. */
  readonly isMuted: boolean;
  /** The person, while the room does not list them: they are listed again with the next thing they write. */
  readonly isUnlisted?: true;
  readonly invitedBy?: { readonly id: string; readonly name: string };
  /** How far below the owner in the tree, where deputies are below who appointed them; 0 is the owner. */
  readonly depth: number;
  readonly relation?: 'invited-by-you' | 'in-your-network' | 'invited-you' | 'above-you';
}

export interface RoomDetails {
  readonly contractId: string;
  readonly limits: RoomLimits;
  /** Of a private room. */
  readonly secretVersion?: number;
  /** Those of its secrets that are not here, ascending; with the current one among them nothing can be written. */
  readonly missingSecrets: readonly number[];
}
