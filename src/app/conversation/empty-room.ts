import { html, type TemplateResult } from 'lit';
import { notice } from '../shell/notice.ts';
import type { Conversation, WeirApi } from '../state/api.ts';
import { joinText } from '../state/join-text.ts';
import { text } from '../state/text.ts';
import '../dialogs/weir-awaiting.ts';

/** A room without messages: one that has not arrived, one that nobody else is in yet, or just a quiet one. */
export function emptyRoom(
  { room, name, isAwaiting, readOnlyReason, memberCount }: Conversation,
  weir: WeirApi | undefined,
  onInvite: () => void,
): TemplateResult {
  const flow = 'level';
  if (isAwaiting) {
    return notice({
      flow,
      title: text.conversation.awaitingTitle,
      body: joinText.awaiting.body,
      action: html`<weir-awaiting .weir=${weir} .room=${room} .roomName=${name}></weir-awaiting>`,
    });
  }
  const title = text.conversation.emptyTitle;
  if (readOnlyReason !== undefined) {
    return notice({ flow, title, body: text.conversation.emptyReadOnly });
  }
  if (memberCount > 1) return notice({ flow, title, body: text.conversation.emptyBody });
  return notice({
    flow,
    title,
    body: joinText.firstSteps.body,
    action: html`<button class="button" type="button" @click=${onInvite}>
      ${joinText.firstSteps.invite}
    </button>`,
  });
}
