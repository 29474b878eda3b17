export type Fields = Readonly<Record<string, unknown>>;

/** The fields of a JSON value that should be an object; none where it is something else. */
export const fieldsOf = (data: unknown): Fields =>
  typeof data === 'object' && data !== null ? (data as Fields) : {};
