/** Where a command's words go. */
export interface Output {
  /** What was asked for: standard output. */
  line(text: string): void;
  /** What went wrong: standard error. */
  error(text: string): void;
  /** How far long work is, in place of what was said before; empty: it has ended. */
  readonly progress?: (text: string) => void;
}

export const processOutput: Output = {
  line: (text) => void process.stdout.write(`${text}\n`),
  error: (text) => void process.stderr.write(`${text}\n`),
  progress: (text) =>
    void process.stderr.write(process.stderr.isTTY ? `\r\u001b[K${text}` : text && `${text}\n`),
};
