import { beforeAll, describe, expect, test } from 'vitest';
import { builtDelegate } from '../../delegate/compile.ts';
import { readVectors } from '../../tests/support/vectors.ts';
import { delegateProtocol } from './delegate-protocol.ts';
import { checkDelegateStore } from './delegate-store.ts';
import { JsonValue } from './json.ts';
import type { Report, VectorFile } from './runner.ts';

type Json = Record<string, unknown>;

class Collected implements Report {
  readonly passed: string[] = [];
  readonly failed: string[] = [];
  readonly skipped: string[] = [];

  pass(name: string): void {
    this.passed.push(name);
  }

  fail(name: string, why: string): void {
    this.failed.push(`${name}: ${why}`);
  }

  notCovered(name: string): void {
    this.skipped.push(name);
  }
}

const fileOf = (root: unknown): VectorFile => ({ path: 'a file', root: new JsonValue(root) });
const runner = delegateProtocol({});

async function run(root: unknown): Promise<Collected> {
  const report = new Collected();
  await runner.run(fileOf(root), report);
  return report;
}

beforeAll(async () => {
  await builtDelegate();
}, 120_000);

describe('the recorded protocol', () => {
  test('passes as it is, every step and the store at the end', async () => {
    const root = readVectors<{ steps: Json[] }>('delegate-protocol');
    expect(runner.matches(fileOf(root))).toBe(true);
    const report = await run(root);
    expect(report.failed).toEqual([]);
    expect(report.passed).toHaveLength(root.steps.length + 1);
  }, 60_000);

  test('passes through a node’s WebSocket, and what is another is seen there too', async () => {
    const overNode = delegateProtocol({ overWebsocket: true });
    const root = readVectors<{ steps: Json[]; store_after: Json }>('delegate-protocol');
    const report = new Collected();
    await overNode.run(fileOf(root), report);
    expect(report.failed).toEqual([]);
    expect(report.passed).toHaveLength(root.steps.length);
    expect(report.skipped).toEqual(['error-delegate-origin (no client can have its origin)']);

    const [first] = root.steps;
    const wrong = { ...first, expect: { responses: ['f6'] } };
    const other = new Collected();
    await overNode.run(fileOf({ steps: [wrong], store_after: root.store_after }), other);
    expect(other.failed).toEqual([
      expect.stringMatching(/: responses: expected f6 but got /),
      expect.stringMatching(/^store_after: /),
    ]);
  }, 60_000);

  // each change of what is expected must be seen
  const changes: [string, string, (expected: Json) => void, RegExp][] = [
    [
      'a response',
      'store-first',
      (e) => (e['responses'] = ['f6']),
      /responses: expected f6 but got/,
    ],
    ['no response', 'list-empty', (e) => (e['responses'] = []), /responses: expected {2}but got/],
    [
      'a stored value',
      'store-first',
      (e) => setStored(e, '00'),
      /store_changes, "Do.*: expected 00/,
    ],
    ['a change that is not there', 'get-missing', (e) => setStored(e, '00'), /"k": missing/],
    [
      'a change that is not named',
      'cas-first-write',
      (e) => delete e['store_changes'],
      /not expected/,
    ],
    ['a removal', 'delete', (e) => setRemoved(e), /expected f6 but got null/],
    [
      'the kind of an error',
      'error-no-origin',
      (e) => setKind(e, 'Deser'),
      /expected Deser but got Other/,
    ],
    ['an error', 'list-empty', (e) => setKind(e, 'Deser'), /expected Deser but got an answer/],
    ['an answer', 'error-not-cbor', (e) => delete e['error'], /expected an answer but got Deser/],
    [
      'what goes to the node',
      'subscribe',
      (e) => delete e['to_node'],
      /to_node: expected {2}but got Sub/,
    ],
  ];

  function setStored(expected: Json, value: string): void {
    const stored = (expected['store_changes'] ?? { '6b': '' }) as Json;
    for (const key of Object.keys(stored)) stored[key] = value;
    expected['store_changes'] = stored;
  }

  function setRemoved(expected: Json): void {
    const stored = expected['store_changes'] as Json;
    for (const [key, value] of Object.entries(stored)) if (value === null) stored[key] = 'f6';
  }

  function setKind(expected: Json, kind: string): void {
    expected['error'] = { kind };
  }

  test.each(changes)('fails when %s of %s is another', async (_what, step, change, why) => {
    const root = readVectors<{ steps: Json[]; store_after?: Json }>('delegate-protocol');
    delete root.store_after;
    const changed = root.steps.find(({ name }) => name === step);
    change(changed?.['expect'] as Json);
    const report = await run(root);
    expect(report.failed).toHaveLength(1);
    expect(report.failed[0]).toMatch(new RegExp(`^${step}: `));
    expect(report.failed[0]).toMatch(why);
  });

  test('fails when the store at the end is another', async () => {
    const root = readVectors<{ store_after: Json }>('delegate-protocol');
    root.store_after['6b'] = '00';
    expect((await run(root)).failed).toEqual(['store_after: store_after, "k": missing']);
  });
});

describe('other files of the form', () => {
  const origin = '11'.repeat(32);
  const list = { kind: 'application_message', origin, request: '6b4c69737452657175657374' };
  const empty = 'a16c4c697374526573706f6e7365a1646b65797380';

  test('hex may be in capitals, and what is not there is nothing', async () => {
    const step = { ...list, name: 'list', request: list.request.toUpperCase() };
    const report = await run({
      steps: [{ ...step, expect: { responses: [empty.toUpperCase()] } }],
    });
    expect(report).toMatchObject({ passed: ['list'], failed: [], skipped: [] });
  });

  test('a kind of step that is not known is listed by name', async () => {
    const steps = [{ name: 'a timer', kind: 'timer', expect: {} }];
    expect((await run({ steps })).skipped).toEqual(['a timer (a step of kind timer)']);
  });

  test.each([
    ['steps.0: no field "kind"', { ...list, kind: undefined }],
    ['steps.0.request: expected hex digits', { ...list, request: 'xyz' }],
    ['steps.0.origin: expected 32 bytes', { ...list, origin: '00' }],
    ['steps.0.origin: no field "code_hash"', { ...list, origin: { delegate: origin } }],
    ['steps.0.expect: no field "kind"', { ...list, expect: { to_node: [{}] } }],
  ])('a file in which something is wrong is refused: %s', async (why, step) => {
    const root = { steps: [{ name: 'x', expect: { responses: [] }, ...step }] };
    const pattern = why.replace('expect: no', 'expect.to_node.0: no');
    await expect(run(JSON.parse(JSON.stringify(root)))).rejects.toThrow(pattern);
  });

  test('files of other forms are not taken for it', () => {
    for (const root of [null, 7, [], {}, { steps: {} }, { cases: [] }, 'steps']) {
      expect(runner.matches(fileOf(root))).toBe(false);
    }
  });
});

describe('a user’s data in the delegate', () => {
  interface UserData {
    readonly delegate_store_requests: Json[];
    readonly delegate_store_after: Json;
  }

  async function check(root: UserData): Promise<Collected> {
    const report = new Collected();
    await checkDelegateStore(fileOf(root), report);
    return report;
  }

  test('comes to lie there as it was recorded', async () => {
    const root = readVectors<UserData>('user-data');
    const report = await check(root);
    expect(report.failed).toEqual([]);
    expect(report.passed).toHaveLength(root.delegate_store_requests.length + 1);
  }, 60_000);

  test('fails when a response or the store is another', async () => {
    const root = readVectors<UserData>('user-data');
    const [first] = root.delegate_store_requests;
    if (first) first['response'] = 'f6';
    root.delegate_store_after['6b'] = '00';
    const report = await check(root);
    expect(report.failed).toHaveLength(2);
    expect(report.failed[0]).toMatch(
      /^delegate_store_requests 0 The room .*: response: .*expected f6/,
    );
    expect(report.failed[1]).toBe('delegate_store_after: delegate_store_after, "k": missing');
  }, 60_000);
});
