import type { Stage } from './stage.ts';

/** One thing that a person can have on screen. It is opened from the list, and leaves nothing behind once `Stage.rest` is done. */
export interface Screen {
  readonly name: string;
  /** Seen all the time: looked at in every size and theme. */
  readonly isMain?: true;
  open(stage: Stage): Promise<void>;
  /** What is to be taken back besides what `Stage.rest` closes. */
  close?(stage: Stage): Promise<void>;
}
