/**
 * One path's coalescer: many requests to save, few saves.
 *
 * Every caller settles with the run that *started* after its call, so that its change, made before the call, was in that
 * run's snapshot. There is no other way to settle: no default, no last result, no shared success. Runs never overlap.
 */
export interface CoalesceState<T> {
  /** Callers whose run has not started. */
  waiting: Waiter<T>[];
  running: boolean;
}

interface Waiter<T> {
  resolve(value: T): void;
  reject(reason: unknown): void;
}

export const newCoalesceState = <T>(): CoalesceState<T> => ({ waiting: [], running: false });

export interface CoalesceRun<T> {
  /** Waits for the end of the burst; callers who arrive meanwhile join the run. */
  gather(): Promise<void>;
  /** Called afresh for every run; takes its own snapshot after it has started. */
  doSave(): Promise<T>;
}

/**
 * Asks for a save and resolves with the result of the run that covers everything the caller did before the call.
 *
 * N calls while a run is under way cause exactly one further run.
 *
 * @throws what `gather` or `doSave` of that very run threw
 */
export function coalesceSave<T>(state: CoalesceState<T>, run: CoalesceRun<T>): Promise<T> {
  const result = new Promise<T>((resolve, reject) => state.waiting.push({ resolve, reject }));
  if (!state.running) void drainCallers(state, run);
  return result;
}

async function drainCallers<T>(state: CoalesceState<T>, run: CoalesceRun<T>): Promise<void> {
  state.running = true;
  while (state.waiting.length > 0) {
    let covered: Waiter<T>[] = [];
    try {
      await run.gather();
      covered = state.waiting;
      state.waiting = [];
      const value = await run.doSave();
      for (const caller of covered) caller.resolve(value);
    } catch (error) {
      if (covered.length === 0) {
        covered = state.waiting; // gather failed: no run will cover them
        state.waiting = [];
      }
      for (const caller of covered) caller.reject(error);
    }
  }
  state.running = false;
}
