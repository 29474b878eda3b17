import { decode } from '../../src/river/cbor/codec.ts';
import { readContent } from '../../src/river/message-content.ts';
import { authorizedMessage } from '../../src/river/room-state/messages.ts';
import { RoomView } from '../../src/river/room-view.ts';
import { OtherClient, textsOf } from '../../tests/support/contracts.ts';
import { heldRooms, textsIn, type HeldRoom } from '../../tests/support/delegate.ts';
import type { Rows } from './in-page.ts';
import type { Edit, Ledger } from './ledger.ts';

/** What was found wrong, in words. */
export interface Findings {
  /** Accepted, and not there. */
  readonly lost: string[];
  /** Said to be on the node, and not there; or a migration said to be done that nobody can have done. */
  readonly falseSeal: string[];
  /** There more than once, or refused and there. */
  readonly doubleApply: string[];
  /** Did not come to rest, or was not told. */
  readonly stuck: string[];
}

export const noFindings = (): Findings => ({ lost: [], falseSeal: [], doubleApply: [], stuck: [] });

const DURABLE: ReadonlySet<string> = new Set(['stored', 'unchanged', 'adopted-leave']);

/** What is there, wherever something can be: texts by room. */
interface Places {
  readonly rows: ReadonlyMap<string, readonly string[]>;
  readonly delegate: ReadonlyMap<string, readonly string[]>;
  readonly contract: ReadonlyMap<string, readonly string[]>;
}

/** Whether a durable receipt covers an edit on a path. */
function isProved(rows: Rows, { fate, room }: Edit, path: 'rooms' | 'contracts'): boolean {
  if (fate.type !== 'accepted' || room === undefined) return false;
  const key = path === 'rooms' ? `room:${room}` : room;
  const seq = path === 'rooms' ? fate.seq : fate.seq + 1; // the contract's marker is raised next, in the same transaction
  return rows.receipts.some(
    (receipt) =>
      receipt.path === path &&
      receipt.key === key &&
      DURABLE.has(receipt.outcome) &&
      receipt.coverage >= seq,
  );
}

/** Compares what receipts say now with what the node holds a moment later: it only ever grows. */
export async function judgeReceipts(
  rows: Rows,
  ledger: Ledger,
  url: string,
  findings: Findings,
): Promise<void> {
  const held = await textsOnNode(url, ledger);
  for (const edit of ledger.edits) {
    if (edit.era !== ledger.era || edit.kind === 'name') continue;
    const { room = '', text, kind } = edit;
    for (const [path, texts] of [
      ['rooms', held.delegate],
      ['contracts', held.contract],
    ] as const) {
      if (!isProved(rows, edit, path)) continue;
      if (kind === 'room' ? texts.has(room) : texts.get(room)?.includes(text)) continue;
      findings.falseSeal.push(
        `“${text}” has a durable receipt on the path ${path}, and is not there`,
      );
    }
  }
  // nobody answers for earlier delegates here: a verdict that they were asked and answered is made up
  for (const { version, delegate, verdict } of rows.verdicts) {
    const isOwn = version === 'this version'; // the delegate in use: it does answer
    if (!isOwn && (verdict === 'empty' || verdict === 'imported')) {
      findings.falseSeal.push(
        `an earlier delegate that does not exist is said to be “${verdict}”: ${version} ${delegate}`,
      );
    }
  }
}

/** Every edit of the run, after all has come to rest: in the rows, on the node, in the room. */
export async function judgeEdits(
  rows: Rows,
  ledger: Ledger,
  url: string,
  findings: Findings,
): Promise<void> {
  const held = await heldRooms(url);
  const places: Places = { rows: textsInRows(rows), ...(await textsOnNode(url, ledger)) };
  for (const edit of ledger.of('message')) judgeMessage(edit, places, findings);
  for (const edit of ledger.of('room')) judgeRoom(edit, rows, places, findings);
  for (const room of ledger.rooms)
    judgeName(room, ledger, held.get(`room:${room}`), rows, findings);
}

function judgeMessage({ text, room, fate, gone }: Edit, places: Places, findings: Findings): void {
  if (room === undefined) return;
  for (const [place, texts] of Object.entries(places) as [keyof Places, Places['rows']][]) {
    const count = (texts.get(room) ?? []).filter((each) => each === text).length;
    if (count > 1) findings.doubleApply.push(`“${text}” is ${count} times in ${place}`);
    if (fate.type === 'refused' && count > 0) {
      findings.doubleApply.push(`“${text}” was refused (${fate.why}), and is in ${place}`);
    }
    if (fate.type === 'accepted' && count === 0 && !gone) {
      findings.lost.push(`“${text}” was accepted, and is not in ${place}`);
    }
  }
}

function judgeRoom(
  { text, room, fate, gone }: Edit,
  rows: Rows,
  places: Places,
  findings: Findings,
): void {
  if (fate.type !== 'accepted' || gone || room === undefined) return;
  const isListed = rows.rooms.some((row) => row.room === room && row.status === 'present');
  if (!isListed) findings.lost.push(`“${text}” was made, and is not in rows`);
  if (!places.delegate.has(room)) findings.lost.push(`“${text}” was made, and is not in delegate`);
  if (!places.contract.has(room)) findings.lost.push(`“${text}” was made, and is not in contract`);
}

/** The name is that of the last accepted renaming, or of one that nobody was told of, or that may have gone with deleted storage. */
function judgeName(
  room: string,
  ledger: Ledger,
  held: HeldRoom | undefined,
  rows: Rows,
  findings: Findings,
): void {
  const named = ledger.edits.filter((edit) => edit.room === room && edit.kind !== 'message');
  const last = named
    .flatMap(({ text, fate, era, gone }) =>
      fate.type === 'accepted' && !gone ? [{ text, seq: fate.seq, era }] : [],
    )
    .sort((a, b) => a.era - b.era || a.seq - b.seq)
    .at(-1);
  const open = named.filter(({ fate, gone }) => fate.type === 'unheard' || gone);
  const may = new Set([...(last ? [last.text] : []), ...open.map(({ text }) => text)]);
  const here = rows.rooms.find((row) => row.room === room)?.listing.name;
  const there = held && new RoomView(held.room.roomState, held.room).name;
  for (const [place, name] of [
    ['rows', here],
    ['delegate', there],
  ] as const) {
    if (name !== undefined && !may.has(name)) {
      findings.lost.push(
        `a room is called “${name}” in ${place}, and “${last?.text ?? ''}” was accepted last`,
      );
    }
  }
}

function textsInRows(rows: Rows): Map<string, string[]> {
  const texts = new Map<string, string[]>();
  for (const { room, bytes } of rows.messages) {
    const message = decode(authorizedMessage, new Uint8Array(Buffer.from(bytes, 'base64')));
    if (!message.ok) throw new Error(`a stored message does not decode: ${message.error.reason}`);
    const content = readContent(message.value, new Map());
    if (!('text' in content)) continue;
    texts.set(room, [...(texts.get(room) ?? []), content.text]);
  }
  return texts;
}

type OnNode = Pick<Places, 'delegate' | 'contract'>;

/** What an independent client reads on the node. */
export async function textsOnNode(url: string, ledger: Ledger): Promise<OnNode> {
  const held = await heldRooms(url);
  return {
    delegate: new Map([...held].map(([key, room]) => [key.slice('room:'.length), textsIn(room)])),
    contract: await contractTexts(url, ledger.rooms),
  };
}

async function contractTexts(
  url: string,
  rooms: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const client = await OtherClient.connect(url);
  const texts = new Map<string, readonly string[]>();
  for (const room of rooms) {
    const state = await client.held(room);
    if (state) texts.set(room, textsOf(state));
  }
  client.close();
  return texts;
}
