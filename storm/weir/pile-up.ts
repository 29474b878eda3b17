/**
 * Weir without its coalescer, for one purpose: that the lab is seen to see the disease. Whoever asks for a save gets one of their own, of
 * the whole list of rooms as it is at that moment, and saves wait for each other with their lists in memory. So did River's web
 * client before it coalesced (freenet/river, issue 246). No build of the app has it.
 */
import type { NudgeReason } from '../../src/bridge/messages.ts';
import { delegateKeyOfRoom } from '../../src/persist/room-keys.ts';
import { readRoom, ROOM_STORES } from '../../src/persist/room-store.ts';
import { slotOfStored } from '../../src/persist/stored-room.ts';
import { SyncEngine as Coalescing, type EngineDeps } from '../../src/sync/engine.ts';
import type { DrainResult } from '../../src/sync/lane.ts';
import type { CasStore, NodeLink } from '../../src/sync/node-link.ts';

type List = ReadonlyMap<string, Uint8Array>;

/** Takes the place of the engine of the same name. */
export class SyncEngine {
  readonly #deps: EngineDeps;
  readonly #rest: Coalescing;
  #link: NodeLink | undefined;
  #queue: Promise<void> = Promise.resolve();

  constructor(deps: EngineDeps) {
    this.#deps = deps;
    this.#rest = new Coalescing(deps);
  }

  async nudge(reason: NudgeReason): Promise<DrainResult> {
    const list = await this.#wholeList();
    this.#queue = this.#queue.then(() => this.#save(list)).catch(() => undefined);
    await this.#queue;
    return this.#rest.nudge(reason);
  }

  async #wholeList(): Promise<List> {
    const rows = await this.#deps.db.read(['rooms'], (tx) => tx.objectStore('rooms').getAll());
    const list = new Map<string, Uint8Array>();
    for (const { room } of rows) {
      const stored = await this.#deps.db.read(ROOM_STORES, (tx) => readRoom(tx, room));
      const slot = stored && slotOfStored(stored);
      if (slot?.ok) list.set(delegateKeyOfRoom(room), slot.value);
    }
    return list;
  }

  async #save(list: List): Promise<void> {
    const link = await this.#open();
    if (!link || list.size === 0) return;
    const held = await link.getVersioned([...list.keys()]);
    if (!held.ok) return;
    const stores: CasStore[] = [...list].map(([key, value]) => ({
      key,
      value,
      expected: held.value.get(key)?.generation ?? 0n,
    }));
    await link.casStore(stores);
  }

  async #open(): Promise<NodeLink | undefined> {
    if (this.#link?.open) return this.#link;
    const opened = await this.#deps.openLink();
    this.#link = opened.ok ? opened.value : undefined;
    return this.#link;
  }
}
