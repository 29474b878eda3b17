import type { WeirComposer } from '../composer/weir-composer.ts';
import type { RoomKey } from '../../shared/brand.ts';
import { unreachable } from '../../shared/result.ts';
import { tellRefusal } from '../shell/tell-refusal.ts';
import { ToastEvent, type ToastAction } from '../shell/toast-events.ts';
import type { MessageItem, WeirApi } from '../state/api.ts';
import type { Drafts } from '../state/drafts.ts';
import { refusedText } from '../state/refused-text.ts';
import { messagePath } from '../state/router.ts';
import { text } from '../state/text.ts';
import { actingText } from './acting-text.ts';
import { copyMessage } from './copy-message.ts';
import type { MessageAct } from './message-events.ts';

/** What an act needs of the screen that shows the message. */
export interface ActingScreen extends EventTarget {
  readonly weir: WeirApi | undefined;
  /** The room on screen. */
  readonly room: RoomKey | undefined;
  readonly drafts: Drafts;
  readonly composer: WeirComposer | null;
}

/** Does to a message what the person has chosen, and tells what does not work. Lists and dialogs are the screen's own. */
export async function actOn(
  screen: ActingScreen,
  room: RoomKey,
  item: MessageItem,
  act: MessageAct,
): Promise<void> {
  const { weir, composer } = screen;
  const { id } = item;
  switch (act.type) {
    case 'reply':
      composer?.reply({ id, author: item.author, text: item.text });
      return;
    case 'edit':
      composer?.edit(id, item.text);
      return;
    case 'copy':
      return copyMessage(screen, item.text);
    case 'link':
      return copyMessage(
        screen,
        `${location.origin}${messagePath(room, id)}`,
        actingText.linkCopied,
      );
    case 'react':
      tellRefusal(screen, await weir?.rooms.react(room, id, act.emoji));
      return;
    case 'delete':
      return deleteMessage(screen, room, item);
    case 'retry':
      tellRefusal(screen, await weir?.rooms.retryRefused(room, id));
      return;
    case 'rewrite':
      writeAgain(screen, room, item);
      await screen.drafts.flush(); // the words are on disk in the draft before they are nowhere else
      if (screen.drafts.isKept.current) await weir?.rooms.discardRefused(room, id);
      return;
    case 'discard': {
      const discarded = await weir?.rooms.discardRefused(room, id);
      if (!discarded?.ok) return tellRefusal(screen, discarded);
      const run = (later: EventTarget): void =>
        void weir?.rooms.restoreRefused(room, id).then((back) => tellRefusal(later, back));
      tell(screen, refusedText.discarded, { label: refusedText.undo, run });
      return;
    }
    case 'menu':
    case 'emoji':
    case 'details':
      return;
    default:
      unreachable(act);
  }
}

/**
 * The delete is an edit like any other: durable at once, not held back until a toast has gone (a page that closes meanwhile
 * would lose it). River can't undo one, so it is asked for before, and afterwards the same words can be written again.
 */
async function deleteMessage(
  screen: ActingScreen,
  room: RoomKey,
  item: MessageItem,
): Promise<void> {
  const result = await screen.weir?.rooms.deleteMessage(room, item.id);
  if (!result?.ok) return tellRefusal(screen, result);
  const run = (): void => writeAgain(screen, room, item);
  tell(screen, text.actions.deleted, { label: text.actions.writeAgain, run });
  screen.composer?.focus(); // the message that had the focus is gone
}

function writeAgain(
  screen: ActingScreen,
  room: RoomKey,
  { text: words, replyTo }: MessageItem,
): void {
  if (screen.room === room && screen.composer) screen.composer.writeAgain(words, replyTo);
  else screen.drafts.putBack(room, words, replyTo);
}

const tell = (screen: EventTarget, message: string, action?: ToastAction): void => {
  screen.dispatchEvent(new ToastEvent(message, action));
};
