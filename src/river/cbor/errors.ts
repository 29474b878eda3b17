/** Bytes that are not the value they should be. Thrown inside the decoders, returned by everything exported. */
export class DecodeError extends Error {
  readonly type = 'Undecodable';
  /** Where in the value, in River's field names: `room_state.members[3].signature`; empty for the value as a whole. */
  readonly path: string;
  readonly reason: string;
  /** Offset in the input at which reading stopped, in bytes. */
  readonly at: number;

  constructor(path: string, reason: string, at: number) {
    super(`${path === '' ? '' : `${path}: `}${reason} (at byte ${at})`);
    this.name = 'DecodeError';
    this.path = path;
    this.reason = reason;
    this.at = at;
  }
}
