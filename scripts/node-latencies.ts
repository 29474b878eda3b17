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

  /** The medians of ten equal parts, in the order of arrival: whether a latency is of the whole way or of a stretch of it. */
  get course(): string {
    const part = Math.max(1, Math.ceil(this.#values.length / 10));
    const medians: string[] = [];
    for (let i = 0; i < this.#values.length; i += part) {
      const sorted = this.#values.slice(i, i + part).sort((a, b) => a - b);
      medians.push((sorted[sorted.length >> 1] ?? 0).toFixed(0));
    }
    return `${medians.join(', ')} ms`;
  }
}
