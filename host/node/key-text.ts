import type { DelegateKey } from '../../src/freenet/types.ts';
import { toHex } from '../../src/shared/bytes.ts';

/** A text that names a delegate alone: both halves of its key, because delegates may share the first. */
export const keyText = (key: DelegateKey): string => `${toHex(key.key)}${toHex(key.codeHash)}`;
