import { describe, expect, it } from 'vitest';
import { equalBytes } from '../shared/bytes.ts';
import { ok } from '../shared/result.ts';
import { requestFrames, responseFrames } from './chunks.ts';
import type { ClientError, ContractError, DelegateError } from './client-error.ts';
import { encodeClientRequest } from './client-request.ts';
import type { NodeConnection } from './client.ts';
import { connectNode } from './client.ts';
import type { Unsolicited } from './connection.ts';
import type { ContractResponse } from './host-response.ts';
import { encodeHostResult } from './host-response.ts';
import { delegateKey, delegateKeyText, wasmContract } from './keys.ts';
import type { CloseReason, NodeError } from './node-error.ts';
import type { DelegateAsk } from './node-requests.ts';
import { ManualClock, settled } from './testing/manual-clock.ts';
import { CONTRACT, DELEGATE, INSTANCE, bytes, bytesOf, filled } from './testing/notation.ts';
import { ScriptedSocket } from './testing/scripted-socket.ts';
import type { DelegateKey, OutboundDelegateMsg } from './types.ts';

interface Lab {
  readonly socket: ScriptedSocket;
  readonly clock: ManualClock;
  readonly node: NodeConnection;
  readonly unsolicited: Unsolicited[];
  readonly ends: CloseReason[];
}

/** A connection whose other end is the test. */
async function lab(onUnsolicited?: (message: Unsolicited) => void): Promise<Lab> {
  const socket = new ScriptedSocket();
  const clock = new ManualClock();
  const unsolicited: Unsolicited[] = [];
  const ends: CloseReason[] = [];
  const connecting = connectNode({
    url: 'ws://node/v1/contract/command',
    openSocket: () => socket,
    clock,
    onUnsolicited: onUnsolicited ?? ((message) => unsolicited.push(message)),
    onClosed: (reason) => ends.push(reason),
  });
  socket.opens();
  const connected = await connecting;
  if (!connected.ok) throw new Error(connected.error.type);
  return { socket, clock, node: connected.value, unsolicited, ends };
}

const OTHER: DelegateKey = { key: filled(0x55, 32), codeHash: filled(0x44, 32) };

const message = (...payload: number[]): OutboundDelegateMsg => ({
  type: 'ApplicationMessage',
  payload: bytes(...payload),
  context: bytes(),
  processed: true,
});

const answer = (key: DelegateKey, ...values: OutboundDelegateMsg[]) =>
  ({ type: 'DelegateResponse', key, values }) as const;

const contract = (response: ContractResponse) => ({ type: 'ContractResponse', response }) as const;

const delegateError = (error: DelegateError): ClientError => ({
  type: 'RequestError',
  error: { type: 'DelegateError', error },
});

const contractError = (error: ContractError): ClientError => ({
  type: 'RequestError',
  error: { type: 'ContractError', error },
});

/** A request that takes answers whose first payload starts with `first`. */
const ask = (first: number, changesState = false, key = DELEGATE): DelegateAsk => ({
  key,
  params: bytes(),
  payloads: [bytes(first)],
  accepts: (payloads) => payloads[0]?.[0] === first,
  changesState,
});

const payloadsSent = (socket: ScriptedSocket): number[] =>
  socket.requests.flatMap((request) =>
    request.type === 'DelegateOp' && request.request.type === 'ApplicationMessages'
      ? request.request.inbound.map((inbound) =>
          inbound.type === 'ApplicationMessage' ? (inbound.payload[0] ?? -1) : -1,
        )
      : [],
  );

/** The state of a promise, looked at from outside. */
async function stateOf<T>(promise: Promise<T>): Promise<T | 'waiting'> {
  await settled();
  return Promise.race([promise, Promise.resolve('waiting' as const)]);
}

const openOutcome = (request: string): NodeError => ({
  type: 'Closed',
  sent: true,
  reason: { type: 'UnknownOutcome', request: request as 'Ask' },
});

describe('connecting', () => {
  const connect = (socket: ScriptedSocket, clock = new ManualClock()) =>
    connectNode({ url: 'ws://node/v1/contract/command', openSocket: () => socket, clock });

  it('asks for the native encoding and array buffers, and keeps the rest of the URL', async () => {
    let asked = '';
    const socket = new ScriptedSocket();
    void connectNode({
      url: 'ws://node:7509/v1/contract/command?authToken=abc&encodingProtocol=flatbuffers',
      openSocket: (url) => {
        asked = url;
        return socket;
      },
      clock: new ManualClock(),
    });
    expect(asked).toBe('ws://node:7509/v1/contract/command?authToken=abc&encodingProtocol=native');
    expect(socket.binaryType).toBe('arraybuffer');
  });

  it('gives up after five seconds and closes what opens later', async () => {
    const socket = new ScriptedSocket();
    const clock = new ManualClock();
    const connecting = connect(socket, clock);
    await clock.advance(4_999);
    expect(await stateOf(connecting)).toBe('waiting');
    await clock.advance(1);
    expect(await connecting).toEqual({
      ok: false,
      error: {
        type: 'ConnectFailed',
        address: 'ws://node/v1/contract/command',
        reason: 'no connection within 5000 ms',
      },
    });
    expect(socket.closes).toBe(1);
    socket.opens();
    socket.drops();
  });

  it('stops its timer once connected', async () => {
    const { clock } = await lab();
    expect(clock.sleeping).toBe(0);
  });

  it('fails when the node refuses, without naming a token', async () => {
    const socket = new ScriptedSocket();
    const connecting = connectNode({
      url: 'ws://node/v1/contract/command?authToken=secret',
      openSocket: () => socket,
      clock: new ManualClock(),
    });
    socket.drops();
    const result = await connecting;
    expect(result).toMatchObject({ ok: false, error: { type: 'ConnectFailed' } });
    expect(JSON.stringify(result)).not.toContain('secret');
  });

  it('fails when the socket cannot even be made', async () => {
    const connecting = connectNode({
      url: 'ws://node/',
      openSocket: () => {
        throw new Error('blocked by policy');
      },
    });
    expect(await connecting).toMatchObject({
      ok: false,
      error: { type: 'ConnectFailed', reason: 'blocked by policy' },
    });
    const nowhere = await connectNode({ url: 'no url', openSocket: () => new ScriptedSocket() });
    expect(nowhere).toMatchObject({ ok: false, error: { type: 'ConnectFailed' } });
  });

  it('tells an invalid token from a node that is away', async () => {
    const socket = new ScriptedSocket();
    const connecting = connect(socket);
    socket.drops(4401, 'AUTH_TOKEN_INVALID');
    expect(await connecting).toEqual({ ok: false, error: { type: 'TokenInvalid' } });
  });
});

describe('asking a delegate', () => {
  it('sends all payloads in one request, in order, and gives the payloads of the answer', async () => {
    const { socket, node } = await lab();
    const asked = node.askDelegate({
      key: DELEGATE,
      params: bytes(9),
      payloads: [bytes(1), bytes(2), bytes(3)],
      accepts: (payloads) => payloads.length === 3,
      changesState: true,
    });
    expect(socket.requests).toEqual([
      {
        type: 'DelegateOp',
        request: {
          type: 'ApplicationMessages',
          key: DELEGATE,
          params: bytes(9),
          inbound: [1, 2, 3].map((byte) => ({
            type: 'ApplicationMessage',
            payload: bytes(byte),
            context: bytes(),
            processed: false,
          })),
        },
      },
    ]);
    const context: OutboundDelegateMsg = { type: 'ContextUpdated', context: bytes(7) };
    socket.answers(answer(DELEGATE, context, message(11), message(12), message(13)));
    expect(await asked).toEqual(ok([bytes(11), bytes(12), bytes(13)]));
  });

  it('passes by what the request does not accept, and waits on', async () => {
    const { socket, node, unsolicited } = await lab();
    const asked = node.askDelegate(ask(1));
    socket.answers(answer(DELEGATE, message(9)));
    expect(await stateOf(asked)).toBe('waiting');
    expect(unsolicited).toEqual([{ type: 'DelegatePush', key: DELEGATE, payloads: [bytes(9)] }]);
    socket.answers(answer(DELEGATE, message(1)));
    expect(await asked).toEqual(ok([bytes(1)]));
  });

  it('takes nothing from a delegate that differs in either half of its key', async () => {
    const { socket, node, unsolicited } = await lab();
    const asked = node.askDelegate(ask(1));
    socket.answers(answer(OTHER, message(1)));
    socket.answers(answer({ ...DELEGATE, codeHash: filled(0x66, 32) }, message(1)));
    socket.answers(answer(OTHER));
    expect(await stateOf(asked)).toBe('waiting');
    expect(unsolicited.map(({ type }) => type)).toEqual([
      'DelegatePush',
      'DelegatePush',
      'Unmatched',
    ]);
  });

  it('has one request to a delegate outstanding, and any number of delegates', async () => {
    const { socket, node } = await lab();
    const first = node.askDelegate(ask(1));
    const second = node.askDelegate(ask(2));
    const elsewhere = node.askDelegate(ask(3, false, OTHER));
    expect(payloadsSent(socket)).toEqual([1, 3]);
    socket.answers(answer(OTHER, message(3)));
    expect(await elsewhere).toEqual(ok([bytes(3)]));
    expect(payloadsSent(socket)).toEqual([1, 3]);
    socket.answers(answer(DELEGATE, message(1)));
    expect(await first).toEqual(ok([bytes(1)]));
    expect(payloadsSent(socket)).toEqual([1, 3, 2]);
    socket.answers(answer(DELEGATE, message(2)));
    expect(await second).toEqual(ok([bytes(2)]));
  });

  it('is asked twice what is asked twice, as the answer may have changed', async () => {
    const { socket, node } = await lab();
    const first = node.askDelegate(ask(1));
    const second = node.askDelegate(ask(1));
    socket.answers(answer(DELEGATE, message(1, 10)));
    expect(await first).toEqual(ok([bytes(1, 10)]));
    expect(await stateOf(second)).toBe('waiting');
    socket.answers(answer(DELEGATE, message(1, 20)));
    expect(await second).toEqual(ok([bytes(1, 20)]));
  });

  it('never takes an empty answer for success', async () => {
    const { socket, node } = await lab();
    const asked = node.askDelegate({ ...ask(1), accepts: () => true });
    socket.answers(answer(DELEGATE));
    expect(await asked).toEqual({
      ok: false,
      error: { type: 'EmptyValues', delegate: delegateKeyText(DELEGATE) },
    });
  });

  it('takes an answer without any message for an empty one', async () => {
    const { socket, node } = await lab();
    const asked = node.askDelegate({ ...ask(1), accepts: () => true });
    socket.answers(answer(DELEGATE, { type: 'ContextUpdated', context: bytes(1) }));
    expect(await asked).toMatchObject({ ok: false, error: { type: 'EmptyValues' } });
  });

  it('refuses to ask nothing, which a node would answer with nothing', async () => {
    const { socket, node, ends } = await lab();
    expect(await node.askDelegate({ ...ask(1, true), payloads: [] })).toMatchObject({
      ok: false,
      error: { type: 'Protocol', side: 'request', path: 'payloads' },
    });
    expect(socket.frames).toEqual([]);
    expect(ends).toEqual([]);
  });

  it('gives up a reading request after its time and goes on with the next', async () => {
    const { socket, clock, node, unsolicited } = await lab();
    const slow = node.askDelegate(ask(1));
    const next = node.askDelegate(ask(2));
    await clock.advance(9_999);
    expect(await stateOf(slow)).toBe('waiting');
    await clock.advance(1);
    expect(await slow).toEqual({
      ok: false,
      error: { type: 'Timeout', request: 'Ask', afterMs: 10_000 },
    });
    expect(payloadsSent(socket)).toEqual([1, 2]);
    socket.answers(answer(DELEGATE, message(1))); // late
    expect(await stateOf(next)).toBe('waiting');
    expect(unsolicited).toHaveLength(1);
    socket.answers(answer(DELEGATE, message(2)));
    expect(await next).toEqual(ok([bytes(2)]));
  });

  it('counts the time from the sending, not from the call', async () => {
    const { socket, clock, node } = await lab();
    void node.askDelegate({ ...ask(1), timeoutMs: 30_000 });
    const queued = node.askDelegate({ ...ask(2), timeoutMs: 1_000 });
    await clock.advance(20_000);
    socket.answers(answer(DELEGATE, message(1)));
    await clock.advance(999);
    expect(await stateOf(queued)).toBe('waiting');
    await clock.advance(1);
    expect(await queued).toMatchObject({ ok: false, error: { type: 'Timeout', afterMs: 1_000 } });
  });

  it('stops the timer of what was answered', async () => {
    const { socket, clock, node } = await lab();
    void node.askDelegate(ask(1));
    expect(clock.sleeping).toBe(1);
    socket.answers(answer(DELEGATE, message(1)));
    expect(clock.sleeping).toBe(0);
  });

  const FAILURES: readonly [string, ClientError, string, string][] = [
    [
      'a delegate that is not installed',
      delegateError({ type: 'Missing', key: DELEGATE }),
      'DelegateError.Missing',
      '',
    ],
    [
      "a guest's error",
      delegateError({ type: 'ExecutionError', cause: 'missing message origin' }),
      'DelegateError.ExecutionError',
      'missing message origin',
    ],
    ['a trap', { type: 'Unhandled', cause: 'unreachable' }, 'Unhandled', 'unreachable'],
    [
      'a full queue',
      { type: 'OperationError', cause: 'too many requests' },
      'OperationError',
      'too many requests',
    ],
  ];

  it.each(FAILURES)('gives %s of a local node as refused', async (_, failure, kind, text) => {
    const { socket, node } = await lab();
    const asked = node.askDelegate(ask(1));
    socket.fails(failure);
    expect(await asked).toEqual({ ok: false, error: { type: 'Refused', kind, text } });
    expect(socket.closes).toBe(0);
  });

  it("is not concerned by another delegate's error", async () => {
    const { socket, node, unsolicited } = await lab();
    const asked = node.askDelegate(ask(1, true));
    socket.fails(delegateError({ type: 'Missing', key: OTHER }));
    expect(await stateOf(asked)).toBe('waiting');
    expect(unsolicited).toMatchObject([{ type: 'Unmatched', result: { ok: false } }]);
  });
});

describe('a change whose outcome is not known ends the connection', () => {
  const CAUSES: readonly [string, (lab: Lab) => void | Promise<void>, object][] = [
    [
      'silence',
      ({ clock }) => clock.advance(10_000),
      { type: 'Timeout', request: 'Ask', afterMs: 10_000 },
    ],
    ['an empty answer', ({ socket }) => socket.answers(answer(DELEGATE)), { type: 'EmptyValues' }],
    [
      'a typed error',
      ({ socket }) => socket.fails(delegateError({ type: 'Missing', key: DELEGATE })),
      { type: 'Refused' },
    ],
    [
      'an error without a key',
      ({ socket }) => socket.fails({ type: 'Unhandled', cause: 'trap' }),
      { type: 'Refused' },
    ],
  ];

  it.each(CAUSES)('after %s', async (_, cause, expected) => {
    const at = await lab();
    const { socket, node, unsolicited, ends } = at;
    const change = node.askDelegate(ask(1, true));
    const behind = node.askDelegate(ask(2));
    const elsewhere = node.subscribe({ instance: INSTANCE, timeoutMs: 90_000 });
    const heard = unsolicited.length;
    await cause(at);
    expect(await change).toMatchObject({ ok: false, error: expected });
    expect(await behind).toEqual({
      ok: false,
      error: {
        type: 'Closed',
        sent: false,
        reason: { type: 'UnknownOutcome', request: 'Ask' },
      },
    });
    expect(await elsewhere).toMatchObject({ ok: false });
    expect(socket.closes).toBe(1);
    await settled();
    expect(ends).toEqual([{ type: 'UnknownOutcome', request: 'Ask' }]);
    expect(await node.closed).toEqual({ type: 'UnknownOutcome', request: 'Ask' });

    socket.answers(answer(DELEGATE, message(1)));
    expect(unsolicited).toHaveLength(heard);
    const frames = socket.frames.length;
    expect(await node.askDelegate(ask(3))).toMatchObject({
      ok: false,
      error: { type: 'Closed', sent: false },
    });
    expect(socket.frames).toHaveLength(frames);
    expect(at.clock.sleeping).toBe(0);
  });

  it('while what else was outstanding is closed, not refused', async () => {
    const { socket, node } = await lab();
    const change = node.askDelegate(ask(1, true));
    const elsewhere = node.askDelegate(ask(3, false, OTHER));
    socket.answers(answer(DELEGATE));
    expect(await change).toMatchObject({ error: { type: 'EmptyValues' } });
    expect(await elsewhere).toEqual({ ok: false, error: openOutcome('Ask') });
  });

  it('but not a reading request', async () => {
    const { socket, clock, node } = await lab();
    const empty = node.askDelegate(ask(1));
    socket.answers(answer(DELEGATE));
    expect(await empty).toMatchObject({ error: { type: 'EmptyValues' } });
    const silent = node.askDelegate(ask(1));
    await clock.advance(10_000);
    expect(await silent).toMatchObject({ error: { type: 'Timeout' } });
    expect(socket.closes).toBe(0);
  });
});

describe('registering', () => {
  const source = { code: bytes(1, 2, 3), params: bytes(4) };
  const key = delegateKey(source.code, source.params);

  it('sends code, parameters and the key derived from them', async () => {
    const { socket, node } = await lab();
    const registered = node.register(source);
    expect(socket.requests).toMatchObject([
      {
        type: 'DelegateOp',
        request: {
          type: 'RegisterDelegate',
          delegate: {
            version: {
              delegate: {
                parameters: bytes(4),
                data: { data: bytes(1, 2, 3), codeHash: key.codeHash },
                key,
              },
            },
          },
        },
      },
    ]);
    socket.answers(answer(key));
    expect(await registered).toEqual(ok(undefined));
  });

  it('takes a plain Ok, too', async () => {
    const { socket, node } = await lab();
    const registered = node.register(source);
    socket.answers({ type: 'Ok' });
    expect(await registered).toEqual(ok(undefined));
  });

  it("is alone for its delegate, so that its empty answer is nobody else's", async () => {
    const { socket, node, unsolicited } = await lab();
    const before = node.askDelegate(ask(1, false, key));
    const registered = node.register(source);
    const after = node.askDelegate(ask(2, false, key));
    expect(socket.requests).toHaveLength(1);
    socket.answers(answer(key, message(1)));
    expect(await before).toEqual(ok([bytes(1)]));
    expect(socket.requests).toHaveLength(2);
    socket.answers(answer(key, message(2))); // a push, not the answer
    expect(await stateOf(registered)).toBe('waiting');
    expect(unsolicited).toMatchObject([{ type: 'DelegatePush' }]);
    socket.answers(answer(key));
    expect(await registered).toEqual(ok(undefined));
    expect(await stateOf(after)).toBe('waiting');
    socket.answers(answer(key, message(2)));
    expect(await after).toEqual(ok([bytes(2)]));
  });

  it('takes a key that is known instead of deriving it', async () => {
    const { socket, node } = await lab();
    const registered = node.register({ ...source, key: DELEGATE });
    socket.answers(answer(DELEGATE));
    expect(await registered).toEqual(ok(undefined));
  });

  it('is refused by a local node, and the connection lives', async () => {
    const { socket, node } = await lab();
    const registered = node.register(source);
    socket.fails(delegateError({ type: 'RegisterError', key }));
    expect(await registered).toMatchObject({
      error: { type: 'Refused', kind: 'DelegateError.RegisterError' },
    });
    expect(socket.closes).toBe(0);
  });

  it('ends the connection when it stays unanswered: a late empty answer would be mistaken', async () => {
    const { socket, clock, node } = await lab();
    const registered = node.register(source);
    await clock.advance(10_000);
    expect(await registered).toMatchObject({ error: { type: 'Timeout', request: 'Register' } });
    expect(socket.closes).toBe(1);
  });
});

describe('contract calls', () => {
  const container = wasmContract(bytes(1), bytes(2), CONTRACT);
  const found = contract({
    type: 'GetResponse',
    key: CONTRACT,
    contract: undefined,
    state: bytes(5),
  });
  const updated = contract({ type: 'UpdateResponse', key: CONTRACT, summary: bytes(3) });
  const delta = (byte: number) =>
    ({ key: CONTRACT, data: { type: 'Delta', delta: bytes(byte) } }) as const;
  const OTHER_CONTRACT = { instance: filled(0x99, 32), code: filled(0x22, 32) };

  it('put sends what it is given and is answered by its key', async () => {
    const { socket, node } = await lab();
    const put = node.put({ contract: container, state: bytes(7), subscribe: true });
    expect(socket.requests).toEqual([
      {
        type: 'ContractOp',
        request: {
          type: 'Put',
          contract: container,
          state: bytes(7),
          relatedContracts: [],
          subscribe: true,
          blockingSubscribe: false,
        },
      },
    ]);
    socket.answers(contract({ type: 'PutResponse', key: OTHER_CONTRACT }));
    expect(await stateOf(put)).toBe('waiting');
    socket.answers(contract({ type: 'PutResponse', key: CONTRACT }));
    expect(await put).toEqual(ok(CONTRACT));
  });

  it('put is answered as an update by a local node, unless an update waits for that answer', async () => {
    const { socket, node } = await lab();
    const put = node.put({ contract: container, state: bytes(7) });
    const update = node.update(delta(1));
    socket.answers(updated);
    expect(await update).toEqual(ok(bytes(3)));
    expect(await stateOf(put)).toBe('waiting');
    socket.answers(updated);
    expect(await put).toEqual(ok(CONTRACT));
  });

  it('put refuses a container of a kind it does not know', async () => {
    const { node } = await lab();
    const contract = { type: 'unknown', of: 'ContractContainer', tag: 4 } as const;
    expect(await node.put({ contract, state: bytes() })).toMatchObject({
      error: { type: 'Protocol', side: 'request', path: 'contract' },
    });
  });

  it('get finds a contract', async () => {
    const { socket, node } = await lab();
    const get = node.get({ instance: INSTANCE, returnContractCode: true });
    expect(socket.requests).toMatchObject([
      { request: { type: 'Get', key: INSTANCE, returnContractCode: true, subscribe: false } },
    ]);
    socket.answers(found);
    expect(await get).toEqual(
      ok({ type: 'Found', key: CONTRACT, state: bytes(5), contract: undefined }),
    );
  });

  it('get does not find a contract, in the words of either kind of node', async () => {
    const { socket, node } = await lab();
    const network = node.get({ instance: INSTANCE });
    socket.answers(contract({ type: 'NotFound', instance: INSTANCE }));
    expect(await network).toEqual(ok({ type: 'NotFound' }));
    const local = node.get({ instance: INSTANCE });
    socket.fails(contractError({ type: 'MissingContract', key: INSTANCE }));
    expect(await local).toEqual(ok({ type: 'NotFound' }));
  });

  it('subscribe is answered by its own response; a refusal in it is one', async () => {
    const { socket, node } = await lab();
    const subscribed = node.subscribe({ instance: INSTANCE, summary: bytes(1) });
    expect(socket.requests).toMatchObject([
      { request: { type: 'Subscribe', key: INSTANCE, summary: bytes(1) } },
    ]);
    socket.answers(contract({ type: 'SubscribeResponse', key: CONTRACT, subscribed: true }));
    expect(await subscribed).toEqual(ok(undefined));
    const refused = node.subscribe({ instance: INSTANCE });
    socket.answers(contract({ type: 'SubscribeResponse', key: CONTRACT, subscribed: false }));
    expect(await refused).toMatchObject({ error: { type: 'Refused', kind: 'NotSubscribed' } });
  });

  it('not found answers a get before a subscribe', async () => {
    const { socket, node } = await lab();
    const subscribed = node.subscribe({ instance: INSTANCE });
    const get = node.get({ instance: INSTANCE });
    socket.answers(contract({ type: 'NotFound', instance: INSTANCE }));
    expect(await get).toEqual(ok({ type: 'NotFound' }));
    expect(await stateOf(subscribed)).toBe('waiting');
    socket.answers(contract({ type: 'NotFound', instance: INSTANCE }));
    expect(await subscribed).toMatchObject({ error: { type: 'Refused', kind: 'NotFound' } });
  });

  it('one request per kind and contract is outstanding', async () => {
    const { socket, node } = await lab();
    const first = node.update(delta(1));
    const second = node.update(delta(2));
    void node.get({ instance: INSTANCE });
    void node.get({ instance: OTHER_CONTRACT.instance });
    expect(socket.requests).toHaveLength(3);
    socket.answers(updated);
    expect(await first).toEqual(ok(bytes(3)));
    expect(await stateOf(second)).toBe('waiting');
    expect(socket.requests).toHaveLength(4);
  });

  it('identical updates are one request and settle together', async () => {
    const { socket, node } = await lab();
    const both = [node.update(delta(1)), node.update(delta(1))];
    const behind = [node.update(delta(2)), node.update(delta(2))];
    expect(socket.requests).toHaveLength(1);
    socket.answers(updated);
    expect(await Promise.all(both)).toEqual([ok(bytes(3)), ok(bytes(3))]);
    expect(socket.requests).toHaveLength(2);
    expect(await stateOf(Promise.all(behind))).toBe('waiting');
    socket.answers(updated);
    expect(await Promise.all(behind)).toEqual([ok(bytes(3)), ok(bytes(3))]);
  });

  it('identical gets are each sent: the second may find a newer state', async () => {
    const { socket, node } = await lab();
    const first = node.get({ instance: INSTANCE });
    const second = node.get({ instance: INSTANCE });
    socket.answers(found);
    expect(await first).toMatchObject({ ok: true });
    expect(await stateOf(second)).toBe('waiting');
    expect(socket.requests).toHaveLength(2);
  });

  it('an identical update after the answer is sent again', async () => {
    const { socket, node } = await lab();
    const first = node.update(delta(1));
    socket.answers(updated);
    await first;
    void node.update(delta(1));
    expect(socket.requests).toHaveLength(2);
  });

  it("an error with a key fails that contract's request of that kind alone", async () => {
    const { socket, node } = await lab();
    const update = node.update(delta(1));
    const get = node.get({ instance: INSTANCE });
    const other = node.update({ ...delta(1), key: OTHER_CONTRACT });
    socket.fails(contractError({ type: 'Update', key: CONTRACT, cause: 'invalid signature' }));
    expect(await update).toEqual({
      ok: false,
      error: { type: 'Refused', kind: 'ContractError.Update', text: 'invalid signature' },
    });
    expect(await stateOf(get)).toBe('waiting');
    expect(await stateOf(other)).toBe('waiting');
    expect(socket.closes).toBe(0);
  });

  it('a contract error leaves delegates alone, a delegate error contracts', async () => {
    const { socket, node } = await lab();
    const asked = node.askDelegate(ask(1));
    const get = node.get({ instance: INSTANCE });
    const other = node.get({ instance: OTHER_CONTRACT.instance });
    socket.fails(contractError({ type: 'MissingRelated', key: filled(0x88, 32) }));
    expect(await get).toMatchObject({ error: { kind: 'ContractError.MissingRelated' } });
    expect(await other).toMatchObject({ error: { kind: 'ContractError.MissingRelated' } });
    expect(await stateOf(asked)).toBe('waiting');
    const again = node.get({ instance: INSTANCE });
    socket.fails(delegateError({ type: 'ExecutionError', cause: 'x' }));
    expect(await asked).toMatchObject({ error: { kind: 'DelegateError.ExecutionError' } });
    expect(await stateOf(again)).toBe('waiting');
  });

  it('an error without a key fails everything outstanding, and what waited goes on', async () => {
    const { socket, node } = await lab();
    const get = node.get({ instance: INSTANCE });
    const behind = node.get({ instance: INSTANCE, returnContractCode: true });
    const subscribed = node.subscribe({ instance: INSTANCE });
    const asked = node.askDelegate(ask(1));
    socket.fails({ type: 'OperationError', cause: 'no peers' });
    for (const call of [get, subscribed, asked]) {
      expect(await call).toEqual({
        ok: false,
        error: { type: 'Refused', kind: 'OperationError', text: 'no peers' },
      });
    }
    expect(await stateOf(behind)).toBe('waiting');
    socket.answers(found);
    expect(await behind).toMatchObject({ ok: true });
  });

  it('a refused update alone on its connection has a certain outcome', async () => {
    const { socket, node } = await lab();
    const update = node.update(delta(1));
    socket.fails({ type: 'OperationError', cause: 'invalid' });
    expect(await update).toMatchObject({ error: { type: 'Refused', text: 'invalid' } });
    expect(socket.closes).toBe(0);
  });

  it('an update that may not have been meant by an error ends the connection', async () => {
    const { socket, node, ends } = await lab();
    const get = node.get({ instance: INSTANCE });
    const update = node.update(delta(1));
    socket.fails({ type: 'OperationError', cause: 'invalid' });
    expect(await update).toMatchObject({ error: { type: 'Refused' } });
    expect(await get).toMatchObject({ error: { type: 'Refused' } });
    await settled();
    expect(ends).toMatchObject([{ type: 'UnknownOutcome' }]);
    expect(socket.closes).toBe(1);
  });

  it('so does one refused while the answer of a request that gave up is still owed', async () => {
    const { socket, clock, node } = await lab();
    void node.get({ instance: INSTANCE, timeoutMs: 1_000 });
    await clock.advance(1_000);
    const update = node.update(delta(1));
    socket.fails({ type: 'OperationError', cause: 'whose?' });
    expect(await update).toMatchObject({ error: { type: 'Refused' } });
    expect(socket.closes).toBe(1);
  });

  it('so does one refused after an error had failed several readers, all but one of which are still answered', async () => {
    const { socket, node } = await lab();
    void node.get({ instance: INSTANCE });
    void node.get({ instance: OTHER_CONTRACT.instance });
    socket.fails({ type: 'PeerNotJoined' });
    const update = node.update(delta(1));
    socket.fails({ type: 'PeerNotJoined' });
    expect(await update).toMatchObject({ error: { type: 'Refused', kind: 'PeerNotJoined' } });
    expect(socket.closes).toBe(1);
  });

  it('an update without an answer ends the connection after 65 seconds, a get does not', async () => {
    const { socket, clock, node } = await lab();
    const get = node.get({ instance: INSTANCE });
    await clock.advance(65_000);
    expect(await get).toMatchObject({ error: { type: 'Timeout', afterMs: 65_000 } });
    expect(socket.closes).toBe(0);
    const update = node.update(delta(1));
    const put = node.put({ contract: container, state: bytes(), timeoutMs: 100_000 });
    await clock.advance(65_000);
    expect(await update).toMatchObject({ error: { type: 'Timeout', request: 'Update' } });
    expect(await put).toEqual({ ok: false, error: openOutcome('Update') });
    expect(socket.closes).toBe(1);
  });

  it('a put without an answer ends the connection', async () => {
    const { socket, clock, node } = await lab();
    void node.put({ contract: container, state: bytes() });
    await clock.advance(65_000);
    expect(socket.closes).toBe(1);
  });

  it("notifications are nobody's answer, an unknown one included", async () => {
    const { socket, node, unsolicited } = await lab();
    const get = node.get({ instance: INSTANCE });
    const update = { type: 'State', state: bytes(5) } as const;
    socket.answers(contract({ type: 'UpdateNotification', key: CONTRACT, update }));
    socket.receives(bytesOf('00*8 02 00*3 11*32 22*32 07 00*3 ab'));
    expect(await stateOf(get)).toBe('waiting');
    expect(unsolicited).toEqual([
      { type: 'UpdateNotification', key: CONTRACT, update },
      {
        type: 'UpdateNotification',
        key: CONTRACT,
        update: { type: 'unknown', of: 'UpdateData', tag: 7 },
      },
    ]);
  });
});

describe('the end of a connection', () => {
  it('by us closes the socket and everything that waits', async () => {
    const { socket, clock, node, ends } = await lab();
    const sent = node.askDelegate(ask(1));
    const queued = node.askDelegate(ask(2));
    node.close();
    node.close();
    const reason = { type: 'ByUs' };
    expect(await sent).toEqual({ ok: false, error: { type: 'Closed', sent: true, reason } });
    expect(await queued).toEqual({ ok: false, error: { type: 'Closed', sent: false, reason } });
    await settled();
    expect(ends).toEqual([reason]);
    expect(socket.closes).toBe(1);
    expect(clock.sleeping).toBe(0);
  });

  it('by the other side says how', async () => {
    const { socket, node } = await lab();
    const asked = node.askDelegate(ask(1, true));
    socket.drops(1006);
    const reason = { type: 'Lost', code: 1006, text: '' };
    expect(await asked).toEqual({ ok: false, error: { type: 'Closed', sent: true, reason } });
    expect(await node.closed).toEqual(reason);
  });

  it('with code 4401 is an invalid token, for later calls too', async () => {
    const { socket, node } = await lab();
    const asked = node.askDelegate(ask(1));
    socket.drops(4401, 'AUTH_TOKEN_INVALID');
    expect(await asked).toEqual({ ok: false, error: { type: 'TokenInvalid' } });
    expect(await node.closed).toEqual({ type: 'TokenInvalid' });
    expect(await node.get({ instance: INSTANCE })).toEqual({
      ok: false,
      error: { type: 'TokenInvalid' },
    });
  });

  it('is announced by an older node with an error before a bare close', async () => {
    const { socket, node } = await lab();
    const asked = node.askDelegate(ask(1));
    socket.fails({ type: 'Unhandled', cause: 'AUTH_TOKEN_INVALID: unknown token' });
    socket.drops(1005);
    expect(await asked).toEqual({ ok: false, error: { type: 'TokenInvalid' } });
  });

  it('is not announced by a guest that says the same words', async () => {
    const { socket, node, ends } = await lab();
    const asked = node.askDelegate(ask(1));
    socket.fails(delegateError({ type: 'ExecutionError', cause: 'AUTH_TOKEN_INVALID: no' }));
    expect(await asked).toMatchObject({ error: { type: 'Refused' } });
    expect(ends).toEqual([]);
  });

  const UNREADABLE: readonly [string, (socket: ScriptedSocket) => void, object][] = [
    [
      'bytes that are no response',
      (socket) => socket.receives(bytesOf('00*4 01 00*3 33*10')),
      { path: 'Ok.DelegateResponse.key.key' },
    ],
    ['text', (socket) => socket.delivers('hello'), { reason: 'a message that is not binary' }],
    [
      'a chunk out of range',
      (socket) =>
        socket.answers({ type: 'StreamChunk', streamId: 0, index: 2, total: 2, data: bytes() }),
      { path: 'StreamChunk', reason: 'chunk 2 of 2' },
    ],
    [
      'chunks of chunks',
      (socket) => {
        const chunk = { type: 'StreamChunk', streamId: 0, index: 0, total: 1 } as const;
        const data = encodeHostResult(ok({ ...chunk, data: bytes() }));
        socket.answers({ ...chunk, data });
      },
      { path: 'StreamChunk', reason: 'chunks of chunks' },
    ],
    [
      'chunks of no response',
      (socket) =>
        socket.answers({ type: 'StreamChunk', streamId: 0, index: 0, total: 1, data: bytes(9) }),
      { path: '' },
    ],
  ];

  it.each(UNREADABLE)('comes with %s, and nothing is thrown', async (_, send, where) => {
    const { socket, node } = await lab();
    const asked = node.askDelegate(ask(1));
    const queued = node.askDelegate(ask(2));
    send(socket);
    expect(await asked).toMatchObject({
      ok: false,
      error: { type: 'Protocol', side: 'answer', ...where },
    });
    expect(await queued).toMatchObject({ error: { type: 'Closed', sent: false } });
    expect(socket.closes).toBe(1);
  });

  it('comes with a handler that throws: what it should have taken would be lost', async () => {
    const { socket, node } = await lab(() => {
      throw new Error('disk full');
    });
    socket.answers(answer(DELEGATE, message(1)));
    expect(await node.closed).toEqual({ type: 'HandlerFailed', reason: 'disk full' });
    expect(socket.closes).toBe(1);
  });

  it('comes with an answer that cannot be judged', async () => {
    const { socket, node } = await lab();
    const asked = node.askDelegate({
      ...ask(1),
      accepts: () => {
        throw new Error('not CBOR');
      },
    });
    socket.answers(answer(DELEGATE, message(1)));
    expect(await asked).toEqual({
      ok: false,
      error: { type: 'Closed', sent: true, reason: { type: 'HandlerFailed', reason: 'not CBOR' } },
    });
  });

  it('may be called for while an answer is judged', async () => {
    const { socket, node } = await lab();
    const asked = node.askDelegate({
      ...ask(1),
      accepts: () => {
        node.close();
        return true;
      },
    });
    const queued = node.askDelegate(ask(2));
    socket.answers(answer(DELEGATE, message(1)));
    expect(await asked).toMatchObject({ error: { type: 'Closed', sent: true } });
    expect(await queued).toMatchObject({ error: { type: 'Closed', sent: false } });
    expect(payloadsSent(socket)).toEqual([1]);
  });

  it('comes with a socket that cannot send', async () => {
    const { socket, node } = await lab();
    socket.sendFailure = new Error('still in CONNECTING state');
    const reason = { type: 'Lost', code: 1006, text: 'still in CONNECTING state' };
    expect(await node.askDelegate(ask(1))).toEqual({
      ok: false,
      error: { type: 'Closed', sent: true, reason },
    });
    expect(await node.closed).toEqual(reason);
  });
});

describe('a connection that is closing', () => {
  it('is given no request any more, and the caller knows that none was sent', async () => {
    const { socket, node } = await lab();
    socket.closing();
    const reason = { type: 'Lost', code: 1006, text: 'the connection is closing' };
    expect(await node.askDelegate(ask(1))).toEqual({
      ok: false,
      error: { type: 'Closed', sent: false, reason },
    });
    expect(await node.closed).toEqual(reason);
    expect(socket.frames).toEqual([]);
  });
});

describe('long messages', () => {
  it('are sent in chunks, each stream under a number of its own', async () => {
    const { socket, node } = await lab();
    const long = new Uint8Array(600_000).fill(7);
    void node.askDelegate({ ...ask(1), payloads: [long] });
    void node.askDelegate({ ...ask(1, false, OTHER), payloads: [long] });
    expect(socket.frames).toHaveLength(6);
    expect(socket.frames.map((frame) => frame[4])).toEqual([0, 0, 0, 1, 1, 1]); // stream_id
    expect(payloadsSent(socket)).toEqual([7, 7]);
    expect(node.counters.requests).toBe(2);
  });

  it('are received in chunks, their header ignored', async () => {
    const { socket, node, unsolicited } = await lab();
    const get = node.get({ instance: INSTANCE });
    const state = new Uint8Array(700_000).fill(5);
    const whole = encodeHostResult(
      ok(contract({ type: 'GetResponse', key: CONTRACT, contract: undefined, state })),
    );
    socket.answers({
      type: 'StreamHeader',
      streamId: 0,
      totalBytes: BigInt(whole.length),
      content: { type: 'GetResponse', key: CONTRACT, includesContract: false },
    });
    const frames = responseFrames(whole, 0);
    for (const frame of frames.ok ? frames.value : []) socket.receives(frame);
    const result = await get;
    expect(
      result.ok && result.value.type === 'Found' && equalBytes(result.value.state, state),
    ).toBe(true);
    expect(unsolicited).toEqual([]);
  });

  it('beyond 64 MiB are not sent at all', async () => {
    const { socket, node, ends } = await lab();
    const payloads = [new Uint8Array(67_108_864)];
    expect(await node.askDelegate({ ...ask(1, true), payloads })).toMatchObject({
      ok: false,
      error: { type: 'TooLarge', limit: 67_108_864 },
    });
    expect(socket.frames).toEqual([]);
    expect(ends).toEqual([]);
  });

  it('that cannot be written are not sent, and say where', async () => {
    const { socket, node, ends } = await lab();
    const key = { ...DELEGATE, codeHash: bytes(1) };
    expect(await node.askDelegate(ask(1, true, key))).toEqual({
      ok: false,
      error: {
        type: 'Protocol',
        side: 'request',
        path: 'DelegateOp.request.ApplicationMessages.key.codeHash',
        reason: '1 bytes instead of 32',
      },
    });
    expect(socket.frames).toEqual([]);
    expect(ends).toEqual([]);
  });
});

describe('counters', () => {
  it('count what crosses the socket, chunk wrapping included', async () => {
    const { socket, node } = await lab();
    expect(node.counters).toEqual({ bytesSent: 0, bytesReceived: 0, requests: 0 });
    const long: DelegateAsk = { ...ask(7), payloads: [new Uint8Array(600_000).fill(7)] };
    const asked = node.askDelegate(long);
    const sent = socket.frames.reduce((sum, frame) => sum + frame.length, 0);
    const whole = encodeClientRequest(socket.requests[0] ?? { type: 'Close' });
    const frames = requestFrames(whole, 0);
    expect(frames.ok && [...frames.value].reduce((sum, frame) => sum + frame.length, 0)).toBe(sent);
    socket.answers(answer(DELEGATE, message(7)));
    expect(await asked).toMatchObject({ ok: true });
    const received = encodeHostResult(ok(answer(DELEGATE, message(7)))).length;
    expect(node.counters).toEqual({ bytesSent: sent, bytesReceived: received, requests: 1 });
  });

  it('do not count what was never sent', async () => {
    const { node } = await lab();
    void node.askDelegate(ask(1));
    void node.askDelegate(ask(2));
    expect(node.counters.requests).toBe(1);
  });
});
