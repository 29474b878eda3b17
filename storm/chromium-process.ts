import { spawn, type ChildProcess } from 'node:child_process';

/** A Chromium on a profile on disk: a process group of its own, so that all of it can be killed at once. */
export class ChromiumProcess {
  readonly #child: ChildProcess;
  /** Of its debugging protocol, a WebSocket's. */
  readonly address: string;

  private constructor(child: ChildProcess, address: string) {
    this.#child = child;
    this.address = address;
  }

  /**
   * @param profile a folder: the same one is the same browser again
   * @throws Error with what it said when it does not start within `limitMs`
   */
  static async start(
    executable: string,
    args: readonly string[],
    profile: string,
    limitMs: number,
  ): Promise<ChromiumProcess> {
    const all = [...args, '--remote-debugging-port=0', `--user-data-dir=${profile}`, 'about:blank'];
    const child = spawn(executable, all, { detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
    try {
      return new ChromiumProcess(child, await addressOf(child, limitMs));
    } catch (error) {
      killGroup(child);
      throw error;
    }
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** SIGKILL to all of its processes. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    killGroup(this.#child);
    await ended;
  }
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // all of them have ended
  }
}

function addressOf(child: ChildProcess, limitMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const late = setTimeout(
      () => reject(new Error(`Chromium did not start in ${limitMs / 1000} s: ${said}`)),
      limitMs,
    );
    child.stderr?.on('data', (data: Buffer) => {
      said = (said + data.toString()).slice(-8_000);
      const [, found] = /DevTools listening on (ws:\S+)/.exec(said) ?? [];
      if (found === undefined) return;
      clearTimeout(late);
      resolve(found);
    });
    child.once('error', reject);
    child.once('exit', () => {
      clearTimeout(late);
      reject(new Error(`Chromium ended: ${said}`));
    });
  });
}
