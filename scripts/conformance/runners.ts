import { delegateProtocol } from './delegate-protocol.ts';
import { roomStateRunner } from './room-state.ts';
import type { RunOptions, Runner } from './runner.ts';
import { userDataRunner } from './user-data.ts';

/** A runner for each form of file that is known. */
export const runners = (options: RunOptions): readonly Runner[] => [
  delegateProtocol(options),
  roomStateRunner(options),
  userDataRunner(options),
];
