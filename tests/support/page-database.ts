import type { Page } from 'playwright-core';

/** The rows of some stores of the page's database, as they are at one moment, read with nothing of the app's. */
export const storedRows = (
  page: Page,
  stores: readonly string[],
): Promise<Readonly<Record<string, readonly unknown[]>>> =>
  page.evaluate(
    (names) =>
      new Promise((resolve, reject) => {
        const open = indexedDB.open('weir');
        open.addEventListener('error', () => reject(open.error ?? new Error('open failed')));
        open.addEventListener('success', () => {
          const tx = open.result.transaction([...names]);
          const asked = names.map((name) => [name, tx.objectStore(name).getAll()] as const);
          tx.addEventListener('complete', () => {
            open.result.close();
            resolve(Object.fromEntries(asked.map(([name, { result }]) => [name, result])));
          });
        });
      }),
    stores,
  );

/** What lies under a key of its own in one store; undefined when nothing does. */
export const storedValue = (page: Page, store: string, key: string): Promise<unknown> =>
  page.evaluate(
    ([name, at]) =>
      new Promise((resolve, reject) => {
        const open = indexedDB.open('weir');
        open.addEventListener('error', () => reject(open.error ?? new Error('open failed')));
        open.addEventListener('success', () => {
          const asked = open.result.transaction(name).objectStore(name).get(at);
          asked.addEventListener('success', () => {
            open.result.close();
            resolve(asked.result);
          });
        });
      }),
    [store, key] as const,
  );

/** What an app of a later version would leave behind. The page must be of the app's origin, and not the app. */
export const leaveNewerDatabase = (page: Page): Promise<void> =>
  page.evaluate(
    () =>
      new Promise<void>((resolve, reject) => {
        const open = indexedDB.open('weir', 999);
        open.addEventListener('error', () => reject(open.error ?? new Error('open failed')));
        open.addEventListener('success', () => {
          open.result.close();
          resolve();
        });
      }),
  );
