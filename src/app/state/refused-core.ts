import { stored, type WeirDatabase } from '../../persist/database.ts';
import type { Alongside, ComposeEdit } from '../../persist/edit-queue.ts';
import type { RefusedMessageRow } from '../../persist/schema.ts';
import type { EditRefused } from '../../river/edits/refused.ts';
import type { RoomKey } from '../../shared/brand.ts';
import { ok, type Result } from '../../shared/result.ts';
import type { EditError } from './api.ts';
import { changeEdit, replyEdit, textEdit } from './message-edits.ts';
import type { ComposeDeps } from './room-edits.ts';

export interface RefusedCoreDeps {
  readonly db: WeirDatabase;
  readonly compose: ComposeDeps;
  readonly changed: (room: RoomKey) => void;
}

/** What the person decides about messages that a room has dropped. Until then they are kept. */
export class RefusedCore {
  readonly #deps: RefusedCoreDeps;
  /** Discarded in this page: for as long as that can be taken back. */
  readonly #discarded = new Map<string, RefusedMessageRow>();

  constructor(deps: RefusedCoreDeps) {
    this.#deps = deps;
  }

  /**
   * The same words as a message of now. `alongside`: the kept one goes in the transaction that stores the new one.
   *
   * @returns undefined when it is not kept any more, or can't be read
   */
  async again(
    room: RoomKey,
    id: string,
  ): Promise<
    { readonly compose: ComposeEdit<EditRefused>; readonly alongside: Alongside } | undefined
  > {
    const row = await this.#deps.db.read(['refused_messages'], (tx) =>
      tx.objectStore('refused_messages').get([room, id]),
    );
    if (row?.text === undefined) return undefined;
    const alongside: Alongside = {
      stores: ['refused_messages'],
      write: (tx) => tx.objectStore('refused_messages').delete([room, id]),
    };
    return { compose: this.#composed(row.text, row), alongside };
  }

  #composed(text: string, { kind, target }: RefusedMessageRow): ComposeEdit<EditRefused> {
    const { compose } = this.#deps;
    if (target === undefined || kind === 'text') return textEdit(compose, text);
    const edit = kind === 'reply' ? replyEdit : changeEdit;
    return edit(compose, BigInt(target), text);
  }

  async discard(room: RoomKey, id: string): Promise<Result<undefined, EditError>> {
    const taken = await stored(
      this.#deps.db.write(['refused_messages'], 'strict', async (tx) => {
        const store = tx.objectStore('refused_messages');
        const held = await store.get([room, id]);
        if (held) await store.delete([room, id]);
        return held;
      }),
    );
    if (!taken.ok) return taken;
    if (taken.value) this.#discarded.set(`${room} ${id}`, taken.value);
    this.#deps.changed(room);
    return ok(undefined);
  }

  /** Takes a `discard` of this page back. */
  async restore(room: RoomKey, id: string): Promise<Result<undefined, EditError>> {
    const row = this.#discarded.get(`${room} ${id}`);
    if (!row) return ok(undefined);
    const put = await stored(
      this.#deps.db.write(['refused_messages'], 'strict', (tx) =>
        tx.objectStore('refused_messages').put(row),
      ),
    );
    if (!put.ok) return put;
    this.#deps.changed(room);
    return ok(undefined);
  }
}
