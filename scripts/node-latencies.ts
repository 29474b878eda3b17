/** Latencies in milliseconds, all of them kept. */
export class Latencies {
  readonly #values: number[] = [];

  add(ms: number): void {
    this.#values.push(ms);
  }

  get count(): number {
    return this.#values.length;
  }

  /** `p50 1.2, p95 3.4, p99 5.6, max 7.8 ms`; `never` when there are none. */
  get text(): string {
    if (this.#values.length === 0) return 'never';
    const sorted = [...this.#values].sort((a, b) => a - b);
    const at = (share: number): string =>
      (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(1);
    return `p50 ${at(0.5)}, p95 ${at(0.95)}, p99 ${at(0.99)}, max ${at(1)} ms`;
  }
}
