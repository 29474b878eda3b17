import type { RoomKey } from '../../shared/brand.ts';
import { LiveValue } from '../../shared/live-query.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { EditError, EditToken } from '../state/api.ts';
import type { DmOverviewItem, DmsApi, DmsHandle, DmThread, RoomDms } from '../state/dm-api.ts';
import { message } from './sample-message.ts';

/** A conversation with somebody; `more` changes whatever a test is about. */
export const dmThread = (peer: string, name: string, more: Partial<DmThread> = {}): DmThread => ({
  peer,
  name,
  label: 'ABCDEFGH',
  unread: 0,
  isHidden: false,
  messages: [],
  received: (more.messages ?? []).filter(({ mine }) => !mine).length,
  maxTextBytes: 32_708,
  ...more,
});

const overviewItem = (
  { room, roomName }: RoomDms,
  { peer, name, unread, isHidden, lastAt }: DmThread,
): DmOverviewItem => ({
  room,
  roomName,
  peer,
  name,
  unread,
  isHidden,
  ...(lastAt !== undefined && { lastAt }),
});

/** Direct messages in memory, for component tests and the gallery. */
export class FakeDms implements DmsApi {
  readonly asked: string[] = [];
  readonly overview = new LiveValue<readonly DmOverviewItem[]>();
  readonly #rooms = new Map<RoomKey, LiveValue<RoomDms>>();
  #refusal: EditError | undefined;
  #seq = 0;

  put(dms: RoomDms): void {
    this.#live(dms.room).set(dms);
    const others = (this.overview.current ?? []).filter(({ room }) => room !== dms.room);
    this.overview.set([...others, ...dms.threads.map((thread) => overviewItem(dms, thread))]);
  }

  refuseNext(error: EditError): void {
    this.#refusal = error;
  }

  open(room: RoomKey): DmsHandle {
    return { live: this.#live(room), close: () => {} };
  }

  async send(room: RoomKey, peer: string, text: string): Promise<Result<EditToken, EditError>> {
    this.asked.push(`send ${peer} ${text}`);
    return this.#edit(room, peer, (thread) => ({
      ...thread,
      isHidden: false,
      messages: [
        ...thread.messages,
        message(`dm-${++this.#seq}`, 'self', 'Me', Date.now(), text, {
          mine: true,
          delivery: 'stored-here',
        }),
      ],
    }));
  }

  async invite(
    room: RoomKey,
    peer: string,
    to: RoomKey,
    note: string,
  ): Promise<Result<EditToken, EditError>> {
    this.asked.push(`invite ${peer} to ${to}: ${note}`);
    return this.#edit(room, peer, (thread) => ({
      ...thread,
      messages: [
        ...thread.messages,
        message(`dm-${++this.#seq}`, 'self', 'Me', Date.now(), note, {
          mine: true,
          delivery: 'stored-here',
          invitation: { note, state: { type: 'sent', used: false } },
        }),
      ],
    }));
  }

  hide(room: RoomKey, peer: string): Promise<Result<undefined, EditError>> {
    this.asked.push(`hide ${peer}`);
    return this.#decide(room, peer, true);
  }

  show(room: RoomKey, peer: string): Promise<Result<undefined, EditError>> {
    this.asked.push(`show ${peer}`);
    return this.#decide(room, peer, false);
  }

  async purge(room: RoomKey, peer: string): Promise<Result<EditToken, EditError>> {
    this.asked.push(`purge ${peer}`);
    return this.#edit(room, peer, (thread) => ({
      ...thread,
      received: 0,
      messages: thread.messages.filter(({ mine }) => mine),
    }));
  }

  async #decide(
    room: RoomKey,
    peer: string,
    isHidden: boolean,
  ): Promise<Result<undefined, EditError>> {
    const edited = this.#edit(room, peer, (thread) => ({ ...thread, isHidden }));
    return edited.ok ? ok(undefined) : edited;
  }

  #edit(
    room: RoomKey,
    peer: string,
    change: (thread: DmThread) => DmThread,
  ): Result<EditToken, EditError> {
    const refusal = this.#refusal;
    this.#refusal = undefined;
    if (refusal) return err(refusal);
    const held = this.#live(room).current;
    if (!held) return err({ type: 'UnknownRoom', room });
    const threads = held.threads.map((each) => (each.peer === peer ? change(each) : each));
    this.put({ ...held, threads });
    return ok({ path: 'rooms', key: room, seq: ++this.#seq });
  }

  #live(room: RoomKey): LiveValue<RoomDms> {
    const live = this.#rooms.get(room) ?? new LiveValue<RoomDms>();
    this.#rooms.set(room, live);
    return live;
  }
}
