/**
 * The value of a fallible call at a module border: errors are data there, never exceptions.
 *
 * `E` is a union of plain objects with a `type`; see each module's own error types.
 */
export type Result<T, E> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: E };

export const ok = <T>(value: T): { readonly ok: true; readonly value: T } => ({ ok: true, value });

export const err = <E>(error: E): { readonly ok: false; readonly error: E } => ({
  ok: false,
  error,
});

/** Ends a `switch` over a union: a new member of the union then fails to compile. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${String(value)}`);
}
