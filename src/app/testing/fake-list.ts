import type { NotificationMode } from '../../river/rooms-meta.ts';
import type { RoomKey } from '../../shared/brand.ts';
import { LiveValue } from '../../shared/live-query.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { EditError, RoomListItem } from '../state/api.ts';
import type { ListApi } from '../state/list-api.ts';
import type { NotificationAccess, NotificationsApi } from '../state/notifications-api.ts';

/** Decisions about a list in memory, for component tests and the gallery. */
export class FakeList implements ListApi {
  readonly asked: string[] = [];
  readonly #list: LiveValue<readonly RoomListItem[]>;
  #refusal: EditError | undefined;

  constructor(list: LiveValue<readonly RoomListItem[]>) {
    this.#list = list;
  }

  refuseNext(error: EditError): void {
    this.#refusal = error;
  }

  async move(shown: readonly RoomKey[]): Promise<Result<readonly RoomKey[], EditError>> {
    const before = this.#items().map(({ room }) => room);
    const edited = await this.putBack(shown);
    return edited.ok ? ok(before) : edited;
  }

  putBack(order: readonly RoomKey[]): Promise<Result<undefined, EditError>> {
    const at = ({ room }: RoomListItem): number => order.indexOf(room);
    return this.#edit('order', (items) => items.toSorted((a, b) => at(a) - at(b)));
  }

  setMode(room: RoomKey, mode: NotificationMode): Promise<Result<undefined, EditError>> {
    return this.#edit(`mode ${mode}`, (items) =>
      items.map((item) =>
        item.room === room ? { ...item, mode, unread: mode === 'Muted' ? 0 : item.unread } : item,
      ),
    );
  }

  markRead(room: RoomKey): Promise<Result<undefined, EditError>> {
    return this.#edit('read', (items) =>
      items.map((item) => (item.room === room ? { ...item, unread: 0 } : item)),
    );
  }

  async #edit(
    what: string,
    change: (items: readonly RoomListItem[]) => readonly RoomListItem[],
  ): Promise<Result<undefined, EditError>> {
    this.asked.push(what);
    const refusal = this.#refusal;
    this.#refusal = undefined;
    if (refusal) return err(refusal);
    this.#list.set(change(this.#items()));
    return ok(undefined);
  }

  #items(): readonly RoomListItem[] {
    return this.#list.current ?? [];
  }
}

/** A browser that has not been asked, until a test says otherwise; asked, it grants. */
export class FakeNotifications implements NotificationsApi {
  readonly permission = new LiveValue<NotificationAccess>();
  readonly offered = new LiveValue<boolean>();
  asks = 0;

  constructor() {
    this.permission.set('default');
    this.offered.set(false);
  }

  async ask(): Promise<void> {
    this.asks += 1;
    this.offered.set(false);
    this.permission.set('granted');
  }

  decline(): void {
    this.offered.set(false);
  }
}
