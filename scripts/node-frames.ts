// Sends malformed frames (seeded) to a real `weir serve` over real WebSockets, while a well-behaved client goes on working.
//   npm run -s node:frames -- [--frames N] [--seed S]
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { pathToFileURL } from 'node:url';
import { WebSocket } from 'ws';
import type { ServeProcess } from '../host/testing/serve-process.ts';
import { encodeClientRequest } from '../src/freenet/client-request.ts';
import { decodeHostResult } from '../src/freenet/host-response.ts';
import { decodeDelegateResponse, encodeDelegateRequest } from '../src/river/delegate-messages.ts';
import { Dice } from '../src/river/testing/dice.ts';
import { equalBytes, utf8 } from '../src/shared/bytes.ts';
import { orThrow } from '../src/shared/testing/or-throw.ts';
import { Attacks, brokenFrame, type Kind } from './node-frames-kinds.ts';
import { command, readCounts } from './node-options.ts';
import { BUILT_DELEGATE, connectTo, registerDelegate, Workplace } from './node-process.ts';

const ATTACKERS = 4;
/** Messages sent before one waits until all of them are served. */
const BATCH = 256;
/** A connection that breaks the protocol comes after so many batches. */
const BATCHES_PER_BROKEN = 2;
/** Each attacker's delegate is replaced by a new one after so many. */
const BATCHES_PER_DELEGATE = 50;
const NO_BYTES = new Uint8Array(0);
/** Memory counts as flat when the last quarter's median is at most this much above the second quarter's. */
const FLAT_SHARE = 1.2;
const FLAT_BYTES = 48 * 1024 * 1024;

export interface FramesReport {
  readonly sent: number;
  readonly kinds: ReadonlyMap<Kind | 'broken protocol', number>;
  readonly connections: number;
  /** The host's own memory each second, bytes. */
  readonly memory: readonly number[];
  /** Requests of the well-behaved client that were answered rightly. */
  readonly answered: number;
  readonly slowestMs: number;
  readonly failures: readonly string[];
}

interface Tally {
  left: number;
  sent: number;
  connections: number;
  readonly kinds: Map<Kind | 'broken protocol', number>;
}

/** @param say told of each tenth of the way */
export async function sendFrames(
  { frames, seed }: { readonly frames: number; readonly seed: number },
  say: (line: string) => void,
): Promise<FramesReport> {
  const workplace = await Workplace.make();
  const node = workplace.start();
  try {
    const url = await node.url;
    const tally: Tally = { left: frames, sent: 0, connections: 0, kinds: new Map() };
    const memory: number[] = [];
    let told = 0;
    const sampling = setInterval(() => {
      if (!node.isRunning) return;
      memory.push(node.memory());
      const tenth = Math.floor((tally.sent / frames) * 10);
      if (tenth > told) say(`${tally.sent} frames, ${mebibytes(memory.at(-1))} MiB`);
      told = Math.max(told, tenth);
    }, 1000);
    const stop = new AbortController();
    const failures: string[] = [];
    const guard = (work: Promise<unknown>): Promise<unknown> =>
      work.catch((error: unknown) => failures.push(`${String(error)} ${node.said}`));
    const good = { answered: 0, slowestMs: 0 };
    const working = guard(wellBehaved(url, good, stop.signal));
    const deaf = await deafClient(url, new Dice(seed));
    memory.push(node.memory());
    await Promise.all(
      Array.from({ length: ATTACKERS }, (_, i) =>
        guard(attack(url, String(i), new Dice(seed + i), tally)),
      ),
    );
    stop.abort();
    await working;
    clearInterval(sampling);
    deaf.terminate();
    memory.push(node.memory());
    failures.push(...(await lastWords(node, memory)));
    const { sent, kinds, connections } = tally;
    return { sent, kinds, connections, memory, ...good, failures };
  } finally {
    await node.kill('SIGKILL');
    await workplace.dispose();
  }
}

async function lastWords(node: ServeProcess, memory: readonly number[]): Promise<string[]> {
  if (!node.isRunning) return [`the host ended: ${JSON.stringify(await node.ended)} ${node.said}`];
  const quarter = Math.ceil(memory.length / 4);
  const early = median(memory.slice(quarter, 2 * quarter));
  const late = median(memory.slice(-quarter));
  return late > early * FLAT_SHARE + FLAT_BYTES
    ? [`memory grew from ${mebibytes(early)} to ${mebibytes(late)} MiB`]
    : [];
}

/** Sends batches until none are left, on a new connection whenever the node has closed the last. */
async function attack(url: string, name: string, dice: Dice, tally: Tally): Promise<void> {
  const wasm = readFileSync(BUILT_DELEGATE);
  let attacks = new Attacks(wasm, `attacked by ${name}`, dice);
  let socket: WebSocket | undefined;
  for (let batch = 0; tally.left > 0; batch++) {
    if (batch > 0 && batch % BATCHES_PER_DELEGATE === 0) {
      attacks = new Attacks(wasm, `attacked by ${name} after ${batch}`, dice);
      socket?.send(attacks.registration);
    }
    if (socket?.readyState !== WebSocket.OPEN) {
      socket = await open(url);
      socket.send(attacks.registration);
      tally.connections += 1;
    }
    const count = Math.min(BATCH, tally.left);
    tally.left -= count;
    for (let i = 0; i < count; i++) {
      const { kind, message } = attacks.next();
      socket.send(message);
      tally.kinds.set(kind, (tally.kinds.get(kind) ?? 0) + 1);
    }
    await served(socket, dice.bytes(32));
    tally.sent += count;
    if (batch % BATCHES_PER_BROKEN === 0 && tally.left > 0) {
      tally.left -= 1;
      await breakProtocol(url, brokenFrame(dice));
      tally.kinds.set('broken protocol', (tally.kinds.get('broken protocol') ?? 0) + 1);
      tally.sent += 1;
      tally.connections += 1;
    }
  }
  socket?.terminate();
}

/** As the app when it is there on its own path, so that attacks reach the delegate too. */
function open(url: string): Promise<WebSocket> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/weir/node`, { origin: url });
  socket.on('error', () => undefined); // 'close' follows
  return new Promise((resolve, reject) => {
    socket.on('open', () => resolve(socket));
    socket.on('close', () => reject(new Error('the node refuses connections')));
  });
}

/** Resolves when everything sent so far is served: requests are answered in order. Or when the connection ends. */
function served(socket: WebSocket, unknownInstance: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      socket.off('message', look);
      socket.off('close', end);
      resolve();
    };
    const look = (data: Buffer): void => {
      const result = decodeHostResult(new Uint8Array(data));
      if (!result.ok || !result.value.ok || result.value.value.type !== 'ContractResponse') return;
      const { response } = result.value.value;
      if (response.type === 'NotFound' && equalBytes(response.instance, unknownInstance)) end();
    };
    socket.on('message', look);
    socket.on('close', end);
    if (socket.readyState !== WebSocket.OPEN) {
      end();
      return;
    }
    socket.send(
      encodeClientRequest({
        type: 'ContractOp',
        request: {
          type: 'Get',
          key: unknownInstance,
          returnContractCode: false,
          subscribe: false,
          blockingSubscribe: false,
        },
      }),
    );
  });
}

/** Opens a WebSocket by hand, sends bytes that are no frame, and waits until the node has closed it. */
function breakProtocol(url: string, bytes: Uint8Array): Promise<void> {
  const { host, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), '127.0.0.1');
    socket.setTimeout(60_000, () => socket.destroy(new Error('a broken connection stays open')));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNRESET' || error.code === 'EPIPE') resolve();
      else reject(error);
    });
    socket.on('close', () => resolve());
    socket.write(
      `GET /weir/node HTTP/1.1\r\nHost: ${host}\r\nOrigin: ${url}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n',
    );
    socket.once('data', () => socket.write(bytes));
    socket.on('end', () => socket.end());
  });
}

/** Asks and never reads the answers: it must cost the node no more than its queue. */
async function deafClient(url: string, dice: Dice): Promise<WebSocket> {
  const socket = await open(url);
  socket.pause();
  for (let i = 0; i < 2000; i++) socket.send(dice.bytes(100));
  return socket;
}

/** Stores and reads back, one request after the other, until told to stop. @throws when an answer is not right */
async function wellBehaved(
  url: string,
  good: { answered: number; slowestMs: number },
  stop: AbortSignal,
): Promise<void> {
  const connection = await connectTo(url);
  const key = await registerDelegate(connection);
  for (let generation = 0n; !stop.aborted; generation++) {
    const value = utf8(`value ${generation}`);
    const slot = { key: utf8('room:good') };
    const before = performance.now();
    const answer = orThrow(
      await connection.askDelegate({
        key,
        params: NO_BYTES,
        payloads: [
          encodeDelegateRequest(
            { type: 'CasStoreRequest', ...slot, value, expectedGeneration: generation },
            'byte-strings',
          ),
          encodeDelegateRequest({ type: 'GetVersionedRequest', ...slot }, 'byte-strings'),
        ],
        changesState: true,
        timeoutMs: 60_000,
        accepts: () => true,
      }),
    );
    good.slowestMs = Math.max(good.slowestMs, performance.now() - before);
    const [stored, read] = answer.map((payload) => orThrow(decodeDelegateResponse(payload)));
    const isRight =
      stored?.type === 'CasStoreResponse' &&
      stored.result.type === 'Stored' &&
      read?.type === 'GetVersionedResponse' &&
      read.value !== undefined &&
      equalBytes(read.value, value);
    if (!isRight) throw new Error(`the well-behaved client got a wrong answer: ${stored?.type}`);
    good.answered += 1;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  connection.close();
}

const mebibytes = (bytes = 0): string => (bytes / 1024 / 1024).toFixed(0);

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await command(async () => {
    const started = performance.now();
    const counts = readCounts(process.argv.slice(2), { frames: 1_000_000, seed: 1 });
    const report = await sendFrames(counts, (line) => console.log(line));
    const { sent, kinds, connections, memory, answered, slowestMs, failures } = report;
    for (const [kind, count] of kinds) console.log(`  ${kind}: ${count}`);
    for (const failure of failures) console.error(failure);
    const seconds = ((performance.now() - started) / 1000).toFixed(0);
    const [start, middle, end] = [memory[0], median(memory), memory.at(-1)].map(mebibytes);
    console.log(`${sent} frames on ${connections} connections in ${seconds} s`);
    console.log(`memory: start ${start}, median ${middle}, end ${end} MiB`);
    console.log(
      `a well-behaved client: ${answered} answers, the slowest ${slowestMs.toFixed(0)} ms`,
    );
    console.log(`${failures.length === 0 ? 1 : 0} passed, ${failures.length} failed`);
    return failures.length === 0;
  });
}
