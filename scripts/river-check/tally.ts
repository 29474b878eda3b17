/** Counts comparisons, and what the compared calls ended with: a check that compared only refusals would show. */
export class Tally {
  passed = 0;
  failed = 0;
  #room = '';
  readonly #outcomes = new Map<string, number>();
  readonly #say: (line: string) => void;

  constructor(say: (line: string) => void) {
    this.#say = say;
  }

  begin(room: string): void {
    this.#room = room;
  }

  /** @param outcome what River answered, in short */
  compare(what: string, river: string, weir: string, outcome: string): void {
    const key = `${what}: ${outcome}`;
    this.#outcomes.set(key, (this.#outcomes.get(key) ?? 0) + 1);
    if (river === weir) {
      this.passed += 1;
      return;
    }
    this.failed += 1;
    if (this.failed > 20) return;
    this.#say(`failed: ${this.#room}: ${what}\n  River ${short(river)}\n  Weir  ${short(weir)}`);
  }

  get line(): string {
    return `${this.passed} passed, ${this.failed} failed`;
  }

  get details(): string {
    return [...this.#outcomes]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, count]) => `${String(count).padStart(9)}  ${key}`)
      .join('\n');
  }
}

const short = (text: string): string =>
  text.length <= 4000 ? text : `${text.slice(0, 4000)}… (${text.length} characters)`;
