import { decodeContent, type Action, type Content, type Unintelligible } from './content.ts';
import { aesOpen } from './crypto/aes-gcm.ts';
import { messageId, type MemberId, type MessageId } from './ids.ts';
import { CONTENT_TYPE_ACTION } from './room-state/content-types.ts';
import type { AuthorizedMessage } from './room-state/messages.ts';
import type { SecretsByVersion } from './secrets.ts';

/** A private message that can't be read here: its secret is not known, or does not fit. */
export interface Sealed {
  readonly type: 'sealed';
  readonly secretVersion: number;
  readonly secretIsKnown: boolean;
  /** Bytes of the ciphertext. */
  readonly length: number;
}

export type ReadContent = Content | Unintelligible | Sealed;

/** What was read once: a message never changes, and neither does the secret of a version. */
const readOnce = new WeakMap<AuthorizedMessage, Content | Unintelligible>();

/** What a message says, for a person with these secrets. */
export function readContent(each: AuthorizedMessage, secrets: SecretsByVersion): ReadContent {
  const body = each.message.content;
  const known = readOnce.get(each);
  if (known !== undefined && (body.type === 'Public' || secrets.has(body.secretVersion))) {
    return known;
  }
  let bytes: Uint8Array | undefined;
  if (body.type === 'Public') bytes = body.data;
  else {
    const secret = secrets.get(body.secretVersion);
    bytes = secret && aesOpen(secret, body.nonce, body.ciphertext);
    if (bytes === undefined) {
      const { secretVersion, ciphertext } = body;
      const secretIsKnown = secret !== undefined;
      return { type: 'sealed', secretVersion, secretIsKnown, length: ciphertext.length };
    }
  }
  const content = decodeContent(body.contentType, body.contentVersion, bytes);
  readOnce.set(each, content);
  return content;
}

/** Whether it is about another message instead of one to show; told in clear, also in private rooms. */
export const isAction = ({ message }: AuthorizedMessage): boolean =>
  message.content.contentType === CONTENT_TYPE_ACTION;

const isReadAction = (content: ReadContent): content is Action =>
  content.type === 'edit' ||
  content.type === 'delete' ||
  content.type === 'react' ||
  content.type === 'unreact';

/** What the actions among a room's messages have done to the others. */
export interface AppliedActions {
  readonly edited: ReadonlyMap<MessageId, string>;
  readonly deleted: ReadonlySet<MessageId>;
  /** By message, then emoji; who reacted, in the order of the reactions. */
  readonly reactions: ReadonlyMap<MessageId, ReadonlyMap<string, readonly MemberId[]>>;
}

/**
 * Applies the actions in the order of the messages: edits and deletions by the target's author, reactions by anyone. Actions on
 * messages that are not here, or that can't be read, do nothing.
 *
 * Source: river: common/src/room_state/message.rs (`rebuild_actions_state`).
 */
export function applyActions(
  messages: readonly AuthorizedMessage[],
  secrets: SecretsByVersion,
): AppliedActions {
  const authors = new Map<MessageId, MemberId>();
  const actions: AuthorizedMessage[] = [];
  for (const each of messages) {
    if (isAction(each)) actions.push(each);
    else authors.set(messageId(each), each.message.author);
  }
  const edited = new Map<MessageId, string>();
  const deleted = new Set<MessageId>();
  const reactions = new Map<MessageId, Map<string, MemberId[]>>();

  const apply = (actor: MemberId, action: Action): void => {
    const { target } = action;
    const author = authors.get(target);
    switch (action.type) {
      case 'edit':
        if (author === actor && !deleted.has(target)) edited.set(target, action.newText);
        return;
      case 'delete':
        if (author !== actor) return;
        deleted.add(target);
        edited.delete(target);
        return;
      case 'react':
        if (author !== undefined && !deleted.has(target)) {
          addReaction(reactions, target, action.emoji, actor);
        }
        return;
      case 'unreact':
        removeReaction(reactions, target, action.emoji, actor);
    }
  };
  for (const each of actions) {
    const content = readContent(each, secrets);
    if (isReadAction(content)) apply(each.message.author, content);
  }
  return { edited, deleted, reactions };
}

type Reactions = Map<MessageId, Map<string, MemberId[]>>;

function addReaction(all: Reactions, target: MessageId, emoji: string, actor: MemberId): void {
  const emojis = all.get(target) ?? new Map<string, MemberId[]>();
  all.set(target, emojis);
  const actors = emojis.get(emoji);
  if (actors === undefined) emojis.set(emoji, [actor]);
  else if (!actors.includes(actor)) actors.push(actor);
}

function removeReaction(all: Reactions, target: MessageId, emoji: string, actor: MemberId): void {
  const emojis = all.get(target);
  const left = emojis?.get(emoji)?.filter((each) => each !== actor);
  if (emojis === undefined || left === undefined) return;
  if (left.length > 0) emojis.set(emoji, left);
  else emojis.delete(emoji);
  if (emojis.size === 0) all.delete(target);
}
