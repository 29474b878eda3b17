import { messageId, type MemberId } from '../ids.ts';
import { mentions } from '../mentions.ts';
import { readContent, type AppliedActions } from '../message-content.ts';
import type { AuthorizedMessage } from '../room-state/messages.ts';
import type { SecretsByVersion } from '../secrets.ts';

/** What is needed to tell whom a message is meant for. */
export interface AddressReader {
  readonly messages: readonly AuthorizedMessage[];
  readonly actions: AppliedActions;
  readonly secrets: SecretsByVersion;
}

/**
 * Whether a message mentions this member, or answers a message of theirs that is still there: what the reply itself claims is not
 * to be believed. One that can't be read counts only where no secret of the room is known at all: then nothing could be told.
 */
export function isAddressedTo(
  { messages, actions, secrets }: AddressReader,
  each: AuthorizedMessage,
  self: MemberId,
): boolean {
  const content = readContent(each, secrets);
  if (content.type === 'sealed') return secrets.size === 0;
  if (content.type !== 'text' && content.type !== 'reply') return false;
  if (mentions(actions.edited.get(messageId(each)) ?? content.text, self)) return true;
  if (content.type === 'text') return false;
  const target = messages.find((other) => messageId(other) === content.targetMessageId);
  return target?.message.author === self;
}
