import type { WeirDatabase } from '../../persist/database.ts';

const KEY = 'declined-invitations';
const KEPT = 32; // as many as River remembers

/** Invitations whose links do not ask again, by fingerprint, the newest last. */
export class DeclinedInvitations {
  readonly #db: WeirDatabase;

  constructor(db: WeirDatabase) {
    this.#db = db;
  }

  async has(fingerprint: string): Promise<boolean> {
    const list = await this.#db.read(['settings'], (tx) => tx.objectStore('settings').get(KEY));
    return (list ?? '').split(',').includes(fingerprint);
  }

  async add(fingerprint: string): Promise<void> {
    await this.#change((list) => [...list.filter((each) => each !== fingerprint), fingerprint]);
  }

  async remove(fingerprint: string): Promise<void> {
    await this.#change((list) => list.filter((each) => each !== fingerprint));
  }

  async #change(change: (list: readonly string[]) => readonly string[]): Promise<void> {
    await this.#db.write(['settings'], 'relaxed', async (tx) => {
      const settings = tx.objectStore('settings');
      const list = ((await settings.get(KEY)) ?? '').split(',').filter((each) => each !== '');
      await settings.put(change(list).slice(-KEPT).join(','), KEY);
    });
  }
}
