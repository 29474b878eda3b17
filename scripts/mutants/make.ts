import type { Feature, Mutant, Patch } from './mutant.ts';

/** To be noticed by the fault simulation. */
export const simulated = (name: string, ...patches: Patch[]): Mutant => ({
  name,
  patches,
  killer: { type: 'simulation' },
});

/** To be noticed by those of its schedules in which a feature takes part. */
export const simulatedWith = (needs: Feature, name: string, ...patches: Patch[]): Mutant => ({
  name,
  patches,
  killer: { type: 'simulation', needs },
});

/** To be noticed by one test. */
export const tested = (name: string, file: string, test: string, ...patches: Patch[]): Mutant => ({
  name,
  patches,
  killer: { type: 'test', file, name: test },
});

export const patch = (file: string, from: string, to: string): Patch => ({ file, from, to });
