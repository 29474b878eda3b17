import type { UpdateData } from '../freenet/types.ts';
import type { NewsRefused, RoomNews } from '../persist/merge-news.ts';
import { decode } from '../river/cbor/codec.ts';
import type { DecodeError } from '../river/cbor/errors.ts';
import { roomDelta, roomState } from '../river/room-state/room-state.ts';
import { err, ok, type Result } from '../shared/result.ts';

/** Why something that a node told of a room was not taken. Nothing of it is kept. */
export type NewsRefusal =
  /** `path` in River's field names. */
  | { readonly type: 'Undecodable'; readonly path: string; readonly reason: string }
  /** A kind of update that no room has. */
  | { readonly type: 'UnknownKind'; readonly kind: string }
  | NewsRefused;

/** What a notification says, decoded and not believed yet; null when nothing. */
export function newsOf(update: UpdateData): Result<RoomNews | null, NewsRefusal> {
  switch (update.type) {
    case 'State':
      return stateNews(update.state);
    case 'Delta': {
      if (update.delta.length === 0) return ok(null);
      const delta = decode(roomDelta, update.delta, 'room_delta');
      return delta.ok ? ok({ type: 'delta', delta: delta.value }) : err(undecodable(delta.error));
    }
    default:
      return err({ type: 'UnknownKind', kind: update.type });
  }
}

export function stateNews(bytes: Uint8Array): Result<RoomNews & { type: 'state' }, NewsRefusal> {
  const state = decode(roomState, bytes, 'room_state');
  return state.ok ? ok({ type: 'state', state: state.value }) : err(undecodable(state.error));
}

const undecodable = ({ path, reason }: DecodeError): NewsRefusal => ({
  type: 'Undecodable',
  path,
  reason,
});

/** In a line, for whoever looks into it. */
export function describeRefusal(refusal: NewsRefusal): string {
  switch (refusal.type) {
    case 'Undecodable':
    case 'RowsUndecodable':
      return `${refusal.type}: ${refusal.path}: ${refusal.reason}`;
    case 'UnknownKind':
      return `${refusal.type}: ${refusal.kind}`;
    case 'RefusedByRules':
      return `${refusal.type}: ${refusal.reason}`;
    case 'Busy':
      return refusal.type;
  }
}
