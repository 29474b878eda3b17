/** What the storm does with one tab. */
import type { Cdp, Params } from './cdp.ts';
import type { Target } from './targets.ts';

interface Evaluated {
  readonly result: { readonly value?: unknown };
  readonly exceptionDetails?: {
    readonly text: string;
    readonly exception?: { description?: string };
  };
}

/** A page that does not answer for so long has failed. */
const ANSWERED_WITHIN_MS = 60_000;

/** What an expression comes to in the page; promises are awaited. @throws Error when the page is gone, silent, or throws */
export async function evaluate(cdp: Cdp, target: Target, expression: string): Promise<unknown> {
  const params: Params = { expression, awaitPromise: true, returnByValue: true };
  const evaluated = await within(
    ANSWERED_WITHIN_MS,
    cdp.send(
      'Runtime.evaluate',
      params,
      target.sessionId,
    ) as Promise<unknown> as Promise<Evaluated>,
  );
  const { result, exceptionDetails } = evaluated;
  if (exceptionDetails) {
    throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
  }
  return result.value;
}

/** How a page says that it can be used. */
export interface Readiness {
  /** Looked for in shadow trees too; absent: loaded, and nothing came for half a second. */
  readonly selector?: string;
  readonly count: number;
}

/** Nothing new for so long is quiet. */
const QUIET_MS = 500;

/** Resolves in the page, with milliseconds since its navigation began. */
const readyExpression = ({ selector, count }: Readiness): string => `new Promise((done) => {
  const found = (root) => root.querySelectorAll(${JSON.stringify(selector ?? '')}).length +
    [...root.querySelectorAll('*')].reduce((sum, each) => sum + (each.shadowRoot ? found(each.shadowRoot) : 0), 0);
  const lastResource = () => performance.getEntriesByType('resource').reduce((last, each) => Math.max(last, each.responseEnd), 0);
  const look = () => {
    const at = performance.now();
    ${
      selector === undefined
        ? `const since = Math.max(lastResource(), performance.getEntriesByType('navigation')[0]?.loadEventEnd ?? at);
    if (document.readyState === 'complete' && at - since > ${QUIET_MS}) return done(since);`
        : `if (document.readyState !== 'loading' && found(document) >= ${count}) return done(at);`
    }
    setTimeout(look, 50);
  };
  look();
})`;

const POLL_MS = 50;

/**
 * Waits until the page can be used.
 *
 * @returns milliseconds since its navigation began; undefined when it could not be used within `limitMs`
 */
export async function ready(
  cdp: Cdp,
  target: Target,
  readiness: Readiness,
  limitMs: number,
): Promise<number | undefined> {
  const end = Date.now() + limitMs;
  while (Date.now() < end) {
    const late = sleep(end - Date.now()).then(() => undefined);
    try {
      const at = await Promise.race([evaluate(cdp, target, readyExpression(readiness)), late]);
      if (typeof at === 'number' || at === undefined) return at;
    } catch {
      await sleep(POLL_MS); // the page is between two documents
    }
  }
  return undefined;
}

/** Begins a reload, and resolves when the old document is gone. */
export async function reload(cdp: Cdp, target: Target, limitMs: number): Promise<void> {
  await evaluate(cdp, target, 'void (globalThis.__stormOld = true)').catch(() => undefined);
  await cdp.send('Page.reload', {}, target.sessionId);
  const end = Date.now() + limitMs;
  while (Date.now() < end) {
    const isOld = await evaluate(cdp, target, 'globalThis.__stormOld === true').catch(() => true);
    if (!isOld) return;
    await sleep(POLL_MS);
  }
}

/** @throws Error when `work` takes longer */
export function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms / 1000} s`)), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

export const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
