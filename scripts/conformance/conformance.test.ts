import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { builtDelegate } from '../../delegate/compile.ts';
import { runConformance } from './command.ts';
import { JsonValue } from './json.ts';
import { readVectorFile } from './vector-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'weir-conformance-'));

beforeAll(async () => {
  await builtDelegate();
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe('the command', () => {
  const origin = '11'.repeat(32);
  const step = { kind: 'application_message', origin, request: '6b4c69737452657175657374' };
  const empty = 'a16c4c697374526573706f6e7365a1646b65797380';
  const steps = (...expected: string[]): string =>
    JSON.stringify({
      steps: expected.map((response, index) => ({
        ...step,
        name: `step ${index}`,
        expect: { responses: [response] },
      })),
    });

  async function run(...args: string[]): Promise<{ passed: boolean; lines: string[] }> {
    const lines: string[] = [];
    const passed = await runConformance(args, (line) => void lines.push(line));
    return { passed, lines };
  }

  test('counts over all files, names what failed, and fails with it', async () => {
    const good = file('good.json.gz', gzipSync(steps(empty)));
    const mixed = file('no-ending', steps(empty, 'f6'));
    expect(await run(good)).toEqual({ passed: true, lines: ['1 passed, 0 failed'] });
    const { passed, lines } = await run(good, mixed);
    expect(passed).toBe(false);
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/^failed: .*no-ending: step 1: responses: expected f6 but got a16c/);
    expect(lines[1]).toBe('2 passed, 1 failed');
  });

  test('lists what is not covered, which is no failure', async () => {
    const unknown = { name: 'a timer', kind: 'timer', expect: {} };
    const path = file('unknown.json', JSON.stringify({ steps: [unknown] }));
    const lines = ['not covered: a timer (a step of kind timer)', '0 passed, 0 failed'];
    expect(await run(path)).toEqual({ passed: true, lines });
  });

  test('says what is wrong with a file and goes on with the others', async () => {
    const { passed, lines } = await run(
      join(folder, 'missing'),
      file('text.json', 'no json'),
      file('other.json', '{"some": "thing"}'),
      file('good.json', steps(empty)),
    );
    expect(passed).toBe(false);
    expect(lines[0]).toMatch(/missing: the file: ENOENT/);
    expect(lines[1]).toMatch(/text\.json: the file: no JSON: /);
    expect(lines[2]).toMatch(/other\.json: the file: none of the known forms \(delegate protocol/);
    expect(lines[3]).toBe('1 passed, 3 failed');
  });

  test('runs another delegate when told to, or says why it cannot', async () => {
    const good = file('good.json', steps(empty));
    const { passed, lines } = await run('--delegate', file('no.wasm', 'no wasm'), good);
    expect(passed).toBe(false);
    expect(lines[0]).toMatch(/no\.wasm cannot be run: no WASM module that can be run/);
  });

  test('without files, or with an option it does not know, tells how it is used', async () => {
    for (const args of [[], ['--what']]) {
      const { passed, lines } = await run(...args);
      expect(passed).toBe(false);
      expect(lines.join()).toContain('usage: npm run -s conformance');
    }
  });
});

describe('a JSON value', () => {
  const value = new JsonValue({
    list: [{ hex: '0G', number: 1.5, text: 'x', flag: 1 }],
    null: null,
  });
  const item = value.field('list').items()[0] ?? value;

  test('names where something else was expected', () => {
    expect(() => value.field('missing')).toThrow('no field "missing"');
    expect(() => value.field('toString')).toThrow('no field "toString"');
    expect(() => value.field('null').field('x')).toThrow('null: expected an object');
    expect(() => value.text()).toThrow(/^expected a text$/);
    expect(() => item.field('hex').hex()).toThrow('list.0.hex: expected hex digits');
    expect(() => item.field('text').items()).toThrow('list.0.text: expected an array');
    expect(() => item.field('flag').flag()).toThrow('list.0.flag: expected true or false');
    expect(() => item.field('number').integer()).toThrow('list.0.number: expected an integer');
    expect(() => item.field('text').entries()).toThrow('list.0.text: expected an object');
  });

  test('gives what is there', () => {
    expect(item.field('text').text()).toBe('x');
    expect(value.optional('missing')).toBeUndefined();
    expect(new JsonValue('0aFF').hex()).toEqual(Uint8Array.of(10, 255));
    expect(value.entries().map(([key, { path }]) => [key, path])).toEqual([
      ['list', 'list'],
      ['null', 'null'],
    ]);
  });
});

test('a file that only begins like gzip is refused', () => {
  const path = file('broken.gz', Uint8Array.of(0x1f, 0x8b, 8, 0, 1, 2, 3));
  expect(() => readVectorFile(path)).toThrow('no JSON: ');
});
