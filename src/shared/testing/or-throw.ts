import type { Result } from '../result.ts';

/** What is right unless something is broken. @throws the error, or one that has all of it in its message */
export function orThrow<T>(result: Result<T, unknown>): T {
  if (result.ok) return result.value;
  const { error } = result;
  if (error instanceof Error) throw error;
  throw new Error(
    JSON.stringify(error, (_, each: unknown) => (typeof each === 'bigint' ? String(each) : each)),
  );
}
