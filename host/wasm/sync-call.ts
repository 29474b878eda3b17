/**
 * Calls from one thread to another that wait for the answer, as a guest's calls of its node must: the guest's thread stands
 * still meanwhile, the node's never does.
 *
 * A question goes over a port, the answer back over it; then a shared word is set and the caller wakes and takes it. There is one
 * call at a time per port.
 */
import { receiveMessageOnPort } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';

/** Functions by name: what one thread may ask of the other. Answers are copied, and so are arguments but long ones. */
type Functions<F> = { readonly [K in keyof F]: (...args: never[]) => unknown };

interface Call {
  readonly name: string;
  readonly args: readonly unknown[];
}

type Reply = { readonly value: unknown } | { readonly failed: string };

/** The two ends of a line share these four bytes: 1 when the answer is there. */
export const newSignal = (): Int32Array => new Int32Array(new SharedArrayBuffer(4));

/** Bytes from which on an argument is given away: the caller has it no more. */
const GIVEN_AWAY = 65_536;

function longOnes(args: readonly unknown[]): ArrayBuffer[] {
  return args.flatMap((arg) =>
    arg instanceof Uint8Array &&
    arg.byteLength >= GIVEN_AWAY &&
    arg.byteLength === arg.buffer.byteLength &&
    arg.buffer instanceof ArrayBuffer
      ? [arg.buffer]
      : [],
  );
}

/**
 * The calling end. Byte arrays among the arguments that are long, and alone in their buffer, can't be used afterwards.
 *
 * @returns a function that throws where the other side's function threw
 */
export function syncCaller<F extends Functions<F>>(
  port: MessagePort,
  signal: Int32Array,
): <K extends keyof F & string>(name: K, ...args: Parameters<F[K]>) => ReturnType<F[K]> {
  return <K extends keyof F & string>(name: K, ...args: Parameters<F[K]>) => {
    Atomics.store(signal, 0, 0);
    port.postMessage({ name, args } satisfies Call, longOnes(args));
    // not once: the notification of the answer before may come only now, when that answer has long been taken
    while (Atomics.load(signal, 0) === 0) Atomics.wait(signal, 0, 0);
    const reply = receiveMessageOnPort(port)?.message as Reply;
    if ('failed' in reply) throw new Error(reply.failed);
    return reply.value as ReturnType<F[K]>;
  };
}

/** The answering end. @param functions asked for at each call: they may change from one to the next */
export function answerCalls<F extends Functions<F>>(
  port: MessagePort,
  signal: Int32Array,
  functions: () => F | undefined,
): void {
  port.on('message', ({ name, args }: Call) => {
    port.postMessage(replyTo(functions(), name, args));
    Atomics.store(signal, 0, 1);
    Atomics.notify(signal, 0);
  });
}

function replyTo<F extends Functions<F>>(
  functions: F | undefined,
  name: string,
  args: readonly unknown[],
): Reply {
  try {
    const called = functions?.[name as keyof F] as ((...given: unknown[]) => unknown) | undefined;
    return called ? { value: called(...args) } : { failed: `nobody answers ${name} now` };
  } catch (thrown) {
    return { failed: String(thrown) };
  }
}
