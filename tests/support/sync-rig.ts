import 'fake-indexeddb/auto';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WebSocket } from 'ws';
import { startHost, type HostOptions, type RunningHost } from '../../host/serve.ts';
import type { Broadcast } from '../../src/bridge/messages.ts';
import { connectNode } from '../../src/freenet/client.ts';
import { WeirDatabase } from '../../src/persist/database.ts';
import type { Token } from '../../src/persist/dirty-markers.ts';
import { EditQueue } from '../../src/persist/edit-queue.ts';
import { dmEdit } from '../../src/persist/outbound-edit.ts';
import { RoomCache } from '../../src/persist/room-cache.ts';
import { userToken } from '../../src/persist/user-token.ts';
import { editRoom, type EditRoom } from '../../src/river/edits/author.ts';
import { composeConfiguration } from '../../src/river/edits/configuration.ts';
import { composeText } from '../../src/river/edits/messages.ts';
import type { EditRefused } from '../../src/river/edits/refused.ts';
import type { MemberId } from '../../src/river/ids.ts';
import type { RoomDelta } from '../../src/river/room-state/room-state.ts';
import { SignatureMemo } from '../../src/river/signatures/memo.ts';
import { chooseVerifier } from '../../src/river/signatures/verifier.ts';
import { timeFromMillis } from '../../src/river/system-time.ts';
import type { RoomKey } from '../../src/shared/brand.ts';
import { appNodeAddress } from '../../src/shared/app-node.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { systemRandom } from '../../src/shared/random.ts';
import { ok, type Result } from '../../src/shared/result.ts';
import type { UserToken } from '../../src/shared/user-token.ts';
import { openContractLink } from '../../src/sync/contract-link.ts';
import { ContractsEngine, type ContractsEngineDeps } from '../../src/sync/contracts-engine.ts';
import {
  EarlierRoomsEngine,
  type EarlierRoomsDeps,
} from '../../src/sync/earlier/earlier-rooms-engine.ts';
import { SyncEngine, type EngineDeps } from '../../src/sync/engine.ts';
import type { Locks } from '../../src/sync/lane.ts';
import { decodeHostConfig } from '../../src/sync/host-config.ts';
import { openLegacyLink } from '../../src/sync/migrate/legacy-link.ts';
import { MigrateEngine, type MigrateEngineDeps } from '../../src/sync/migrate/migrate-engine.ts';
import { isOurs, openLink } from '../../src/sync/node-link.ts';
import { OutboundEngine } from '../../src/sync/outbound/outbound-engine.ts';
import { orThrow } from '../../src/shared/testing/or-throw.ts';

const DELEGATE = fileURLToPath(new URL('../../delegate/build/chat-delegate.wasm', import.meta.url));

/** A real host with the real delegate on a free port, that can be stopped and started on the same data. */
export class RigHost {
  #dataDir: string;
  readonly #options: Partial<HostOptions>;
  #port = 0;
  #host: RunningHost | undefined;

  private constructor(dataDir: string, options: Partial<HostOptions>) {
    this.#dataDir = dataDir;
    this.#options = options;
  }

  static async start(options: Partial<HostOptions> = {}): Promise<RigHost> {
    const host = new RigHost(await mkdtemp(join(tmpdir(), 'weir-rig-')), options);
    await host.start();
    return host;
  }

  get url(): string {
    return `http://localhost:${this.#port}`;
  }

  get node(): RunningHost {
    if (!this.#host) throw new Error('the host is stopped');
    return this.#host;
  }

  async start(): Promise<void> {
    const started = await startHost({
      ...this.#options,
      port: this.#port,
      dataDir: this.#dataDir,
      appDir: this.#dataDir, // no page is asked for
      delegateWasm: readFileSync(DELEGATE),
    });
    if (!started.ok) throw new Error(JSON.stringify(started.error));
    this.#host = started.value;
    this.#port = started.value.port;
  }

  async stop(): Promise<void> {
    await this.#host?.close();
    this.#host = undefined;
  }

  /** The node's disk is replaced: another, empty store at the same address. */
  async wipe(): Promise<void> {
    await this.stop();
    await rm(this.#dataDir, { recursive: true });
    this.#dataDir = await mkdtemp(join(tmpdir(), 'weir-rig-'));
    await this.start();
  }

  async dispose(): Promise<void> {
    await this.stop();
    await rm(this.#dataDir, { recursive: true, force: true });
  }
}

/** Web Locks of one origin, for Node: exclusive, first come first served, held until the body ends. */
export function testLocks(): Locks {
  const tails = new Map<string, Promise<unknown>>();
  return {
    request(name, body) {
      const turn = (tails.get(name) ?? Promise.resolve()).then(body);
      tails.set(
        name,
        turn.catch(() => {}),
      );
      return turn;
    },
  };
}

/** One browser profile: its database, any number of pages' edit queues, and an engine on the real protocol. */
export class RigProfile {
  readonly db: WeirDatabase;
  readonly told: Broadcast[] = [];
  readonly #host: RigHost;
  readonly memo: SignatureMemo;
  readonly locks: Locks;

  /** Pages that are working on edits. */
  #editing = 0;

  private constructor(db: WeirDatabase, host: RigHost, memo: SignatureMemo) {
    this.db = db;
    this.#host = host;
    this.memo = memo;
    this.locks = testLocks();
  }

  static async open(host: RigHost): Promise<RigProfile> {
    const opened = await WeirDatabase.open(`rig-${randomUUID()}`);
    if (!opened.ok) throw new Error(opened.error.type);
    const memo = new SignatureMemo(await chooseVerifier(crypto.subtle));
    return new RigProfile(opened.value, host, memo);
  }

  /** A worker's engine; a second one is what a restarted worker, or another version's, would have. */
  engine(more: Partial<EngineDeps> = {}): SyncEngine {
    return new SyncEngine({
      ...this.#common(),
      openLink: () => this.link(),
      fits: (link) => isOurs(this.#linkDeps(), link),
      editing: async () => this.#editing > 0,
      ...more,
    });
  }

  /** The same worker's engine for the rooms' contracts. */
  contracts(more: Partial<ContractsEngineDeps> = {}): ContractsEngine {
    return new ContractsEngine({
      ...this.#common(),
      openLink: () => openContractLink(this.#linkDeps()),
      ...more,
    });
  }

  /** The same worker's engine for rooms under earlier contracts; it has what was found brought by `contracts`. */
  earlierRooms(more: Partial<EarlierRoomsDeps> = {}): EarlierRoomsEngine {
    const contracts = this.contracts();
    return new EarlierRoomsEngine({
      ...this.#common(),
      openLink: () => openContractLink(this.#linkDeps()),
      drain: () => contracts.nudge('timer'),
      ...more,
    });
  }

  /** The same worker's engine for sent direct messages. */
  outbound(): OutboundEngine {
    return new OutboundEngine({
      ...this.#common(),
      openLink: () => this.link(),
      fits: (link) => isOurs(this.#linkDeps(), link),
    });
  }

  /** The same worker's engine for earlier delegates; `engine` must be given its `begin` as `loaded`. */
  migration(
    more: Pick<MigrateEngineDeps, 'registry' | 'drain'> & Partial<MigrateEngineDeps>,
  ): MigrateEngine {
    return new MigrateEngine({ ...this.#common(), openLink: () => this.legacyLink(), ...more });
  }

  /** A connection to earlier delegates that waits a second for an answer. */
  link(): ReturnType<typeof openLink> {
    return openLink(this.#linkDeps());
  }

  legacyLink(): ReturnType<typeof openLegacyLink> {
    return openLegacyLink(this.#linkDeps(), 1_000);
  }

  #common() {
    return {
      db: this.db,
      locks: this.locks,
      clock: systemClock,
      random: systemRandom,
      memo: this.memo,
      tell: (message: Broadcast) => void this.told.push(message),
    };
  }

  #linkDeps() {
    const { url } = this.#host;
    const get = async (path: string): Promise<Response> => {
      const response = await fetch(`${url}${path}`);
      if (!response.ok) throw new Error(`${path}: ${response.status}`);
      return response;
    };
    return {
      db: this.db,
      connect: (as: UserToken | undefined) => {
        const { url: address, protocols } = appNodeAddress(url, as);
        return connectNode({
          url: address,
          openSocket: (at) => new WebSocket(at, protocols, { origin: url }),
        });
      },
      userToken: () => userToken(this.db, systemRandom),
      fetchConfig: async () => decodeHostConfig(await (await get('/weir/config.json')).json()),
      fetchWasm: async (path: string) => new Uint8Array(await (await get(path)).arrayBuffer()),
    };
  }

  page(): RigPage {
    return new RigPage(this.db, this.memo, () => {
      this.#editing += 1;
      return () => (this.#editing -= 1);
    });
  }
}

/** One page: it edits rooms and knows nothing of the node. */
export class RigPage {
  readonly #memo: SignatureMemo;
  readonly #edits: EditQueue;

  /** @param editing called when edits begin; what it returns, when all have their answer */
  constructor(db: WeirDatabase, memo: SignatureMemo, editing: () => () => void) {
    this.#memo = memo;
    const cache = new RoomCache(db, memo);
    const committed = (): void => {};
    this.#edits = new EditQueue({ db, cache, memo, clock: systemClock, committed, editing });
  }

  say(room: string, text: string): Promise<Token> {
    return this.edit(room, (edit) => {
      const moment = { time: timeFromMillis(Date.now()), random: systemRandom };
      return composeText(edit, text, moment);
    });
  }

  rename(room: string, name: string): Promise<Token> {
    return this.edit(room, (edit) => composeConfiguration(edit, { name }, systemRandom));
  }

  /** A direct message, with its words. @throws when it is refused */
  async write(room: string, to: MemberId, text: string): Promise<Token> {
    const deps = { memo: this.#memo, clock: systemClock, random: systemRandom };
    const dm = dmEdit(deps, to, { type: 'Text', text });
    return orThrow(await this.#edits.submit(room as RoomKey, dm.compose, dm.alongside));
  }

  /** Any other edit. @throws when it is refused */
  async edit<E extends { readonly type: string }>(
    room: string,
    compose: (edit: EditRoom) => Result<{ readonly delta: RoomDelta }, E>,
  ): Promise<Token> {
    const result = await this.#edits.submit<E | EditRefused>(room as RoomKey, (loaded) => {
      const edit = editRoom(loaded.state, loaded.own, this.#memo);
      if (!edit.ok) return edit;
      const composed = compose(edit.value);
      return composed.ok ? ok(composed.value.delta) : composed;
    });
    return orThrow(result);
  }
}
