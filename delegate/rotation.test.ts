import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { LoadedDelegate } from '../host/wasm/delegate-host.ts';
import { decode, encode } from '../src/river/cbor/codec.ts';
import { updateState, validateState } from '../src/river/contract.ts';
import { sealSecretFor } from '../src/river/crypto/ecies.ts';
import { deriveRoomSecret } from '../src/river/crypto/room-secret.ts';
import { memberId } from '../src/river/ids.ts';
import { sign, verifyingKeyOf } from '../src/river/keys.ts';
import { member as memberCodec } from '../src/river/room-state/members.ts';
import { roomParameters } from '../src/river/room-state/parameters.ts';
import type { RoomState } from '../src/river/room-state/room-state.ts';
import { roomDelta, roomState } from '../src/river/room-state/room-state.ts';
import type { AuthorizedEncryptedSecret, RoomSecrets } from '../src/river/room-state/secrets.ts';
import { encryptedSecretForMember } from '../src/river/room-state/secrets.ts';
import { readableSecrets } from '../src/river/secrets.ts';
import { SignatureMemo } from '../src/river/signatures/memo.ts';
import { chooseVerifier } from '../src/river/signatures/verifier.ts';
import { fromHex, toHex, utf8 } from '../src/shared/bytes.ts';
import { readVectors } from '../tests/support/vectors.ts';
import { DelegateClient, loadChatDelegate } from './testing/delegate-client.ts';

interface Vectors {
  readonly actors: Record<string, { readonly seed: string }>;
  readonly room_contract_id: string;
  readonly steps: readonly { readonly name: string; readonly state?: string }[];
}

const vectors = readVectors<Vectors>('delegate-protocol');
const ORIGIN = new Uint8Array(32).fill(0x2a);
const CONTRACT = fromHex(vectors.room_contract_id);

function seedOf(actor: string): Uint8Array {
  return fromHex(vectors.actors[actor]?.seed ?? '');
}

const OWNER = seedOf('owner');
const OWNER_KEY = verifyingKeyOf(OWNER);

/** A recorded state. */
function stateOf(step: string): RoomState {
  const recorded = vectors.steps.find(({ name }) => name === step)?.state ?? '';
  const state = decode(roomState, fromHex(recorded));
  if (!state.ok) throw state.error;
  return state.value;
}

const PRIVATE = stateOf('notification-private-room');
const PUBLIC = stateOf('notification-public-room');

const seedNumber = (number: number): Uint8Array => {
  const seed = new Uint8Array(32);
  new DataView(seed.buffer).setUint32(0, number, true);
  return seed;
};

/** The state with members that the owner has invited, known by the numbers of their seeds. */
function withMembers(state: RoomState, numbers: readonly number[]): RoomState {
  const ownerMemberId = memberId(OWNER_KEY);
  const members = numbers.map((number) => {
    const memberVk = verifyingKeyOf(seedNumber(number));
    const member = { ownerMemberId, invitedBy: ownerMemberId, memberVk };
    return { member, signature: sign(encode(memberCodec, member), OWNER) };
  });
  const byId = (id: Uint8Array): bigint => memberId(id);
  const sorted = [...state.members, ...members].toSorted((a, b) =>
    byId(a.member.memberVk) < byId(b.member.memberVk) ? -1 : 1,
  );
  return { ...state, members: sorted };
}

let delegate: LoadedDelegate;
let client: DelegateClient;

beforeAll(async () => {
  delegate = await loadChatDelegate();
}, 120_000);

beforeEach(() => {
  client = new DelegateClient(delegate, ORIGIN);
});

function subscribe(seed: Uint8Array = OWNER): void {
  client.ask({ type: 'StoreSigningKey', roomKey: OWNER_KEY, signingKeyBytes: seed });
  const answer = client.ask({
    type: 'EnsureRoomSubscription',
    roomOwnerVk: OWNER_KEY,
    requestId: 1n,
    contractId: CONTRACT,
  });
  expect(answer).toMatchObject({ result: { type: 'Ok' } });
}

/** The delta that a notification makes the delegate send, undefined for none. */
function deltaAfter(state: RoomState): Uint8Array | undefined {
  const sent = client.notify(CONTRACT, encode(roomState, state));
  if (sent.length === 0) return undefined;
  const [request, ...more] = sent;
  expect(more).toEqual([]);
  if (request?.type !== 'UpdateContractRequest' || request.update.type !== 'Delta') {
    throw new Error(`a ${request?.type}`);
  }
  expect(toHex(request.contractId)).toBe(vectors.room_contract_id);
  expect(request.processed).toBe(false);
  return request.update.delta;
}

/** The state after the delta, as the room's contract makes it; it must be valid. */
async function apply(state: RoomState, delta: Uint8Array): Promise<RoomState> {
  const params = encode(roomParameters, { owner: OWNER_KEY });
  const memo = new SignatureMemo(await chooseVerifier(crypto.subtle));
  const updates = [{ kind: 'delta', data: delta }] as const;
  const updated = await updateState(params, encode(roomState, state), updates, memo);
  if (!updated.ok) throw new Error(JSON.stringify(updated.error));
  expect(await validateState(params, updated.value, memo)).toEqual({ ok: true, value: undefined });
  const next = decode(roomState, updated.value);
  if (!next.ok) throw next.error;
  return next.value;
}

const secretsFor = (secrets: RoomSecrets, seed: Uint8Array): Record<string, string> =>
  Object.fromEntries(
    [...readableSecrets(secrets, seed, [])].map(([version, secret]) => [version, toHex(secret)]),
  );

/** A copy of a secret for a member, signed by the owner. */
function copyFor(
  memberKey: Uint8Array,
  secretVersion: number,
  secret: Uint8Array,
): AuthorizedEncryptedSecret {
  const sealed = sealSecretFor(secret, memberKey);
  if (!sealed) throw new Error('not sealed');
  const provider = memberId(OWNER_KEY);
  const copy = { ...sealed, memberId: memberId(memberKey), secretVersion, provider };
  return { secret: copy, ownerSignature: sign(encode(encryptedSecretForMember, copy), OWNER) };
}

describe('a private room whose members have changed', () => {
  test('gets a next secret that the owner and each member can read, and the contract takes it', async () => {
    subscribe();
    const state = withMembers(PRIVATE, [1, 2, 3]);
    const delta = deltaAfter(state);
    if (!delta) throw new Error('no delta');
    const next = await apply(state, delta);
    expect(next.secrets.currentVersion).toBe(state.secrets.currentVersion + 1);
    const derived = toHex(deriveRoomSecret(OWNER, OWNER_KEY, next.secrets.currentVersion));
    for (const seed of [OWNER, seedNumber(1), seedNumber(2), seedNumber(3)]) {
      expect(secretsFor(next.secrets, seed)[next.secrets.currentVersion]).toBe(derived);
    }
    const cached = client.secrets.get(
      utf8(`room_secret:${roomText()}:${next.secrets.currentVersion}`),
    );
    expect(cached && toHex(cached)).toBe(derived);
  });

  test('gives a new member the earlier secrets too, which are opened and not derived', async () => {
    subscribe();
    const state = withMembers(PRIVATE, [1]);
    const delta = deltaAfter(state);
    if (!delta) throw new Error('no delta');
    const next = await apply(state, delta);
    expect(secretsFor(next.secrets, seedNumber(1))).toEqual(secretsFor(next.secrets, OWNER));
    expect(Object.keys(secretsFor(next.secrets, OWNER))).toHaveLength(2);
  });

  test('is not rotated again for the same members in whatever order they are written', () => {
    subscribe();
    const state = withMembers(PRIVATE, [1, 2]);
    expect(deltaAfter(state)).toBeDefined();
    expect(deltaAfter(state)).toBeUndefined();
    expect(deltaAfter({ ...state, members: state.members.toReversed() })).toBeUndefined();
    expect(deltaAfter(withMembers(PRIVATE, [1]))).toBeDefined();
  });

  test('knows a remembered set of members however it was written, and takes one that it cannot read for another', () => {
    subscribe();
    const state = withMembers({ ...PRIVATE, members: [] }, [1, 2]);
    const name = utf8(`room_members:${roomText()}`);
    // no shortest heads, no order, one of them twice
    const wide = (id: bigint): string => {
      const magnitude = BigInt.asUintN(64, id < 0n ? ~id : id);
      return `${id < 0n ? '3b' : '1b'}${magnitude.toString(16).padStart(16, '0')}`;
    };
    const [first = '', second = ''] = state.members
      .map(({ member }) => wide(memberId(member.memberVk)))
      .toReversed();
    client.secrets.set(name, fromHex(`9f${first}${second}${first}ff`));
    expect(deltaAfter(state)).toBeUndefined();
    client.secrets.set(name, fromHex(`9f${first}${second}`));
    expect(deltaAfter(state)).toBeDefined();
    client.secrets.set(name, fromHex(`81${first}`));
    expect(deltaAfter(state)).toBeDefined();
  });

  test('passes over a copy of an old secret that does not open', () => {
    subscribe();
    const secretOf = (version: number): Uint8Array => deriveRoomSecret(OWNER, OWNER_KEY, version);
    const copies = [0, 1, 2].map((version) => copyFor(OWNER_KEY, version, secretOf(version)));
    const encryptedSecrets = copies.map((copy) => {
      const { ciphertext, secretVersion } = copy.secret;
      if (secretVersion !== 1) return copy;
      return {
        ...copy,
        secret: { ...copy.secret, ciphertext: ciphertext.map((byte) => byte ^ 1) },
      };
    });
    const state = withMembers(PRIVATE, [1]);
    const secrets = { ...state.secrets, currentVersion: 2, encryptedSecrets };
    const delta = deltaAfter({ ...state, secrets });
    const decoded = delta && decode(roomDelta, delta);
    if (!decoded?.ok) throw new Error('no delta');
    const newcomer = memberId(verifyingKeyOf(seedNumber(1)));
    const versions = decoded.value.secrets?.newEncryptedSecrets
      .filter(({ secret }) => secret.memberId === newcomer)
      .map(({ secret }) => secret.secretVersion);
    expect(versions).toEqual([0, 2, 3]);
  });

  test('of two hundred members and ten versions is rotated well before a node would stop the guest', async () => {
    subscribe();
    const numbers = Array.from({ length: 200 }, (_, index) => index + 1);
    const version = 9;
    const encryptedSecrets = Array.from({ length: version + 1 }, (_, one) => one).map((one) =>
      copyFor(OWNER_KEY, one, deriveRoomSecret(OWNER, OWNER_KEY, one)),
    );
    const state = withMembers({ ...PRIVATE, members: [] }, numbers);
    const secrets = { ...state.secrets, currentVersion: version, encryptedSecrets };
    const started = process.cpuUsage();
    const delta = deltaAfter({ ...state, secrets });
    // a node stops a guest after five seconds of its processor
    expect(process.cpuUsage(started).user / 1_000_000).toBeLessThan(5);
    if (!delta) throw new Error('no delta');
    const decoded = decode(roomDelta, delta);
    if (!decoded.ok) throw decoded.error;
    expect(decoded.value.secrets?.newEncryptedSecrets).toHaveLength(200 * 11 + 1);
  }, 60_000);
});

const roomText = (): string => '44q3tuPJvPxiQ6A8zZdYwVVAeQ8WGQgfHfPmXtArxmYX';

describe('no rotation', () => {
  const memberSet = (): Uint8Array | undefined =>
    client.secrets.get(utf8(`room_members:${roomText()}`));

  test('for a public room: its members are remembered', () => {
    subscribe();
    expect(deltaAfter(PUBLIC)).toBeUndefined();
    expect(memberSet()).toBeDefined();
    expect(client.lines).toEqual([]);
  });

  test('for a contract that nobody subscribed to', () => {
    expect(deltaAfter(PRIVATE)).toBeUndefined();
    expect(client.lines).toEqual(['notification of a contract without a room']);
  });

  test('with a key that is not the owner’s, and the members are not remembered', () => {
    subscribe(seedNumber(1));
    expect(deltaAfter(PRIVATE)).toBeUndefined();
    expect(memberSet()).toBeUndefined();
    expect(client.lines).toEqual(["no rotation: the signing key is not the owner's"]);
  });

  test('once the key is gone, until it is there again', () => {
    subscribe();
    const name = utf8(`signing_key:3qbR1eZRqXUWroWKKYhbDmR3FfqTHfqSU8zZSxtANzYh:${roomText()}`);
    client.secrets.remove(name);
    expect(deltaAfter(PRIVATE)).toBeUndefined();
    client.secrets.set(name, OWNER.subarray(1));
    expect(deltaAfter(PRIVATE)).toBeUndefined();
    expect(memberSet()).toBeUndefined();
    client.secrets.set(name, OWNER);
    expect(deltaAfter(PRIVATE)).toBeDefined();
  });

  test('beyond the last version', () => {
    subscribe();
    const secrets = { ...PRIVATE.secrets, currentVersion: 0xffff_ffff };
    expect(deltaAfter({ ...PRIVATE, secrets })).toBeUndefined();
    expect(client.lines).toEqual(['no rotation: there is no version left']);
  });

  test('for a state that is none, wherever the mistake is', () => {
    subscribe();
    const good = toHex(encode(roomState, PRIVATE));
    const broken = {
      nothing: '',
      'half of it': good.slice(0, good.length / 2),
      'no map': '80',
      'a field that is missing': good.replace(toHex(utf8('upgrade')), toHex(utf8('upgrada'))),
      'a version that is a text': good.replace(/..$/, '60'),
      'a signature of 63 bytes': good.replace('9840', '983f'),
      'a mode that does not exist': good.replace(
        toHex(utf8('privacy_modegPrivate')),
        toHex(utf8('privacy_modegPrivatf')),
      ),
    };
    for (const [what, bytes] of Object.entries(broken)) {
      expect(bytes, what).not.toBe(good);
      expect(client.notify(CONTRACT, fromHex(bytes)), what).toEqual([]);
    }
    expect(memberSet()).toBeUndefined();
    expect(client.lines).toEqual(
      Array(7).fill('notification with a state that cannot be read') as string[],
    );
    expect(deltaAfter(PRIVATE)).toBeDefined();
  });

  test('when what is remembered of the room cannot be read', () => {
    subscribe();
    const subscription = utf8(`room_sub:${roomText()}`);
    const good = client.secrets.get(subscription) ?? new Uint8Array(0);
    client.secrets.set(subscription, good.subarray(1));
    expect(deltaAfter(PRIVATE)).toBeUndefined();
    client.secrets.set(subscription, good);
    expect(deltaAfter(PRIVATE)).toBeDefined();
  });
});

describe('a subscription', () => {
  const request = {
    type: 'EnsureRoomSubscription',
    roomOwnerVk: OWNER_KEY,
    requestId: 7n,
    contractId: CONTRACT,
  } as const;

  test('that is not remembered by the node is refused in the answer, and nothing is asked of the node', () => {
    client.ask({ type: 'StoreSigningKey', roomKey: OWNER_KEY, signingKeyBytes: OWNER });
    for (const prefix of ['room_sub:', 'room_sub_by_cid:']) {
      client.secrets.refuses = (name) => name.startsWith(prefix);
      expect(client.ask(request)).toMatchObject({ requestId: 7n, result: { type: 'Err' } });
    }
  });

  test('needs a key of 32 bytes', () => {
    const name = `signing_key:3qbR1eZRqXUWroWKKYhbDmR3FfqTHfqSU8zZSxtANzYh:${roomText()}`;
    client.secrets.set(utf8(name), OWNER.subarray(1));
    expect(client.ask(request)).toMatchObject({ result: { type: 'Err' } });
    const room = { roomKey: OWNER_KEY };
    expect(client.ask({ type: 'GetPublicKey', ...room })).toMatchObject({ publicKey: null });
    expect(client.ask({ type: 'SignBan', ...room, requestId: 1n, banBytes: OWNER })).toMatchObject({
      signature: { type: 'Err', reason: 'Invalid signing key length: expected 32, got 31' },
    });
  });
});
