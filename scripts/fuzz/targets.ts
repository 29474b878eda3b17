import type { Target } from './target.ts';
import { cbor } from './targets/cbor.ts';
import { chunks } from './targets/chunks.ts';
import { content } from './targets/content.ts';
import { delegate } from './targets/delegate.ts';
import { frames, guests } from './targets/frames.ts';
import { invitation, pasted } from './targets/invitation.ts';
import { lists } from './targets/lists.ts';
import { markdown } from './targets/markdown.ts';
import { river } from './targets/river.ts';
import { room } from './targets/room.ts';
import { rules } from './targets/rules.ts';
import { sealed } from './targets/sealed.ts';
import { slot } from './targets/slot.ts';
import { text } from './targets/text.ts';

/** Everything that reads bytes or text of others. A new decoder joins a target's list of forms, or becomes one here. */
export const WITHOUT_RIVER: readonly Target[] = [
  frames,
  guests,
  chunks,
  cbor,
  room,
  slot,
  lists,
  delegate,
  content,
  invitation,
  pasted,
  text,
  markdown,
  rules,
  sealed,
];

export const TARGETS: readonly Target[] = [...WITHOUT_RIVER, river];
