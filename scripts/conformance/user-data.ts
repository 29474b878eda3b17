/** One person's whole data as it lies in the chat delegate, and what they would read in it. */
import { splitRoomSlot, assembleRoomSlot } from '../../src/river/room-parts.ts';
import { decode, encode, type Codec } from '../../src/river/cbor/codec.ts';
import { summarizeState, updateState, validateState } from '../../src/river/contract.ts';
import { roomContractKey } from '../../src/river/contract-key.ts';
import {
  decodeDelegateRequest,
  decodeDelegateResponse,
  encodeDelegateRequest,
  encodeDelegateResponse,
} from '../../src/river/delegate-messages.ts';
import { outboundDmStore, type OutboundDmStore } from '../../src/river/outbound-dms.ts';
import { roomSlot, type RoomData } from '../../src/river/room-data.ts';
import { roomParameters } from '../../src/river/room-state/parameters.ts';
import { roomState } from '../../src/river/room-state/room-state.ts';
import { roomsBlob } from '../../src/river/rooms-blob.ts';
import { roomsMeta } from '../../src/river/rooms-meta.ts';
import { RoomView } from '../../src/river/room-view.ts';
import { readableSecrets } from '../../src/river/secrets.ts';
import { SignatureMemo } from '../../src/river/signatures/memo.ts';
import { chooseVerifier, type SignatureVerifier } from '../../src/river/signatures/verifier.ts';
import { toHex } from '../../src/shared/bytes.ts';
import { checkDelegateStore } from './delegate-store.ts';
import { difference } from './expect.ts';
import type { JsonValue } from './json.ts';
import { checkActor, secretsOf, settle } from './room-state.ts';
import type { Report, RunOptions, Runner, VectorFile } from './runner.ts';
import { checkView } from './user-view.ts';

/** Decodes and encodes again: the same bytes, or why not. */
function again<T>(what: string, codec: Codec<T>, given: JsonValue): string | undefined {
  const bytes = given.hex();
  const value = decode(codec, bytes, what);
  if (!value.ok) return value.error.message;
  return difference(what, toHex(bytes), toHex(encode(codec, value.value)));
}

async function checkState(
  room: JsonValue,
  verifier: SignatureVerifier,
): Promise<string | undefined> {
  const params = room.field('params').hex();
  const state = room.field('state').hex();
  const verdict = await validateState(params, state, new SignatureMemo(verifier));
  if (!verdict.ok) return JSON.stringify(verdict.error);
  const summary = summarizeState(params, state);
  if (!summary.ok) return JSON.stringify(summary.error);
  const unchanging = {
    'no update': [],
    'an empty delta': [{ kind: 'delta', data: Uint8Array.of(0xa0) }],
    'its own state': [{ kind: 'state', data: state }],
  } as const;
  for (const [what, updates] of Object.entries(unchanging)) {
    const result = await updateState(params, state, updates, new SignatureMemo(verifier));
    if (!result.ok) return JSON.stringify(result.error);
    const why = difference(`the state after ${what}`, toHex(state), toHex(result.value));
    if (why !== undefined) return why;
  }
  return (
    difference('summary', toHex(room.field('summary').hex()), toHex(summary.value)) ??
    difference('state_bytes', String(room.field('state_bytes').integer()), String(state.length))
  );
}

function checkSlot(room: JsonValue): string | undefined {
  const bytes = room.field('room_slot').hex();
  const pieces = splitRoomSlot(bytes);
  if (!pieces.ok) return pieces.error.message;
  if (pieces.value === 'Tombstone') return 'a tombstone where a room is expected';
  return difference('joined from pieces', toHex(bytes), toHex(assembleRoomSlot(pieces.value)));
}

function checkCounts(room: JsonValue, { roomState: state }: RoomData): string | undefined {
  const counts: Record<string, number> = {
    members: state.members.length,
    messages: state.recentMessages.length,
    bans: state.bans.length,
    direct_messages: state.directMessages.messages.length,
    secrets: state.secrets.encryptedSecrets.length,
    secret_versions: state.secrets.versions.length,
  };
  for (const [what, count] of room.field('counts').entries()) {
    const why = difference(`counts.${what}`, String(count.integer()), String(counts[what]));
    if (why !== undefined) return why;
  }
  return undefined;
}

function checkKeys(room: JsonValue, codeHash: Uint8Array, data: RoomData): string | undefined {
  const params = decode(roomParameters, room.field('params').hex(), 'params');
  if (!params.ok) return params.error.message;
  const key = roomContractKey(codeHash, data.ownerVk);
  const self = room.field('self');
  const last = room.field('last_read_message_id');
  return (
    difference('owner_vk', toHex(room.field('owner_vk').hex()), toHex(data.ownerVk)) ??
    difference('params.owner', toHex(data.ownerVk), toHex(params.value.owner)) ??
    difference('instance_id', toHex(room.field('instance_id').hex()), toHex(key.instance)) ??
    difference('contract_key', toHex(key.instance), toHex(data.contractKey.instance)) ??
    difference(
      'self.seed',
      toHex(self.field('seed').hex()),
      data.selfSk === null ? 'null' : toHex(data.selfSk),
    ) ??
    difference(
      'last_read_message_id',
      last.value === null ? 'null' : last.text(),
      String(data.lastReadMessageId),
    )
  );
}

/** What the person is in the room. */
function checkSelf(room: JsonValue, data: RoomData): string | undefined {
  const self = room.field('self');
  const me = new RoomView(data.roomState, data).members.find(({ isSelf }) => isSelf);
  const role = me?.isOwner ? 'owner' : me?.isDeputy ? 'deputy' : 'member';
  return (
    difference('self.listed', String(self.field('listed').flag()), String(me !== undefined)) ??
    difference('self.role', self.field('role').text(), role)
  );
}

/** Each secret must be what the people with a copy of it open. */
function checkSecrets(room: JsonValue, { roomState: state }: RoomData): string | undefined {
  const given = room.optional('room_secrets');
  if (!given) return undefined;
  const secrets = secretsOf(given);
  for (const [name, actor] of room.field('actors').entries()) {
    const readable = readableSecrets(state.secrets, actor.field('seed').hex(), []);
    for (const [version, secret] of readable) {
      const why = difference(
        `version ${version} of ${name}`,
        secrets.get(version) ?? 'none',
        toHex(secret),
      );
      if (why !== undefined) return why;
    }
  }
  return undefined;
}

async function checkRoom(
  root: JsonValue,
  room: JsonValue,
  outbound: OutboundDmStore,
  verifier: SignatureVerifier,
  report: Report,
): Promise<void> {
  const name = room.field('name').text();
  const slot = decode(roomSlot, room.field('room_slot').hex(), 'room_slot');
  settle(
    report,
    `${name}: state, read and written`,
    again('state', roomState, room.field('state')),
  );
  settle(
    report,
    `${name}: room_slot, read and written`,
    again('room_slot', roomSlot, room.field('room_slot')),
  );
  if (!slot.ok) return;
  if (slot.value.type !== 'Present') return report.fail(`${name}: room_slot`, 'a tombstone');
  const data = slot.value.room;
  settle(report, `${name}: room_slot in pieces`, checkSlot(room));
  settle(
    report,
    `${name}: the slot's state`,
    difference(
      'room_state',
      toHex(room.field('state').hex()),
      toHex(encode(roomState, data.roomState)),
    ),
  );
  settle(
    report,
    `${name}: valid, a fixed point, and its summary`,
    await checkState(room, verifier),
  );
  settle(report, `${name}: counts`, checkCounts(room, data));
  const codeHash = root.field('room_contract').field('code_hash').hex();
  settle(report, `${name}: keys and ids`, checkKeys(room, codeHash, data));
  settle(report, `${name}: self`, checkSelf(room, data));
  for (const [actor, value] of room.field('actors').entries()) {
    checkActor(report, `${name}: actors.${actor}`, value);
  }
  if (room.optional('room_secrets')) {
    settle(report, `${name}: room_secrets`, checkSecrets(room, data));
  }
  checkView(room, data, outbound, report);
}

function checkOutboundDms(root: JsonValue, store: OutboundDmStore): string | undefined {
  const expected = root.field('expected_outbound_dms');
  const entries = store.entries.map((each) =>
    [
      toHex(each.roomOwnerVk),
      each.sender,
      each.recipient,
      toHex(each.purgeToken),
      each.timestamp,
      each.plaintext,
    ].join(' '),
  );
  const hidden = store.hiddenThreads.map((each) =>
    [toHex(each.roomOwnerVk), each.peer, each.hiddenAtTs].join(' '),
  );
  const given = expected
    .field('entries')
    .items()
    .map((each) =>
      [
        toHex(each.field('room_owner_vk').hex()),
        each.field('sender').text(),
        each.field('recipient').text(),
        toHex(each.field('purge_token').hex()),
        each.field('timestamp').integer(),
        each.field('plaintext').text(),
      ].join(' '),
    );
  const givenHidden = expected
    .field('hidden_threads')
    .items()
    .map((each) =>
      [
        toHex(each.field('room_owner_vk').hex()),
        each.field('peer').text(),
        each.field('hidden_at_ts').integer(),
      ].join(' '),
    );
  return (
    difference('entries', given.join('\n'), entries.join('\n')) ??
    difference('hidden_threads', givenHidden.join('\n'), hidden.join('\n'))
  );
}

/** Each recorded request and answer is read and written again, and the answers tell the listed keys and generations. */
function checkMessages(root: JsonValue): string | undefined {
  const generations = new Map<string, bigint>();
  for (const exchange of root.field('delegate_store_requests').items()) {
    const bytes = exchange.field('request').hex();
    const request = decodeDelegateRequest(bytes);
    if (!request.ok) return request.error.message;
    const written = encodeDelegateRequest(request.value, 'ints');
    const why = difference(`${exchange.path}.request`, toHex(bytes), toHex(written));
    if (why !== undefined) return why;
    const given = exchange.optional('response');
    if (!given) continue;
    const response = decodeDelegateResponse(given.hex());
    if (!response.ok) return response.error.message;
    const rewritten = encodeDelegateResponse(response.value);
    const wrong = difference(given.path, toHex(given.hex()), toHex(rewritten));
    if (wrong !== undefined) return wrong;
    if (!('key' in response.value)) continue;
    const key = new TextDecoder().decode(response.value.key);
    if (response.value.type === 'CasStoreResponse' && response.value.result.type === 'Stored') {
      generations.set(key, response.value.result.generation);
    } else if (response.value.type === 'StoreResponse') {
      generations.set(key, (generations.get(key) ?? 0n) + 1n);
    }
  }
  const expected = root.field('delegate_keys_after').items();
  return difference(
    'delegate_keys_after',
    expected
      .map((each) => `${each.field('key').text()} ${each.field('generation').integer()}`)
      .join('\n'),
    [...generations].map(([key, generation]) => `${key} ${generation}`).join('\n'),
  );
}

async function runFile(file: VectorFile, report: Report, options: RunOptions): Promise<void> {
  const { root } = file;
  const verifier = await chooseVerifier(globalThis.crypto.subtle);
  const outbound = decode(outboundDmStore, root.field('outbound_dms').hex(), 'outbound_dms');
  if (!outbound.ok) return root.field('outbound_dms').fail(outbound.error.message);
  for (const room of root.field('rooms').items()) {
    await checkRoom(root, room, outbound.value, verifier, report);
  }
  const tombstone = root.field('tombstone').field('room_slot');
  const values: [string, string | undefined][] = [
    ['tombstone', again('tombstone', roomSlot, tombstone)],
    ['rooms_meta', again('rooms_meta', roomsMeta, root.field('rooms_meta'))],
    ['outbound_dms', again('outbound_dms', outboundDmStore, root.field('outbound_dms'))],
    ['expected_outbound_dms', checkOutboundDms(root, outbound.value)],
    ['legacy_rooms_data', again('legacy_rooms_data', roomsBlob, root.field('legacy_rooms_data'))],
    ['delegate messages, read and written', checkMessages(root)],
  ];
  for (const [name, why] of values) settle(report, name, why);
  await checkDelegateStore(file, report, options);
}

export const userDataRunner = (options: RunOptions): Runner => ({
  form: 'user data',
  matches: ({ root }) =>
    Array.isArray(root.optional('rooms')?.value) &&
    root.optional('delegate_store_requests') !== undefined,
  run: (file, report) => runFile(file, report, options),
});
