import { messageId, type MemberId, type MessageId } from '../../river/ids.ts';
import { readContent } from '../../river/message-content.ts';
import type { AuthorizedMessage } from '../../river/room-state/messages.ts';
import type { SecretsByVersion } from '../../river/secrets.ts';
import { fold } from './fold.ts';
import type { SearchQuery } from './query.ts';

/** Where a message's text lies: its row's place in the room, which sorts by time. */
export type Place = string;

/** A message that fits, without its words: they are read again for those that are shown. */
export interface Found {
  readonly place: Place;
  readonly id: MessageId;
  readonly author: MemberId;
  /** Where the words are: the message itself, or its newest edit. */
  readonly words: Place;
}

interface Said {
  readonly id: MessageId;
  readonly author: MemberId;
  readonly folded: string;
}

/** An edit or a deletion; in the order of places the later edit wins, and a deletion is for good. */
interface Change {
  readonly place: Place;
  readonly actor: MemberId;
  readonly target: MessageId;
  /** Absent: a deletion. */
  readonly folded?: string;
}

interface Applied {
  readonly edits: ReadonlyMap<MessageId, Change>;
  readonly deleted: ReadonlySet<MessageId>;
}

/**
 * What one room's messages say, folded for searching. It is built row by row, in any order, and kept up with rows that come and go, so
 * that nothing is decoded twice. Only words are kept: 10,000 messages are a few MB.
 */
export class RoomTexts {
  readonly #said = new Map<Place, Said>();
  readonly #changes = new Map<Place, Change>();
  /** Rows that hold nothing to find: joins, reactions, what can't be read. */
  readonly #silent = new Set<Place>();
  #order: readonly Place[] | undefined;
  #changed:
    | { readonly edits: Map<MessageId, Change>; readonly deleted: Set<MessageId> }
    | undefined;

  /** The rows that are not known yet; those that are gone are forgotten. */
  update(places: readonly Place[]): readonly Place[] {
    const here = new Set(places);
    for (const kept of [this.#said, this.#changes, this.#silent]) {
      for (const place of kept.keys()) if (!here.has(place)) kept.delete(place);
    }
    this.#stale();
    return places.filter(
      (place) => !this.#said.has(place) && !this.#changes.has(place) && !this.#silent.has(place),
    );
  }

  /** @param wordsOf the text of a message as it is shown, names for mentions */
  add(
    place: Place,
    each: AuthorizedMessage,
    secrets: SecretsByVersion,
    wordsOf: (text: string) => string,
  ): void {
    this.#stale();
    const content = readContent(each, secrets);
    const actor = each.message.author;
    switch (content.type) {
      case 'text':
      case 'reply':
        this.#said.set(place, {
          id: messageId(each),
          author: actor,
          folded: fold(wordsOf(content.text)),
        });
        return;
      case 'edit':
        this.#changes.set(place, {
          place,
          actor,
          target: content.target,
          folded: fold(wordsOf(content.newText)),
        });
        return;
      case 'delete':
        this.#changes.set(place, { place, actor, target: content.target });
        return;
      default:
        this.#silent.add(place);
    }
  }

  /** Those that fit, newest first. @param isFrom whether an author's name fits; absent: anybody's */
  *find({ terms }: SearchQuery, isFrom?: (author: MemberId) => boolean): Generator<Found> {
    const { edits, deleted } = this.#applied();
    for (const place of this.#newestFirst()) {
      const said = this.#said.get(place);
      if (!said || deleted.has(said.id) || (isFrom && !isFrom(said.author))) continue;
      const edit = edits.get(said.id);
      const text = edit?.folded ?? said.folded;
      if (!terms.every((term) => text.includes(term))) continue;
      yield { place, id: said.id, author: said.author, words: edit?.place ?? place };
    }
  }

  #stale(): void {
    this.#order = undefined;
    this.#changed = undefined;
  }

  #newestFirst(): readonly Place[] {
    this.#order ??= [...this.#said.keys()].sort((a, b) => (a < b ? 1 : -1));
    return this.#order;
  }

  /** By the target's author only. Source: river: common/src/room_state/message.rs (`rebuild_actions_state`). */
  #applied(): Applied {
    if (this.#changed) return this.#changed;
    const authors = new Map([...this.#said.values()].map(({ id, author }) => [id, author]));
    const edits = new Map<MessageId, Change>();
    const deleted = new Set<MessageId>();
    for (const change of this.#changes.values()) {
      if (authors.get(change.target) !== change.actor) continue;
      if (change.folded === undefined) deleted.add(change.target);
      else if ((edits.get(change.target)?.place ?? '') < change.place)
        edits.set(change.target, change);
    }
    this.#changed = { edits, deleted };
    return this.#changed;
  }
}
