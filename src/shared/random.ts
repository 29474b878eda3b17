/** Randomness as a dependency: keys and nonces from `bytes`, jitter from `unit`. */
export interface Random {
  /** `length` cryptographically random bytes. */
  bytes(length: number): Uint8Array;
  /** A number in [0, 1). */
  unit(): number;
}

export const systemRandom: Random = {
  bytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
  unit: () => Math.random(),
};
