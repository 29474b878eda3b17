import type { Result } from '../../shared/result.ts';
import type { EditError } from '../state/api.ts';
import { text } from '../state/text.ts';
import { ToastEvent } from './toast-events.ts';

/** Tells why an edit was refused; nothing of one that is stored, or that could not be asked for. */
export function tellRefusal(
  screen: EventTarget,
  result: Result<unknown, EditError> | undefined,
): void {
  if (result && !result.ok) screen.dispatchEvent(new ToastEvent(text.editError(result.error)));
}
