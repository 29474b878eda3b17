/** Not later than this, however busy the page is, ms. */
const LATEST_MS = 1_000;

/** When the page has drawn what it has to draw and has time. */
export const whenIdle = (): Promise<void> =>
  new Promise((resolve) => {
    // Safari has no requestIdleCallback
    if ('requestIdleCallback' in globalThis) {
      requestIdleCallback(() => resolve(), { timeout: LATEST_MS });
    } else {
      setTimeout(resolve, 50);
    }
  });
