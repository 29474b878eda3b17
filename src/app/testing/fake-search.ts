import type { RoomKey } from '../../shared/brand.ts';
import type { SearchApi, SearchHit, SearchResults } from '../state/search-api.ts';

/** Finds what it was given, by plain words; `held` results come when they are let go. */
export class FakeSearch implements SearchApi {
  hits: readonly SearchHit[] = [];
  failure: string | undefined;
  readonly asked: (readonly [string, RoomKey | undefined])[] = [];
  #held: Promise<void> | undefined;

  /** @returns lets the next search end */
  hold(): () => void {
    let release = (): void => {};
    this.#held = new Promise((done) => (release = done));
    return release;
  }

  async *run(text: string, room?: RoomKey): AsyncGenerator<SearchResults> {
    this.asked.push([text, room]);
    if (this.failure !== undefined) throw new Error(this.failure);
    const hits = this.hits.filter(
      (hit) => hit.text.includes(text) && (room === undefined || hit.room === room),
    );
    const held = this.#held;
    this.#held = undefined;
    if (held) {
      yield { hits: hits.slice(0, 1), total: 1, read: 1, of: 3 };
      await held;
    }
    yield { hits, total: hits.length, read: 3, of: 3 };
  }
}
