import type { WeirDatabase } from '../../persist/database.ts';
import { outboundDmOf } from '../../persist/outbound-rows.ts';
import { mutedIn } from '../../persist/member-notes.ts';
import { outboundOfRoom } from '../../persist/outbound-store.ts';
import type { MessageKey, RoomRow } from '../../persist/schema.ts';
import { signatureDigest, type MemberId } from '../../river/ids.ts';
import { textWithNames } from '../../river/mentions.ts';
import { readContent } from '../../river/message-content.ts';
import { shownName } from '../../river/names/display-name.ts';
import type { OutboundDm } from '../../river/outbound-dms.ts';
import { selfIdOf, type OwnRoomData } from '../../river/room-data.ts';
import { decodeMessage, decodeOwn, decodePart } from '../../river/room-parts.ts';
import type { AuthorizedDirectMessage } from '../../river/room-state/direct-messages.ts';
import { canonicalInfos } from '../../river/rules/member-info.ts';
import { readableSecrets, type SecretsByVersion } from '../../river/secrets.ts';
import { viewDirectMessages } from '../../river/view/direct-messages.ts';
import { sealedText } from '../../river/view/sealed-text.ts';
import { toHex } from '../../shared/bytes.ts';
import type { RoomKey } from '../../shared/brand.ts';
import { fold } from './fold.ts';
import { keyOf, placeOf } from './place.ts';
import { RoomTexts, type Place } from './room-texts.ts';

/** So many rows are decoded before the page may draw. */
const SLICE = 100;
/** Of so few, each is read by its key. */
const FEW = 16;

/** A room as far as it has been read: of revision `rev`. */
export interface ReadRoom {
  readonly rev: number;
  readonly own: OwnRoomData;
  readonly selfId: MemberId | undefined;
  readonly secrets: SecretsByVersion;
  /** As they are shown. */
  readonly names: ReadonlyMap<MemberId, string>;
  /** Of whom nothing is found. */
  readonly muted: ReadonlySet<MemberId>;
  readonly texts: RoomTexts;
  /** By purge token, hex. */
  readonly dms: ReadonlyMap<string, SaidDirectly>;
}

export interface SaidDirectly {
  readonly peer: MemberId;
  readonly mine: boolean;
  /** Milliseconds since 1970 UTC. */
  readonly at: number;
  readonly text: string;
  readonly folded: string;
}

/** Reads rooms for searching: a room's rows once, then only what has come since. */
export class RoomReader {
  readonly #db: WeirDatabase;
  readonly #pause: () => Promise<void>;
  readonly #rooms = new Map<RoomKey, ReadRoom>();

  constructor(db: WeirDatabase, pause: () => Promise<void>) {
    this.#db = db;
    this.#pause = pause;
  }

  /** The room as its rows are; undefined where they are no room. */
  async read({ room, rev }: RoomRow): Promise<ReadRoom | undefined> {
    const known = this.#rooms.get(room);
    if (known?.rev === rev) return known;
    const range = IDBKeyRange.bound([room], [room, []]);
    const { parts, keys, kept, muted } = await this.#db.read(
      ['parts', 'messages', 'outbound_dms', 'dm_threads', 'member_notes'],
      async (tx) => ({
        parts: await tx.objectStore('parts').getAll(range),
        keys: await tx.objectStore('messages').getAllKeys(range),
        kept: await outboundOfRoom(tx, room),
        muted: await mutedIn(tx, room),
      }),
    );
    const bytesOf = (name: string): Uint8Array =>
      parts.find(({ part }) => part === name)?.bytes ?? NOTHING;
    const own = decodeOwn(bytesOf('own'));
    const sealed = decodePart('secrets', bytesOf('secrets'));
    const infos = decodePart('member_info', bytesOf('member_info'));
    const dms = decodePart('direct_messages', bytesOf('direct_messages'));
    if (!own.ok || !sealed.ok || !infos.ok || !dms.ok) return undefined;
    const secrets = readableSecrets(sealed.value, own.value.selfSk, own.value.invitationSecrets);
    const read = {
      rev,
      own: own.value,
      selfId: selfIdOf(own.value),
      secrets,
      names: new Map(
        [...canonicalInfos(infos.value)].map(([id, { memberInfo }]) => [
          id,
          shownName(sealedText(memberInfo.preferredNickname, secrets)),
        ]),
      ),
      muted: new Set([...muted].map(BigInt)),
      // with another secret, what could not be read may be read now
      texts: known?.secrets.size === secrets.size ? known.texts : new RoomTexts(),
    };
    await this.#readMessages(read, room, keys);
    const words = kept.dms.filter((row) => !row.purged).map(outboundDmOf);
    const whole = { ...read, dms: await this.#dms(read, known, dms.value.messages, words) };
    this.#rooms.set(room, whole);
    return whole;
  }

  /** What a message says, names for mentions; undefined when it is gone. */
  async words(
    { secrets, names }: ReadRoom,
    room: RoomKey,
    place: Place,
  ): Promise<string | undefined> {
    const bytes = (await this.#rows(room, [place])).get(place);
    const message = bytes && decodeMessage(bytes);
    if (!message?.ok) return undefined;
    const content = readContent(message.value, secrets);
    if ('text' in content) return textWithNames(content.text, names);
    return 'newText' in content ? textWithNames(content.newText, names) : undefined;
  }

  /** The newest first: they are the likeliest to be looked for. */
  async #readMessages(
    { texts, secrets, names }: Pick<ReadRoom, 'texts' | 'secrets' | 'names'>,
    room: RoomKey,
    keys: readonly MessageKey[],
  ): Promise<void> {
    const missing = texts.update(keys.map(placeOf));
    for (let to = missing.length; to > 0; to -= SLICE) {
      const rows = await this.#rows(room, missing.slice(Math.max(0, to - SLICE), to));
      for (const [place, bytes] of rows) {
        const message = decodeMessage(bytes);
        if (message.ok)
          texts.add(place, message.value, secrets, (said) => textWithNames(said, names));
      }
      await this.#pause();
    }
  }

  /** @param places in order */
  async #rows(room: RoomKey, places: readonly Place[]): Promise<ReadonlyMap<Place, Uint8Array>> {
    const wanted = new Set(places);
    return this.#db.read(['messages'], async (tx) => {
      const store = tx.objectStore('messages');
      if (places.length <= FEW) {
        const rows = await Promise.all(places.map((place) => store.get(keyOf(room, place))));
        return new Map(places.flatMap((place, i) => (rows[i] ? [[place, rows[i].bytes]] : [])));
      }
      const [first = '', last = ''] = [places[0], places.at(-1)];
      const range = IDBKeyRange.bound(keyOf(room, first), keyOf(room, last));
      const [keys, rows] = await Promise.all([store.getAllKeys(range), store.getAll(range)]);
      const all = keys.map((key, i) => [placeOf(key), rows[i]?.bytes ?? NOTHING] as const);
      return new Map(all.filter(([place]) => wanted.has(place)));
    });
  }

  async #dms(
    { selfId, own }: Pick<ReadRoom, 'selfId' | 'own'>,
    known: ReadRoom | undefined,
    messages: readonly AuthorizedDirectMessage[],
    words: readonly OutboundDm[],
  ): Promise<ReadonlyMap<string, SaidDirectly>> {
    const dms = new Map<string, SaidDirectly>();
    if (selfId === undefined) return dms;
    for (const each of messages) {
      const token = toHex(signatureDigest(each.senderSignature));
      const before = known?.dms.get(token);
      if (before) {
        dms.set(token, before);
        continue;
      }
      const [view] = viewDirectMessages([each], selfId, own.selfSk, words, () => '');
      if (!view || view.body.type === 'Unreadable') continue;
      const text =
        view.body.type === 'Text' ? view.body.text : (view.body.invite.personalMessage ?? '');
      const { peer, direction, timestamp } = view;
      const at = Number(timestamp) * 1000;
      dms.set(token, { peer, mine: direction === 'out', at, text, folded: fold(text) });
      await this.#pause(); // opening one costs about a millisecond
    }
    return dms;
  }
}

const NOTHING = new Uint8Array();
