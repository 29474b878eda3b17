import { ToastEvent } from '../shell/toast-events.ts';
import { text } from '../state/text.ts';

/** Puts the words of a message, or a link to it, into the clipboard, and says so. */
export async function copyMessage(
  from: EventTarget,
  message: string,
  said: string = text.actions.copied,
): Promise<void> {
  try {
    await navigator.clipboard.writeText(message);
    from.dispatchEvent(new ToastEvent(said));
  } catch {
    from.dispatchEvent(new ToastEvent(text.actions.notCopied)); // no permission: the person can select it
  }
}
