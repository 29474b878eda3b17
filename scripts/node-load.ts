// Real rooms on a real `weir serve`, clients subscribed to all of them, and a steady rate of signed messages.
//   npm run -s node:load -- [--rooms N] [--clients N] [--rate PER_SECOND] [--seconds N] [--seed S] [--profile 1]
// Latencies count from when an update was due, so that a node that falls behind shows it.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { NodeConnection } from '../src/freenet/client.ts';
import type { Unsolicited } from '../src/freenet/connection.ts';
import { Dice } from '../src/river/testing/dice.ts';
import { toHex } from '../src/shared/bytes.ts';
import { orThrow } from '../src/shared/testing/or-throw.ts';
import { Latencies } from './node-latencies.ts';
import { command, readCounts } from './node-options.ts';
import { connectTo, Workplace } from './node-process.ts';
import { timeSpent, type TimeSpent } from './node-profile.ts';
import { KEPT_MESSAGES, messagesIn, TestRoom, type SignedMessage } from './node-rooms.ts';

export interface Load {
  readonly rooms: number;
  readonly clients: number;
  /** Updates per second, over all rooms. */
  readonly rate: number;
  readonly seconds: number;
  readonly seed: number;
  /** 1: the host writes a CPU profile, which costs it some percent. */
  readonly profile: number;
}

export interface LoadReport {
  readonly sent: number;
  /** Acknowledged updates per second, from the first due to the last acknowledged. */
  readonly achieved: number;
  readonly acknowledged: Latencies;
  readonly notified: Latencies;
  /** Notifications that were due, all subscriptions together. */
  readonly notificationsDue: number;
  /** Resident memory of the host each second, bytes. */
  readonly memory: readonly number[];
  /** CPU time of all the host's threads while updates and notifications were under way. */
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  readonly timeSpent: readonly TimeSpent[];
  readonly failures: readonly string[];
}

/** What one client has been told of one room: its nth notification is about the nth update. */
interface Subscription {
  heard: number;
}

/** A room, and its updates in the order they were sent. */
interface LoadedRoom {
  readonly room: TestRoom;
  readonly messages: SignedMessage[];
  /** When each update was due, milliseconds of `performance.now`. */
  readonly due: number[];
}

/** How long stragglers are waited for at the end. */
const PATIENCE_MS = 60_000;

export async function load(options: Load, say: (line: string) => void): Promise<LoadReport> {
  const { clients, profile } = options;
  const rooms = signedRooms(options);
  say(`${rooms.length} rooms, ${options.rate * options.seconds} signed messages`);
  const workplace = await Workplace.make();
  const profiles = await mkdtemp(join(tmpdir(), 'weir-profile-'));
  const node = workplace.start(
    profile > 0 ? ['--cpu-prof', `--cpu-prof-dir=${profiles}`, '--cpu-prof-interval=2000'] : [],
  );
  try {
    const url = await node.url;
    const notified = new Latencies();
    const failures: string[] = [];
    const connections = await Promise.all(
      Array.from({ length: clients }, () => connectTo(url, listener(rooms, notified, failures))),
    );
    await putAndSubscribe(rooms, connections);
    say(`${clients} clients, each subscribed to every room`);

    const memory = [node.memory()];
    const sampling = setInterval(() => memory.push(node.memory()), 1000);
    const cpuBefore = node.cpuSeconds();
    const before = performance.now();
    const { acknowledged, lastMs } = await sendUpdates(options, rooms, connections, failures);
    const sent = options.rate * options.seconds;
    await until(() => notified.count >= sent * clients, PATIENCE_MS);
    const cpuSeconds = node.cpuSeconds() - cpuBefore;
    const wallSeconds = (performance.now() - before) / 1000;
    clearInterval(sampling);
    memory.push(node.memory());
    const [first] = connections;
    if (first) failures.push(...(await missing(rooms, first)));
    for (const connection of connections) connection.close();
    await node.kill('SIGTERM');
    return {
      sent,
      achieved: acknowledged.count / ((lastMs - before) / 1000),
      acknowledged,
      notified,
      notificationsDue: sent * clients,
      memory,
      cpuSeconds,
      wallSeconds,
      timeSpent: profile > 0 ? timeSpent(profiles) : [],
      failures,
    };
  } finally {
    await node.kill('SIGKILL');
    await workplace.dispose();
    await rm(profiles, { recursive: true, force: true });
  }
}

/** Signed ahead: what is measured is the node. */
function signedRooms({ rooms: count, rate, seconds, seed }: Load): readonly LoadedRoom[] {
  const dice = new Dice(seed);
  const rooms = Array.from({ length: count }, (_, i): LoadedRoom => ({
    room: new TestRoom(`room ${i}`, dice),
    messages: [],
    due: [],
  }));
  for (let n = 0; n < rate * seconds; n++) {
    const loaded = rooms[n % count];
    loaded?.messages.push(loaded.room.say(`Message ${n}: the weir holds, and the sheet is even.`));
  }
  return rooms;
}

function listener(
  rooms: readonly LoadedRoom[],
  notified: Latencies,
  failures: string[],
): (message: Unsolicited) => void {
  const byInstance = new Map(
    rooms.map((loaded): [string, LoadedRoom & Subscription] => [
      toHex(loaded.room.key.instance),
      { ...loaded, heard: 0 },
    ]),
  );
  return (message) => {
    if (message.type !== 'UpdateNotification') return;
    const subscription = byInstance.get(toHex(message.key.instance));
    const due = subscription?.due[subscription.heard];
    if (!subscription || due === undefined) {
      failures.push('a notification that no update explains');
      return;
    }
    subscription.heard += 1;
    notified.add(performance.now() - due);
  };
}

async function putAndSubscribe(
  rooms: readonly LoadedRoom[],
  connections: readonly NodeConnection[],
): Promise<void> {
  for (const [i, { room }] of rooms.entries()) {
    const connection = connections[i % connections.length];
    if (connection) orThrow(await connection.put({ contract: room.container, state: room.state }));
  }
  for (const connection of connections) {
    for (const { room } of rooms) {
      const { key, summary } = room;
      orThrow(await connection.subscribe({ instance: key.instance, summary }));
    }
  }
}

/** Sends each update when it is due, whether or not the ones before are acknowledged. */
async function sendUpdates(
  { rate, seconds }: Load,
  rooms: readonly LoadedRoom[],
  connections: readonly NodeConnection[],
  failures: string[],
): Promise<{ readonly acknowledged: Latencies; readonly lastMs: number }> {
  const acknowledged = new Latencies();
  let lastMs = 0;
  const waiting: Promise<void>[] = [];
  const start = performance.now();
  const send = async (n: number): Promise<void> => {
    const loaded = rooms[n % rooms.length];
    // each room is written to by one client, so that its updates keep their order
    const connection = connections[(n % rooms.length) % connections.length];
    const message = loaded?.messages[Math.floor(n / rooms.length)];
    if (!loaded || !connection || !message) throw new Error(`there is no message ${n}`);
    const due = start + (n * 1000) / rate;
    loaded.due.push(due);
    const data = { type: 'Delta', delta: message.delta } as const;
    const updated = await connection.update({ key: loaded.room.key, data });
    lastMs = performance.now();
    if (updated.ok) acknowledged.add(lastMs - due);
    else failures.push(`update ${n}: ${JSON.stringify(updated.error)}`);
  };
  for (let n = 0; n < rate * seconds;) {
    const dueNow = Math.min(rate * seconds, ((performance.now() - start) * rate) / 1000);
    for (; n < dueNow; n++) waiting.push(send(n));
    await pause(5);
  }
  await Promise.all(waiting);
  return { acknowledged, lastMs };
}

/** Each room must hold its newest messages. */
async function missing(
  rooms: readonly LoadedRoom[],
  connection: NodeConnection,
): Promise<string[]> {
  const failures: string[] = [];
  for (const { room, messages } of rooms) {
    const got = orThrow(await connection.get({ instance: room.key.instance }));
    const held = new Set(got.type === 'Found' ? messagesIn(got.state) : []);
    const newest = messages.slice(-KEPT_MESSAGES);
    const lost = newest.filter(({ id }) => !held.has(id)).length;
    if (lost > 0) failures.push(`${lost} of the ${newest.length} newest messages are not there`);
  }
  return failures;
}

async function until(holds: () => boolean, patienceMs: number): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (!holds() && performance.now() < deadline) await pause(20);
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function print(report: LoadReport): boolean {
  const { sent, achieved, acknowledged, notified, notificationsDue, memory } = report;
  const { cpuSeconds, wallSeconds } = report;
  const mebibytes = (bytes = 0): string => (bytes / 1024 / 1024).toFixed(0);
  const sorted = [...memory].sort((a, b) => a - b);
  console.log(`updates: ${acknowledged.count} of ${sent}, ${achieved.toFixed(1)} per second`);
  console.log(`  acknowledged after ${acknowledged.text}`);
  console.log(`  medians as it went: ${acknowledged.course}`);
  console.log(`notifications: ${notified.count} of ${notificationsDue}`);
  console.log(`  delivered after ${notified.text}`);
  console.log(
    `memory: start ${mebibytes(memory[0])}, median ${mebibytes(sorted[sorted.length >> 1])}, ` +
      `most ${mebibytes(sorted.at(-1))}, end ${mebibytes(memory.at(-1))} MiB`,
  );
  console.log(
    `CPU of the host: ${((cpuSeconds / wallSeconds) * 100).toFixed(0)} % of one core, ` +
      `${((cpuSeconds * 1000) / sent).toFixed(2)} ms per update with its notifications`,
  );
  for (const { where, ms, share } of report.timeSpent.slice(0, 20)) {
    console.log(
      `  ${(share * 100).toFixed(1).padStart(5)} %  ${ms.toFixed(0).padStart(6)} ms  ${where}`,
    );
  }
  const failures = [...report.failures];
  if (acknowledged.count < sent) failures.push('not every update was acknowledged');
  if (notified.count < notificationsDue) failures.push('not every notification was delivered');
  for (const failure of failures.slice(0, 10)) console.error(failure);
  console.log(`${failures.length === 0 ? 1 : 0} passed, ${failures.length} failed`);
  return failures.length === 0;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await command(async () => {
    const options = readCounts(process.argv.slice(2), {
      rooms: 50,
      clients: 20,
      rate: 200,
      seconds: 60,
      seed: 1,
      profile: 0,
    });
    return print(await load(options, (line) => console.log(line)));
  });
}
