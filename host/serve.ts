/** The host: the app's files, the node's API and the app's own way to it, on one loopback port. */
import { createHash } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import { STATUS_CODES, createServer } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { codeHash, parseId } from '../src/freenet/keys.ts';
import { toHex } from '../src/shared/bytes.ts';
import type { Result } from '../src/shared/result.ts';
import { err, ok } from '../src/shared/result.ts';
import type { ListenError } from './http/listen.ts';
import { listenOnLoopback } from './http/listen.ts';
import { appOrigin } from './http/own-names.ts';
import type { OfferedModule, Site } from './http/router.ts';
import { answer } from './http/router.ts';
import { securityHeaders } from './http/security-headers.ts';
import type { Refusal } from './http/upgrade.ts';
import { admit } from './http/upgrade.ts';
import { checkContractModule } from './node/contract-rules.ts';
import type { MetricsReport } from './node/metrics.ts';
import type { NodeOptions } from './node/node.ts';
import type { MisbehaviourScript } from './node/misbehaviour-script.ts';
import { RestartableNode } from './node/restartable-node.ts';
import { ROOM_CONTRACT_CODE_HASH } from './node/river-rules.ts';
import type { StoreError } from './node/store.ts';

/** River's web container: what the app's data in the delegate is scoped by, so that River's own client finds it. */
export const RIVER_CONTRACT_ID = 'raAqMhMG7KUpXBU2SxgCQ3Vh4PYjttxdSWd9ftV7RLv';

/** A Freenet node refuses a longer unfragmented message; longer ones travel in chunks. */
const MAX_FRAME_BYTES = 16 * 1024 * 1024;

export interface HostOptions extends NodeOptions {
  /** 0 for any free port. */
  readonly port: number;
  /** The built app. It may be built again while the host runs. */
  readonly appDir: string;
  /** The chat delegate for the app to register. */
  readonly delegateWasm: Uint8Array;
  /** The room contract for the app to put, which then decides; without it Weir's own rules of River's contract do. */
  readonly contractWasm?: Uint8Array;
  /** Base58 of the contract that the app is attested as; default River's. */
  readonly contractId?: string;
  /** For tests of clients: how the node misbehaves from the beginning. */
  readonly misbehaviour?: MisbehaviourScript;
}

export type HostError =
  | ListenError
  | StoreError
  /** `contractWasm` can't be run. */
  | { readonly type: 'BadContract'; readonly reason: string }
  | { readonly type: 'BadContractId'; readonly text: string };

export interface RunningHost {
  /** The app's address, `http://localhost:<port>`. */
  readonly url: string;
  readonly port: number;
  /** For tests of clients: how the node misbehaves from now on; undefined, not at all. */
  misbehave(script: MisbehaviourScript | undefined): void;
  /** How often each rule of the script has been applied. */
  readonly misdeeds: readonly number[];
  /** The node ends without a word and begins anew on its data, as when it is killed and started again. */
  restartNode(): Promise<void>;
  metrics(): MetricsReport;
  /** Forgets every minted token, as a restart does. Open connections stay who they are. */
  invalidateTokens(): void;
  /** Cuts every connection without a word; new ones are welcome. */
  dropConnections(): void;
  /** Takes no more connections, closes the open ones (1001), closes the store. Calling it again changes nothing. */
  close(): Promise<void>;
  /** Like `close`, but without a word to anybody, as when the process is killed. */
  kill(): Promise<void>;
}

export async function startHost(options: HostOptions): Promise<Result<RunningHost, HostError>> {
  const contractId = options.contractId ?? RIVER_CONTRACT_ID;
  const attested = parseId(contractId);
  if (!attested.ok) return err({ type: 'BadContractId', text: contractId });
  const contract = roomContract(options.contractWasm);
  if (!contract.ok) return contract;
  const { contractWasm } = options;
  const opened = RestartableNode.open({
    ...(contractWasm && { roomContract: contractWasm }),
    ...options,
  });
  if (!opened.ok) return opened;
  const running = opened.value;
  running.misbehaviour.follow(options.misbehaviour);

  const site = {
    port: options.port,
    appDir: options.appDir,
    delegate: offer('delegate', options.delegateWasm),
    roomContract: contract.value,
    contractId,
    hosted: options.hosted ?? false,
    get tokens() {
      return running.node.tokens;
    },
    get metrics() {
      return running.node.metrics;
    },
  };
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_FRAME_BYTES,
    perMessageDeflate: false,
  });
  const listening = await listenOnLoopback(options.port, () =>
    makeServer(site, sockets, running, attested.value),
  );
  if (!listening.ok) {
    await running.close();
    return listening;
  }
  const { port, servers } = listening.value;
  site.port = port;

  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> =>
    (stopping ??= (async () => {
      for (const server of servers) server.close();
      await running.close();
      for (const server of servers) server.closeAllConnections();
    })());
  return ok({
    url: appOrigin(port),
    port,
    misbehave: (script) => running.misbehaviour.follow(script),
    get misdeeds() {
      return running.misbehaviour.applied;
    },
    restartNode: () => running.restart(),
    metrics: () => running.node.metrics.report(),
    invalidateTokens: () => running.node.tokens.invalidateAll(),
    dropConnections: () => running.node.dropConnections(),
    close: stop,
    kill() {
      running.node.dropConnections();
      for (const server of servers) server.closeAllConnections();
      return stop();
    },
  });
}

function offer(kind: 'delegate' | 'contract', wasm: Uint8Array): OfferedModule {
  const name = createHash('sha256').update(wasm).digest('hex').slice(0, 16);
  return { wasm, path: `/weir/${kind}/${name}.wasm` };
}

/** The room contract that the app is told of. */
function roomContract(wasm: Uint8Array | undefined): Result<Site['roomContract'], HostError> {
  if (!wasm) return ok({ codeHash: toHex(ROOM_CONTRACT_CODE_HASH) });
  const checked = checkContractModule(wasm);
  if (!checked.ok) return err({ type: 'BadContract', reason: checked.error });
  return ok({ codeHash: toHex(codeHash(wasm)), module: offer('contract', wasm) });
}

function makeServer(
  site: Site,
  sockets: WebSocketServer,
  running: RestartableNode,
  app: Uint8Array,
): Server {
  const server = createServer((request, response) => void answer(site, request, response));
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy()); // the client left in the middle of its request
    const admission = admit(request, site.port, site.hosted);
    if (admission.type === 'refused') {
      refuseUpgrade(socket, admission, site.port);
      return;
    }
    if (!running.isUp) {
      socket.destroy(); // there is no node at the moment
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      const { node } = running;
      const { userToken } = admission;
      if (admission.type === 'app') node.accept(webSocket, app, userToken);
      else if (admission.token === undefined) node.accept(webSocket, undefined, userToken);
      else void node.acceptToken(webSocket, admission.token, userToken);
    });
  });
  return server;
}

function refuseUpgrade(socket: Duplex, { status, line }: Refusal, port: number): void {
  const body = `${line}\n`;
  const headers = {
    ...securityHeaders(port),
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
    Connection: 'close',
  };
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${head.join('')}\r\n${body}`);
}
