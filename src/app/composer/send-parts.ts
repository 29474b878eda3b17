import type { RoomKey } from '../../shared/brand.ts';
import type { EditError, WeirApi } from '../state/api.ts';

/** What was not stored of a text that was sent: it is to come back to the person. */
export interface RefusedParts {
  readonly text: string;
  /** The first part is among it, and so what it answers. */
  readonly isFirst: boolean;
  readonly error: EditError;
}

/**
 * Sends the parts of a text in order, all in one go, the first as the answer. Undefined: all are stored.
 *
 * @param place `peer`: the member of the room who alone reads it
 */
export async function sendParts(
  weir: WeirApi,
  { room, peer }: { readonly room: RoomKey; readonly peer: string | undefined },
  parts: readonly string[],
  replyTo: string | undefined,
): Promise<RefusedParts | undefined> {
  const results = await Promise.all(
    parts.map((each, i) =>
      peer === undefined
        ? weir.rooms.sendMessage(room, each, i === 0 ? replyTo : undefined)
        : weir.dms.send(room, peer, each),
    ),
  );
  const refusal = results.find((result) => !result.ok);
  if (!refusal || refusal.ok) return undefined;
  const text = parts.filter((_, i) => !results[i]?.ok).join('\n\n');
  return { text, isFirst: results[0]?.ok === false, error: refusal.error };
}
