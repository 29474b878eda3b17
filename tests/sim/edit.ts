import type { Token } from '../../src/persist/dirty-markers.ts';

/** An edit, and what its caller was told; nothing while no answer has come (or ever will: the page is dead). */
export interface Edit {
  readonly type: 'message' | 'dm' | 'rename' | 'mode' | 'order';
  readonly room: number;
  /** Of the message; what was decided, of anything else. */
  readonly name: string;
  told?: Token | 'refused';
  /** The browser has lost its database since; `wasProved`: when the node was known to have the edit. */
  evicted?: { readonly wasProved: boolean };
}

/** An edit whose caller was told that it is stored here. */
export type StoredEdit = Omit<Edit, 'told'> & { readonly told: Token };

export const isStored = (edit: Edit): edit is StoredEdit =>
  edit.told !== undefined && edit.told !== 'refused';
