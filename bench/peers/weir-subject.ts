/** Weir: the built app, in the same browser, on a real host. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeContent } from '../../src/river/content.ts';
import { decodeMessage } from '../../src/river/room-parts.ts';
import { sleep } from '../../storm/page.ts';
import { TOLD } from '../../storm/hook.ts';
import type { Target } from '../../storm/targets.ts';
import { drainedExpression } from '../../storm/weir/in-page.ts';
import { BenchBrowser } from './browser.ts';
import { BenchHost } from './host.ts';
import { idOf, type Message } from './messages.ts';
import type { Bout, Subject } from './subject.ts';
import { putRooms, TEXT_BYTES, weirRooms } from './weir-rooms.ts';

const READY_MS = 60_000;
const SEED_MS = 300_000;
const POLL_MS = 200;

export class WeirSubject implements Subject {
  readonly name = 'weir';
  readonly title = 'Weir';
  readonly workloads = new Set(['burst', 'cold', 'storm'] as const);
  readonly acknowledges = true;
  readonly textBytes = TEXT_BYTES;
  readonly #host = new BenchHost();
  readonly #templates = mkdtemp(join(tmpdir(), 'weir-peers-weir-'));
  /** By how many rooms were made: their keys. */
  readonly #rooms = new Map<number, readonly string[]>();

  async seed(rooms: number, perRoom: number): Promise<void> {
    await this.#host.start();
    this.#rooms.set(rooms, await putRooms(this.#host.url, weirRooms(rooms, perRoom)));
    const browser = await BenchBrowser.start();
    const tab = await browser.open(this.#host.url);
    // not before the app has made its database
    await browser.until(tab, readyExpression(rooms), SEED_MS);
    await browser.until(tab, storedExpression(rooms, rooms * perRoom), SEED_MS);
    await browser.until(tab, 'navigator.serviceWorker.ready.then(() => true)', READY_MS);
    await browser.quiet(READY_MS, 3_000);
    await browser.close(await this.#template('profile', rooms));
    await this.#host.stop(await this.#template('data', rooms));
  }

  async begin(rooms: number): Promise<Bout> {
    const keys = this.#rooms.get(rooms) ?? [];
    await this.#host.start(await this.#template('data', rooms));
    const browser = await BenchBrowser.start(await this.#template('profile', rooms));
    const host = this.#host;
    const ready = async (tab: Target): Promise<void> =>
      void (await browser.until(tab, readyExpression(keys.length), READY_MS));
    const deliver = async (tab: Target, limitMs: number): Promise<number | undefined> => {
      for (const end = Date.now() + limitMs; Date.now() < end; await sleep(POLL_MS)) {
        if ((await browser.evaluate(tab, drainedExpression)) === true) return Date.now();
      }
      return undefined;
    };
    return {
      browser,
      async tab() {
        const tab = await browser.open(host.url);
        await ready(tab);
        await browser.mustCount(tab);
        return tab;
      },
      ready,
      edit: (messages, limitMs, tells) => editExpression(messages, keys, limitMs, tells),
      cold: (room) => ({ url: `${host.url}/room/${keys[room] ?? ''}`, selector: 'weir-message' }),
      settle: async (tab, limitMs) => void (await deliver(tab, limitMs)),
      deliver,
      async ids(tab) {
        const rows = (await browser.evaluate(tab, ROWS)) as readonly string[];
        return rows.map(idOfRow);
      },
      arrived: () => host.arrived(),
      async end() {
        await browser.close();
        await host.stop();
      },
    };
  }

  async close(): Promise<void> {
    await rm(await this.#templates, { recursive: true, force: true });
  }

  async #template(what: string, rooms: number): Promise<string> {
    return join(await this.#templates, `${what}-${rooms}`);
  }
}

function idOfRow(row: string): string {
  const decoded = decodeMessage(new Uint8Array(Buffer.from(row, 'base64')));
  if (!decoded.ok) throw new Error(`a stored message is none: ${decoded.error.path}`);
  const { content } = decoded.value.message;
  if (content.type !== 'Public') throw new Error('a stored message is not public');
  const said = decodeContent(content.contentType, content.contentVersion, content.data);
  if (said.type !== 'text') throw new Error(`a stored message is a ${said.type}`);
  return idOf(said.text);
}

/** The app's own way to send, all in one task. */
const editExpression = (
  messages: readonly Message[],
  keys: readonly string[],
  limitMs: number,
  tells: boolean,
): string => `(async () => {
  const edits = ${JSON.stringify(messages.map(({ id, room, text }) => [id, keys[room], text]))};
  const { weir } = document.querySelector('weir-app');
  const now = () => performance.timeOrigin + performance.now();
  let acknowledged = 0;
  const from = now();
  const all = Promise.all(edits.map(async ([id, room, text]) => {
    const result = await weir.rooms.sendMessage(room, text);
    if (!result.ok) throw new Error(JSON.stringify(result.error));
    acknowledged += 1;
    ${tells ? `${TOLD}(id);` : ''}
  }));
  const late = new Promise((done) => setTimeout(() => done(null), ${limitMs}));
  const acknowledgedAt = await Promise.race([all.then(now), late]);
  return { from, acknowledgedAt, acknowledged };
})()`;

/** True when the list of rooms is there, as a person sees it; else undefined. */
const readyExpression = (rooms: number): string => `(() => {
  const found = (root) => root.querySelectorAll('[data-room]').length +
    [...root.querySelectorAll('*')].reduce((sum, each) => sum + (each.shadowRoot ? found(each.shadowRoot) : 0), 0);
  const { weir } = document.querySelector('weir-app') ?? {};
  return weir && found(document) >= ${rooms} ? true : undefined;
})()`;

const inDatabase = (body: string): string => `new Promise((done, fail) => {
  const open = indexedDB.open('weir');
  open.onerror = () => fail(open.error);
  open.onsuccess = () => {
    const finish = (value) => { open.result.close(); done(value); };
    ${body}
  };
})`;

/** True when all rooms are here and nothing is owed to the node; else undefined. */
const storedExpression = (rooms: number, messages: number): string =>
  inDatabase(`
    const tx = open.result.transaction(['rooms', 'messages', 'dirty']);
    const counts = ['rooms', 'messages', 'dirty'].map((name) => tx.objectStore(name).count());
    tx.oncomplete = () => {
      const [r, m, owed] = counts.map(({ result }) => result);
      finish(r === ${rooms} && m === ${messages} && owed === 0 ? true : undefined);
    };`);

/** All messages as they are stored, base64. */
const ROWS = inDatabase(`
    const all = open.result.transaction('messages').objectStore('messages').getAll();
    all.onsuccess = () => finish(all.result.map(({ bytes }) => btoa(String.fromCharCode(...bytes))));`);
