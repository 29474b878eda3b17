/** Weir's own app as the subject of a storm: on a host, a node and rooms of its own. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DelegateClient } from '../../host/seed/delegate-client.ts';
import { RIVER_CONTRACT_ID } from '../../host/serve.ts';
import { decode } from '../../src/river/cbor/codec.ts';
import { roomSlot } from '../../src/river/room-data.ts';
import { RoomView } from '../../src/river/room-view.ts';
import { Dice } from '../../src/river/testing/dice.ts';
import { fromBase58, utf8 } from '../../src/shared/bytes.ts';
import type { Cdp } from '../cdp.ts';
import type { StormOptions } from '../options.ts';
import { evaluate, sleep } from '../page.ts';
import type { Inside, Losses, Subject } from '../subject.ts';
import type { Target } from '../targets.ts';
import { StormHost } from './host.ts';
import { drainedExpression, editExpression, iterationsExpression } from './in-page.ts';
import { buildWithoutCoalescing } from './without-coalescing.ts';
import { seedRooms, type SeededRoom } from './seed.ts';

const BUILT = fileURLToPath(new URL('../../dist', import.meta.url));
const KIB = 1024;
const POLL_MS = 500;

export async function weirSubject(
  options: StormOptions,
  tell: (line: string) => void,
): Promise<Subject> {
  const dataDir = await mkdtemp(join(tmpdir(), 'weir-storm-data-'));
  const sick = options.withoutCoalescing ? await buildWithoutCoalescing() : undefined;
  const host = new StormHost(dataDir, sick ?? options.app ?? BUILT);
  await host.start();
  const rooms = await seedRooms(
    host.url,
    { count: options.rooms, bytes: options.roomKib * KIB, random: new Dice(options.seed) },
    (done) => tell(`room ${done} of ${options.rooms}`),
  );
  return {
    name: sick === undefined ? 'Weir' : 'Weir without its coalescer',
    url: host.url,
    readiness: { selector: '[data-room]', count: rooms.length },
    inside: new WeirInside(host, rooms, new Dice(options.seed + 1)),
    async close() {
      await host.kill();
      for (const folder of [dataDir, ...(sick === undefined ? [] : [sick])]) {
        await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
      }
    },
  };
}

class WeirInside implements Inside {
  readonly #host: StormHost;
  readonly #rooms: readonly SeededRoom[];
  readonly #dice: Dice;
  /** Edits that a tab was told to make, by their text: the room. */
  readonly #asked = new Map<string, string>();
  readonly #accepted = new Set<string>();

  constructor(host: StormHost, rooms: readonly SeededRoom[], dice: Dice) {
    this.#host = host;
    this.#rooms = rooms;
    this.#dice = dice;
  }

  async iterations(cdp: Cdp, tab: Target): Promise<number> {
    return (await evaluate(cdp, tab, iterationsExpression)) as number;
  }

  async edit(cdp: Cdp, tab: Target, count: number): Promise<void> {
    const edits = Array.from({ length: count }, () => {
      const { key: room } = this.#dice.pick(this.#rooms);
      const text = `Storm edit ${this.#asked.size + 1}`;
      this.#asked.set(text, room);
      return { room, text };
    });
    await evaluate(cdp, tab, editExpression(edits));
  }

  told(what: string): void {
    this.#accepted.add(what);
  }

  async drained(cdp: Cdp, tab: Target, limitMs: number): Promise<void> {
    const end = Date.now() + limitMs;
    while (Date.now() < end) {
      if ((await evaluate(cdp, tab, drainedExpression)) === true) return;
      await sleep(POLL_MS);
    }
  }

  async killNode(): Promise<void> {
    await this.#host.kill();
    await this.#host.start();
  }

  counts(): ReturnType<StormHost['counts']> {
    return this.#host.counts();
  }

  async judge(): Promise<Losses> {
    const delegate = await DelegateClient.connect(
      new URL(this.#host.url),
      fromBase58(RIVER_CONTRACT_ID),
    );
    const found = new Map<string, number>();
    let dirtyBytes = 0;
    let bytesChanged = 0;
    const edited = new Set(this.#asked.values());
    for (const { key, bytes } of this.#rooms) {
      if (!edited.has(key)) continue;
      const { response } = await delegate.ask({
        type: 'GetVersionedRequest',
        key: utf8(`room:${key}`),
      });
      if (response.type !== 'GetVersionedResponse' || !response.value) continue;
      dirtyBytes += response.value.length;
      bytesChanged += Math.max(0, response.value.length - bytes);
      const slot = decode(roomSlot, response.value);
      if (!slot.ok || slot.value.type !== 'Present') continue;
      const { roomState, ...own } = slot.value.room;
      for (const { text } of new RoomView(roomState, own).messages()) {
        if (this.#asked.has(text)) found.set(text, (found.get(text) ?? 0) + 1);
      }
    }
    delegate.close();
    return {
      accepted: this.#accepted.size,
      lost: [...this.#accepted].filter((text) => !found.has(text)).length,
      duplicated: [...found.values()].filter((times) => times > 1).length,
      dirtyBytes,
      bytesChanged,
    };
  }
}
