/** How long to wait before each further try, in ms: a worker that was stopped answers again at once, a network takes longer. */
const WAITS_MS = [100, 1_000, 4_000];

/** A part of the app could not be fetched, however often it was asked for. Nothing that is stored is touched by that. */
export class PartMissingError extends Error {
  override readonly name = 'PartMissingError';
}

/**
 * Loads a part of the app. The service worker answers for it, and one that is killed meanwhile leaves the request unanswered:
 * then it is asked for again.
 *
 * @throws PartMissingError
 */
export async function part<T>(load: () => Promise<T>): Promise<T> {
  for (const wait of WAITS_MS) {
    try {
      return await load();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
  return load().catch((cause: unknown) => {
    throw new PartMissingError(String(cause), { cause });
  });
}
