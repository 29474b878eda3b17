import type { WeirDatabase } from '../../persist/database.ts';
import type { RoomKey } from '../../shared/brand.ts';
import type { MessageSearch } from '../search/message-search.ts';
import { part } from './part.ts';
import type { SearchApi, SearchResults } from './search-api.ts';

/** Searching, fetched when it is first wanted. */
export class LiveSearch implements SearchApi {
  readonly #db: WeirDatabase;
  #search: MessageSearch | undefined;

  constructor(db: WeirDatabase) {
    this.#db = db;
  }

  async *run(text: string, room?: RoomKey): AsyncGenerator<SearchResults> {
    const { MessageSearch } = await part(() => import('../search/message-search.ts'));
    this.#search ??= new MessageSearch(this.#db, letDraw, () => performance.now());
    yield* this.#search.run(text, room);
  }
}

/** A task of its own, so that what the person does in between comes first. */
function letDraw(): Promise<void> {
  return new Promise((done) => {
    const { port1, port2 } = new MessageChannel(); // timers are held back to 4 ms after some rounds
    port1.onmessage = () => {
      port1.close();
      done();
    };
    port2.postMessage(undefined);
  });
}
