import type { Brand } from './brand.ts';
import { id32FromBase58, toBase58 } from './bytes.ts';
import type { Random } from './random.ts';

/**
 * Says to a node of several people who somebody is: whoever has it can read and write all that the person keeps there. Base58
 * of 32 random bytes, the form of Freenet's own access keys; the node hashes the text.
 */
export type UserToken = Brand<string, 'UserToken'>;

export const newUserToken = (random: Pick<Random, 'bytes'>): UserToken =>
  toBase58(random.bytes(32)) as UserToken;

/** @returns undefined for what is no token; white space around it is dropped */
export function parseUserToken(text: string): UserToken | undefined {
  const token = text.trim();
  return id32FromBase58(token) ? (token as UserToken) : undefined;
}
