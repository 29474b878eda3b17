import { equalBytes } from '../shared/bytes.ts';
import { memberId, messageId, type MemberId, type MessageId } from './ids.ts';
import { applyActions, type AppliedActions } from './message-content.ts';
import type { OutboundDm } from './outbound-dms.ts';
import { selfIdOf, selfKeyOf, type OwnRoomData } from './room-data.ts';
import { CONTENT_TYPE_EVENT } from './room-state/content-types.ts';
import type { AuthorizedMessage } from './room-state/messages.ts';
import type { RoomState } from './room-state/room-state.ts';
import { readableSecrets, type SecretsByVersion } from './secrets.ts';
import { isAddressedTo } from './view/addressed.ts';
import { viewDirectMessages, type DirectMessageView } from './view/direct-messages.ts';
import { nicknameOf, viewMembers, type MemberView } from './view/members.ts';
import { isVisible, viewMessages, type MessageReader, type MessageView } from './view/messages.ts';
import { sealedText } from './view/sealed-text.ts';

/**
 * A room as one person sees it. It shows the state as it was when the view was made; make another after a change, which is cheap:
 * what was decoded and decrypted is remembered with the records.
 */
export class RoomView {
  readonly ownerId: MemberId;
  /** Undefined where neither key nor public key of the person are known. */
  readonly selfId: MemberId | undefined;
  readonly secrets: SecretsByVersion;
  readonly #state: RoomState;
  readonly #own: OwnRoomData;
  readonly #muted: ReadonlySet<MemberId>;
  #members: readonly MemberView[] | undefined;
  #actions: AppliedActions | undefined;
  #names: ReadonlyMap<MemberId, string> | undefined;
  #unread: readonly AuthorizedMessage[] | undefined;

  /** @param muted people of whom nothing counts as unread */
  constructor(state: RoomState, own: OwnRoomData, muted: ReadonlySet<MemberId> = new Set()) {
    this.#state = { ...state };
    this.#own = own;
    this.#muted = muted;
    this.ownerId = memberId(own.ownerVk);
    this.selfId = selfIdOf(own);
    this.secrets = readableSecrets(state.secrets, own.selfSk, own.invitationSecrets);
  }

  get name(): string {
    return sealedText(this.#state.configuration.configuration.display.name, this.secrets);
  }

  get description(): string | null {
    const { description } = this.#state.configuration.configuration.display;
    return description === null ? null : sealedText(description, this.secrets);
  }

  get isPrivate(): boolean {
    return this.#state.configuration.configuration.privacyMode === 'Private';
  }

  /** Whether the person holds the owner's key, and so may change the room. */
  get isOwner(): boolean {
    const selfVk = this.#own.selfSk === null ? null : selfKeyOf(this.#own);
    return selfVk !== null && equalBytes(selfVk, this.#own.ownerVk);
  }

  /** The owner first, then in the order of the state. */
  get members(): readonly MemberView[] {
    this.#members ??= viewMembers(this.#state, this.ownerId, this.selfId, this.secrets);
    return this.#members;
  }

  /** The name of anybody, member or not. */
  nameOf(id: MemberId): string {
    return this.#names?.get(id) ?? nicknameOf(this.#state, id, this.secrets);
  }

  get #namesById(): ReadonlyMap<MemberId, string> {
    this.#names ??= new Map(this.members.map(({ id, nickname }) => [id, nickname]));
    return this.#names;
  }

  get actions(): AppliedActions {
    this.#actions ??= applyActions(this.#state.recentMessages, this.secrets);
    return this.#actions;
  }

  /** The newest visible messages (no actions, none that were deleted), oldest first. */
  messages(newest = Infinity): MessageView[] {
    const names = (): ReadonlyMap<MemberId, string> => this.#namesById;
    const reader: MessageReader = {
      messages: this.#state.recentMessages,
      actions: this.actions,
      secrets: this.secrets,
      selfId: this.selfId,
      // of everybody: only a text with mentions asks for them
      get names() {
        return names();
      },
      nameOf: (id) => this.nameOf(id),
    };
    return viewMessages(reader, newest);
  }

  get visibleMessages(): number {
    return this.#state.recentMessages.filter((each) => isVisible(each, this.actions)).length;
  }

  /** Visible messages by others behind the last read one, joins included; all of them when that is gone or was never set. */
  get afterLastRead(): readonly MessageId[] {
    return this.#behindLastRead(true).map(messageId);
  }

  /** What counts as unread: as `afterLastRead`, without joins. Oldest first. */
  get unread(): readonly MessageId[] {
    return this.#unreadMessages.map(messageId);
  }

  /** Those of `unread` that mention the person or answer them. */
  get unreadForMe(): readonly MessageId[] {
    const { selfId } = this;
    if (selfId === undefined) return [];
    const messages = this.#state.recentMessages;
    const reader = { messages, actions: this.actions, secrets: this.secrets };
    return this.#unreadMessages
      .filter((each) => isAddressedTo(reader, each, selfId))
      .map(messageId);
  }

  get #unreadMessages(): readonly AuthorizedMessage[] {
    this.#unread ??= this.#behindLastRead(false);
    return this.#unread;
  }

  #behindLastRead(withEvents: boolean): AuthorizedMessage[] {
    const messages = this.#state.recentMessages;
    const last = this.#own.lastReadMessageId;
    const from = last === null ? -1 : messages.findLastIndex((each) => messageId(each) === last);
    return messages
      .slice(from + 1)
      .filter(
        (each) =>
          each.message.author !== this.selfId &&
          !this.#muted.has(each.message.author) &&
          isVisible(each, this.actions) &&
          (withEvents || each.message.content.contentType !== CONTENT_TYPE_EVENT),
      );
  }

  /** Those from and to the person, by time. @param outbound what the person has sent, in clear */
  directMessages(outbound: readonly OutboundDm[] = []): DirectMessageView[] {
    if (this.selfId === undefined) return [];
    const mine = outbound.filter(
      ({ roomOwnerVk, sender }) =>
        sender === this.selfId && equalBytes(roomOwnerVk, this.#own.ownerVk),
    );
    return viewDirectMessages(
      this.#state.directMessages.messages,
      this.selfId,
      this.#own.selfSk,
      mine,
      (id) => this.nameOf(id),
    );
  }
}
