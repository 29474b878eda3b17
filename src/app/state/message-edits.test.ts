import { describe, expect, it } from 'vitest';
import type { LoadedRoom } from '../../persist/loaded-room.ts';
import { viewOf } from '../../persist/listing.ts';
import { applyDelta } from '../../river/room.ts';
import { loadRoom } from '../../river/testing/rooms.ts';
import type { UserDataVectors } from '../../river/testing/vectors.ts';
import type { MessageView } from '../../river/view/messages.ts';
import type { RoomKey } from '../../shared/brand.ts';
import { readVectors } from '../../../tests/support/vectors.ts';
import { changeEdit, deleteEdit, reactionEdit, replyEdit, textEdit } from './message-edits.ts';
import type { ComposeEdit } from '../../persist/edit-queue.ts';
import type { ComposeDeps } from './room-edits.ts';
import { textLimit } from './text-limit.ts';

const vectors = readVectors<UserDataVectors>('user-data');

interface Desk {
  readonly deps: ComposeDeps;
  readonly loaded: LoadedRoom;
  readonly apply: (edit: ComposeEdit<unknown>) => MessageView | undefined;
  readonly newest: () => MessageView;
}

/** A recorded room in memory; the clock stands still. */
function desk(name: string): Desk {
  const { state, own, params, memo } = loadRoom(vectors, name);
  const loaded: LoadedRoom = {
    room: 'x' as RoomKey,
    rev: 1,
    status: 'present',
    own,
    state,
    params,
    seqs: new Map(),
    lastRead: null,
    muted: new Set(),
  };
  let next = 0;
  const deps: ComposeDeps = {
    memo,
    clock: { now: () => 1_900_000_000_000, sleep: async () => {} },
    random: { bytes: (n) => Uint8Array.from({ length: n }, () => next++ & 255), unit: () => 0 },
  };
  return {
    deps,
    loaded,
    apply(edit) {
      const delta = edit(loaded);
      if (!delta.ok) throw new Error(JSON.stringify(delta.error, (_, v) => String(v)));
      const applied = applyDelta(state, params, delta.value, memo);
      if (!applied.ok) throw new Error(applied.error.reason);
      return viewOf(loaded).messages(1)[0];
    },
    newest() {
      const [newest] = viewOf(loaded).messages(1);
      if (!newest) throw new Error('no message');
      return newest;
    },
  };
}

describe.each(['small public room', 'own private room'])('in the %s', (name) => {
  it('a text, a reply to it, an edit and a delete of it follow each other even in one millisecond', () => {
    const { deps, apply, newest } = desk(name);
    apply(textEdit(deps, 'one'));
    const one = newest();
    apply(replyEdit(deps, one.id, 'two'));
    expect(newest().replyTo).toMatchObject({ type: 'quote', id: one.id, text: 'one' });
    apply(changeEdit(deps, one.id, 'one, better'));
    expect(newest().replyTo).toMatchObject({ text: 'one, better' });
    apply(deleteEdit(deps, one.id));
    expect(newest().replyTo).toEqual({ type: 'unavailable' });
  });

  it('one person has one reaction per message: another takes its place, the same one again is taken back', () => {
    const { deps, apply, newest } = desk(name);
    apply(textEdit(deps, 'look'));
    const { id } = newest();
    const mine = (): string[] => newest().reactions.map((each) => each.emoji);
    apply(reactionEdit(deps, id, '👍'));
    expect(mine()).toEqual(['👍']);
    apply(reactionEdit(deps, id, '🔥'));
    expect(mine()).toEqual(['🔥']);
    apply(reactionEdit(deps, id, '🔥'));
    expect(mine()).toEqual([]);
  });

  it('the limit of a text, a reply and an edit is exact: that many bytes pass, one more is refused', () => {
    const { deps, loaded, apply, newest } = desk(name);
    apply(textEdit(deps, 'the quoted words, é'));
    const id = newest().id;
    const kinds = [
      { type: 'new', edit: (text: string) => textEdit(deps, text) },
      { type: 'reply', edit: (text: string) => replyEdit(deps, id, text) },
      { type: 'edit', edit: (text: string) => changeEdit(deps, id, text) },
    ] as const;
    for (const { type, edit } of kinds) {
      const limit = textLimit(loaded, { type, id: String(id) });
      expect(edit('x'.repeat(limit))(loaded).ok, type).toBe(true);
      expect(edit('x'.repeat(limit + 1))(loaded), type).toMatchObject({
        ok: false,
        error: { type: 'TooLong' },
      });
    }
  });
});
