import { delegateProtocol } from './delegate-protocol.ts';
import type { RunOptions, Runner } from './runner.ts';

/** A runner for each form of file that is known. */
export const runners = (options: RunOptions): readonly Runner[] => [delegateProtocol(options)];
