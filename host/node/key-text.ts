import type { DelegateKey } from '../../src/freenet/types.ts';
import type { UserId } from '../../src/freenet/user-id.ts';
import { toHex } from '../../src/shared/bytes.ts';

/**
 * A text that names a delegate alone: both halves of its key, because delegates may share the first. With a user it names the
 * delegate as that person's.
 */
export const keyText = (key: DelegateKey, user?: UserId): string =>
  `${toHex(key.key)}${toHex(key.codeHash)}${user === undefined ? '' : `/${user}`}`;
