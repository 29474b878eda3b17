import { messageId } from '../river/ids.ts';
import type { AuthorizedMessage } from '../river/room-state/messages.ts';
import { EMPTY_DELTA, type RoomDelta, type RoomField } from '../river/room-state/room-state.ts';
import { applyDelta, type RoomChanges } from '../river/room.ts';
import type { SignatureMemo } from '../river/signatures/memo.ts';
import type { Millis, RoomKey } from '../shared/brand.ts';
import type { Clock } from '../shared/clock.ts';
import { err, ok, type Result } from '../shared/result.ts';
import { storageError, type StorageError, type WeirDatabase, type WriteTx } from './database.ts';
import { MARKER_STORES, raiseMarker, type Token } from './dirty-markers.ts';
import { changeWrite, type LoadedRoom } from './loaded-room.ts';
import type { RoomCache } from './room-cache.ts';
import { delegateKeyOfRoom } from './room-keys.ts';
import { RevMovedError, ROOM_WRITE_STORES, writeRoom, type RoomWrite } from './room-store.ts';
import { droppedMessages } from './refused-messages.ts';
import type { StoreName } from './schema.ts';
import type { RowsError } from './stored-room.ts';

/** Two tabs that write the same room at once take turns: losing this often in a row is not seen. */
const MAX_TRIES = 25;

/** Computes the signed change from the room as it is stored now; may be called again when the room has moved on. */
export type ComposeEdit<E> = (room: LoadedRoom) => Result<RoomDelta, E>;

export type EditFailure =
  | StorageError
  | RowsError
  | { readonly type: 'UnknownRoom'; readonly room: RoomKey }
  /** The room's rules refuse the change. Nothing was written. */
  | { readonly type: 'RefusedByRoom'; readonly reason: string };

/** Rows that are written in an edit's own transaction: both are on disk, or neither. */
export interface Alongside {
  readonly stores: readonly StoreName[];
  /** @param token of the room's change */
  write(tx: WriteTx, token: Token, now: Millis): Promise<void>;
}

interface Submitted {
  readonly room: RoomKey;
  readonly compose: ComposeEdit<unknown>;
  readonly alongside: Alongside | undefined;
  settle(result: Result<Token, unknown>): void;
}

interface Prepared {
  readonly write: RoomWrite;
  readonly loaded: LoadedRoom;
  readonly messages: RoomChanges['messagesAdded'];
  /** Written, and dropped by the room's rules at once. */
  readonly lost: readonly AuthorizedMessage[];
  readonly edits: readonly Submitted[];
}

export interface EditQueueDeps {
  readonly db: WeirDatabase;
  readonly cache: RoomCache;
  readonly memo: SignatureMemo;
  readonly clock: Clock;
  /** Called when a transaction has completed, with the rooms that it changed. */
  readonly committed: (rooms: readonly RoomKey[]) => void;
  /** Called when edits begin to be worked on; what it returns is called when all of them have their answer. */
  readonly editing?: () => () => void;
}

/**
 * One page's way of making edits durable: data and dirty markers in one strict transaction.
 *
 * Edits that are submitted together, or while a transaction is under way, share the next one: a burst costs a few transactions,
 * not one each. A caller's promise resolves when its edit is on disk, and with nothing else.
 */
export class EditQueue {
  readonly #deps: EditQueueDeps;
  #waiting: Submitted[] = [];
  #running = false;

  constructor(deps: EditQueueDeps) {
    this.#deps = deps;
  }

  /**
   * Makes an edit durable and marks its room dirty.
   *
   * @param alongside rows that belong to the edit; called with the values of the last `compose`
   * @returns the token whose receipt tells how the edit fares on the node; what `compose` refuses comes back as it is
   */
  submit<E>(
    room: RoomKey,
    compose: ComposeEdit<E>,
    alongside?: Alongside,
  ): Promise<Result<Token, E | EditFailure>> {
    return new Promise((resolve) => {
      this.#waiting.push({
        room,
        compose,
        alongside,
        settle: resolve as (result: Result<Token, unknown>) => void,
      });
      if (!this.#running) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#running = true;
    const done = this.#deps.editing?.();
    await Promise.resolve(); // edits of the same task go together
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      await this.#commit(batch);
    }
    this.#running = false;
    done?.();
  }

  async #commit(batch: readonly Submitted[]): Promise<void> {
    let edits = batch;
    for (let tries = 1; edits.length > 0; tries++) {
      try {
        await this.#deps.cache.change(
          edits.map(({ room }) => room),
          async () => {
            const prepared = await this.#prepare(edits);
            edits = prepared.flatMap((each) => each.edits); // the refused ones have their answer
            if (prepared.length > 0) await this.#write(prepared);
          },
        );
        return;
      } catch (error) {
        for (const { room } of edits) this.#deps.cache.drop(room); // memory is ahead of what is stored
        if (error instanceof RevMovedError && tries < MAX_TRIES) continue;
        for (const edit of edits) edit.settle(err(storageError(error)));
        return;
      }
    }
  }

  /** Applies every edit to its room in memory; those that are refused are answered here. */
  async #prepare(edits: readonly Submitted[]): Promise<Prepared[]> {
    const prepared: Prepared[] = [];
    for (const room of new Set(edits.map((edit) => edit.room))) {
      const own = edits.filter((edit) => edit.room === room);
      const loaded = await this.#deps.cache.get(room);
      if (!loaded.ok || !loaded.value || loaded.value.status !== 'present') {
        const error = loaded.ok ? { type: 'UnknownRoom' as const, room } : loaded.error;
        for (const edit of own) edit.settle(err(error));
        continue;
      }
      const applied = this.#apply(loaded.value, own);
      if (applied) prepared.push(applied);
    }
    return prepared;
  }

  #apply(loaded: LoadedRoom, edits: readonly Submitted[]): Prepared | undefined {
    const all = new ChangesSum();
    const applied: Submitted[] = [];
    const composed: AuthorizedMessage[] = [];
    let run: Composed[] = [];
    const applyRun = (): void => {
      const done = new Set(this.#applyRun(loaded, run, all));
      applied.push(...done);
      const kept = run.filter(({ edit }) => done.has(edit));
      composed.push(...kept.flatMap(({ delta }) => delta.recentMessages ?? []));
      run = [];
    };
    for (const edit of edits) {
      const delta = edit.compose(withMessages(loaded, run));
      if (!delta.ok) {
        edit.settle(delta);
      } else {
        if (!bringsOnlyMessages(delta.value)) applyRun();
        run.push({ edit, delta: delta.value });
        if (!bringsOnlyMessages(delta.value)) applyRun();
      }
    }
    applyRun();
    if (applied.length === 0) return undefined;
    const changes = all.sum();
    const write = changeWrite(loaded, changes, false);
    const added = new Set(changes.messagesAdded.map(messageId));
    const lost = composed.filter((message) => !added.has(messageId(message)));
    return { write, loaded, messages: changes.messagesAdded, lost, edits: applied };
  }

  /** A run of messages is applied as one delta, so that a burst walks its room once; a refusal is pinned on its edit. */
  #applyRun(loaded: LoadedRoom, run: readonly Composed[], all: ChangesSum): Submitted[] {
    const [first] = run;
    if (!first) return [];
    const recentMessages = run.flatMap(({ delta }) => delta.recentMessages ?? []);
    const delta = run.length === 1 ? first.delta : { ...EMPTY_DELTA, recentMessages };
    const changes = applyDelta(loaded.state, loaded.params, delta, this.#deps.memo);
    if (changes.ok) {
      all.add(changes.value);
      return run.map(({ edit }) => edit);
    }
    if (run.length > 1) return run.flatMap((each) => this.#applyRun(loaded, [each], all));
    first.edit.settle(err({ type: 'RefusedByRoom', reason: changes.error.reason }));
    return [];
  }

  async #write(prepared: readonly Prepared[]): Promise<void> {
    const { db, clock, committed } = this.#deps;
    const more = prepared.flatMap(({ edits }) =>
      edits.flatMap((edit) => edit.alongside?.stores ?? []),
    );
    const stores = [...new Set([...ROOM_WRITE_STORES, ...MARKER_STORES, ...more])];
    const tokens = await db.write(stores, 'strict', async (tx) => {
      const written: Token[] = [];
      for (const each of prepared) written.push(await this.#writeOne(tx, each, clock.now()));
      return written;
    });
    for (const [i, { loaded, messages, edits }] of prepared.entries()) {
      const token = tokens[i] as Token;
      loaded.rev += 1;
      for (const message of messages) loaded.seqs.set(messageId(message), token.seq);
      for (const edit of edits) edit.settle(ok(token));
    }
    committed(prepared.map(({ write }) => write.room));
  }

  async #writeOne(
    tx: WriteTx,
    { write, loaded, lost, edits }: Prepared,
    now: number,
  ): Promise<Token> {
    const token = await raiseMarker(tx, 'rooms', delegateKeyOfRoom(write.room), now);
    await raiseMarker(tx, 'contracts', write.room, now); // after: its seq covers the token's
    const put = write.put.map(({ order, row }) => ({ order, row: { ...row, seq: token.seq } }));
    const dropped = [...(write.dropped ?? []), ...droppedMessages(loaded, lost, () => token.seq)];
    await writeRoom(tx, { ...write, put, dropped });
    for (const { alongside } of edits) await alongside?.write(tx, token, now);
    return token;
  }
}

interface Composed {
  readonly edit: Submitted;
  readonly delta: RoomDelta;
}

const bringsOnlyMessages = ({ recentMessages, ...others }: RoomDelta): boolean =>
  recentMessages !== null && Object.values(others).every((field) => field === null);

/** The room as the next edit must see it: with the messages that are composed but not applied yet. */
function withMessages(loaded: LoadedRoom, run: readonly Composed[]): LoadedRoom {
  if (run.length === 0) return loaded;
  const composed = run.flatMap(({ delta }) => delta.recentMessages ?? []);
  const recentMessages = [...loaded.state.recentMessages, ...composed];
  return { ...loaded, state: { ...loaded.state, recentMessages } };
}

/** Several changes of one room as one: what was added and removed again was never there. */
class ChangesSum {
  readonly #fields = new Set<RoomField>();
  readonly #added = new Map<bigint, RoomChanges['messagesAdded'][number]>();
  readonly #removed = new Map<bigint, RoomChanges['messagesRemoved'][number]>();

  add(changes: RoomChanges): void {
    for (const field of changes.fields) this.#fields.add(field);
    for (const message of changes.messagesAdded) this.#added.set(messageId(message), message);
    for (const message of changes.messagesRemoved) {
      if (!this.#added.delete(messageId(message))) this.#removed.set(messageId(message), message);
    }
  }

  sum(): RoomChanges {
    return {
      fields: this.#fields,
      messagesAdded: [...this.#added.values()],
      messagesRemoved: [...this.#removed.values()],
    };
  }
}
