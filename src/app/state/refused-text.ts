import type { RefusedReason } from '../../persist/schema.ts';
import { unreachable } from '../../shared/result.ts';

/** What is said of messages that a room did not take. */
export const refusedText = {
  /** Why, as one sentence. */
  reason(reason: RefusedReason): string {
    switch (reason.type) {
      case 'too-long':
        return `Not in the room: it takes ${reason.bytes.toLocaleString('en')} bytes, and the room allows ${reason.maxBytes.toLocaleString('en')} now.`;
      case 'banned':
        return 'Not in the room: you were banned before it arrived.';
      case 'not-a-member':
        return 'Not in the room: you were no longer a member when it arrived.';
      case 'crowded-out':
        return `Not in the room: it keeps its newest ${reason.kept.toLocaleString('en')} messages, and newer ones came first.`;
      default:
        return unreachable(reason);
    }
  },
  edit: 'A change of a message. ',
  unreadable: 'Its words can’t be read any more: the room’s secret is gone.',
  retry: 'Send again',
  rewrite: 'Put into the composer',
  copy: 'Copy',
  discard: 'Discard',
  discarded: 'Discarded',
  undo: 'Undo',
  actions: 'What to do with a message that is not in the room',
} as const;
