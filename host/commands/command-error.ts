/** A command that can't be carried out: its message is the one line the person sees. */
export class CommandError extends Error {
  /** 2: what was asked makes no sense (options, files). 1: it did, but it failed. */
  readonly exitCode: 1 | 2;

  constructor(exitCode: 1 | 2, message: string) {
    super(message);
    this.name = 'CommandError';
    this.exitCode = exitCode;
  }
}

export const misuse = (message: string): CommandError => new CommandError(2, message);

export const failure = (message: string): CommandError => new CommandError(1, message);
