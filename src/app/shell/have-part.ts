import { part } from '../state/part.ts';
import { text } from '../state/text.ts';
import { ToastEvent } from './toast-events.ts';

/** Loads a part of the app, or tells that it can't be had: on a first visit the network may go away. @returns whether it is here */
export async function havePart(
  screen: EventTarget,
  load: () => Promise<unknown>,
): Promise<boolean> {
  try {
    await part(load);
    return true;
  } catch {
    screen.dispatchEvent(new ToastEvent(text.app.incompleteBody));
    return false;
  }
}
