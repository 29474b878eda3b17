/** How far a target's runs are. */
export interface Counts {
  readonly accepted: number;
  readonly refused: number;
  readonly failed: number;
  readonly slowestMs: number;
  readonly slowestRun: number;
}

const FIELDS = [
  'run',
  'accepted',
  'refused',
  'failed',
  'slowestMs',
  'slowestRun',
  'ready',
] as const;
type Field = (typeof FIELDS)[number];

/** Counts that a worker writes and the main thread reads at any time: they survive the worker's end. */
export class Progress {
  readonly shared: SharedArrayBuffer;
  readonly #numbers: Float64Array;

  constructor(shared = new SharedArrayBuffer(FIELDS.length * 8)) {
    this.shared = shared;
    this.#numbers = new Float64Array(shared);
  }

  #get(field: Field): number {
    return this.#numbers[FIELDS.indexOf(field)] as number;
  }

  #set(field: Field, value: number): void {
    this.#numbers[FIELDS.indexOf(field)] = value;
  }

  begin(run: number): void {
    this.#set('run', run);
    this.#set('ready', 1);
  }

  end(verdict: 'accepted' | 'refused' | 'failed', milliseconds: number): void {
    this.#set(verdict, this.#get(verdict) + 1);
    if (milliseconds <= this.#get('slowestMs')) return;
    this.#set('slowestMs', milliseconds);
    this.#set('slowestRun', this.#get('run'));
  }

  /** A worker that was started anew has run nothing yet. */
  restart(): void {
    this.#set('ready', 0);
  }

  /** Whether the worker has begun its first run. */
  get isRunning(): boolean {
    return this.#get('ready') === 1;
  }

  /** The run that is going on. */
  get run(): number {
    return this.#get('run');
  }

  get counts(): Counts {
    return {
      accepted: this.#get('accepted'),
      refused: this.#get('refused'),
      failed: this.#get('failed'),
      slowestMs: this.#get('slowestMs'),
      slowestRun: this.#get('slowestRun'),
    };
  }
}
