import type { RoomKey } from '../../shared/brand.ts';
import { tellRefusal } from '../shell/tell-refusal.ts';
import { ToastEvent, type ToastAction } from '../shell/toast-events.ts';
import type { DmsApi, DmThread } from '../state/dm-api.ts';
import { dmText } from '../state/dm-text.ts';

/** Puts a conversation away, and says how to take that back. @returns whether it is done */
export async function archive(
  screen: EventTarget,
  dms: DmsApi | undefined,
  room: RoomKey,
  { peer, name }: Pick<DmThread, 'peer' | 'name'>,
): Promise<boolean> {
  const hidden = await dms?.hide(room, peer);
  tellRefusal(screen, hidden);
  if (!hidden?.ok) return false;
  const action: ToastAction = {
    label: dmText.thread.undo,
    run: (later) => void unarchive(later, dms, room, peer), // this screen may be left by then
  };
  screen.dispatchEvent(new ToastEvent(dmText.thread.archived(name), action));
  return true;
}

/** Takes a conversation out of the archive. @returns whether it is done */
export async function unarchive(
  screen: EventTarget,
  dms: DmsApi | undefined,
  room: RoomKey,
  peer: string,
): Promise<boolean> {
  const shown = await dms?.show(room, peer);
  tellRefusal(screen, shown);
  return shown?.ok ?? false;
}
