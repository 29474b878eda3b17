import { LiveValue } from '../../shared/live-query.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { KeyError, NodeApi, StorageFailed } from '../state/node-api.ts';

/** A node of one person in memory, for component tests, until it is told that it is shared. */
export class FakeNode implements NodeApi {
  readonly isShared = new LiveValue<boolean>();
  current = '7GfPDZMWFZhcULVXqEJbrPN3ZtbEYhCFWc9vfGYyQwQs';
  failure: KeyError | undefined;

  constructor() {
    this.isShared.set(false);
  }

  async key(): Promise<Result<string, StorageFailed>> {
    return this.failure?.type === 'StorageFailed' ? err(this.failure) : ok(this.current);
  }

  async takeKey(text: string): Promise<Result<'taken' | 'same', KeyError>> {
    if (this.failure) return err(this.failure);
    if (text === this.current) return ok('same');
    this.current = text;
    return ok('taken');
  }
}
