/** automerge-repo with IndexedDB, tabs over BroadcastChannel: a document for each room, one `change` for each edit, then `flush`. */
import { automergeWasmBase64 } from '@automerge/automerge/automerge.wasm.base64';
import { ImmutableString } from '@automerge/automerge/slim';
import {
  initializeBase64Wasm,
  Repo,
  type AutomergeUrl,
  type DocHandle,
} from '@automerge/automerge-repo/slim';
import { BroadcastChannelNetworkAdapter } from '@automerge/automerge-repo-network-broadcastchannel';
import { IndexedDBStorageAdapter } from '@automerge/automerge-repo-storage-indexeddb';
import type { Message } from '../messages.ts';
import { mount } from '../mount.ts';

interface Line {
  readonly id: string;
  readonly at: number;
  /** A message is said once, and not edited by two people: no text that merges. */
  readonly text: ImmutableString;
}

interface Room {
  messages: Line[];
}

const ADDRESSES = 'rooms';
const rooms: DocHandle<Room>[] = [];
let repo: Repo;

const lineOf = ({ id, at, text }: Message): Line => ({ id, at, text: new ImmutableString(text) });
const handleOf = (room: number): DocHandle<Room> => {
  const handle = rooms[room];
  if (!handle) throw new Error(`there is no room ${room}`);
  return handle;
};

mount({
  async open() {
    await initializeBase64Wasm(automergeWasmBase64);
    repo = new Repo({
      storage: new IndexedDBStorageAdapter(),
      network: [new BroadcastChannelNetworkAdapter()],
    });
    const addresses = JSON.parse(localStorage.getItem(ADDRESSES) ?? '[]') as AutomergeUrl[];
    rooms.push(...(await Promise.all(addresses.map((each) => repo.find<Room>(each)))));
  },
  async seed(messages) {
    const count = 1 + Math.max(...messages.map(({ room }) => room));
    for (let i = 0; i < count; i++) {
      const lines = messages.filter(({ room }) => room === i).map(lineOf);
      rooms.push(repo.create<Room>({ messages: lines }));
    }
    await repo.flush();
    localStorage.setItem(ADDRESSES, JSON.stringify(rooms.map(({ url }) => url)));
  },
  async edit(messages, stored) {
    for (const each of messages) {
      handleOf(each.room).change((room) => void room.messages.push(lineOf(each)));
    }
    await repo.flush();
    for (const { id } of messages) stored(id);
  },
  async newest(room) {
    const line = handleOf(room).doc().messages.at(-1);
    return line && { ...line, room, text: line.text.toString() };
  },
  ids: async () => rooms.flatMap((handle) => handle.doc().messages.map(({ id }) => id)),
});
