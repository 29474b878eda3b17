import type { LiveQuery } from '../../shared/live-query.ts';
import type { Result } from '../../shared/result.ts';

/** Who the person is on their node, where it serves several people. */
export interface NodeApi {
  /** Whether it does; undefined until that is known. */
  readonly isShared: LiveQuery<boolean>;
  /** The person's key on the node: whoever has it reads and writes all that they keep there. */
  key(): Promise<Result<string, StorageFailed>>;
  /** From now on this browser is the person with that key. Rooms that are here stay, and are brought along. */
  takeKey(text: string): Promise<Result<'taken' | 'same', KeyError>>;
}

export interface StorageFailed {
  readonly type: 'StorageFailed';
  readonly reason: string;
}

export type KeyError = { readonly type: 'NotAKey' } | StorageFailed;
