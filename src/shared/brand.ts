declare const brand: unique symbol;

/** A value that must not be mixed with another of the same shape. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };

/** A room: base58 of its owner's 32-byte Ed25519 verifying key. */
export type RoomKey = Brand<string, 'RoomKey'>;

/** Milliseconds since 1970 UTC. */
export type Millis = number;
