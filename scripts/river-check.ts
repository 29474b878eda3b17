// Runs River's compiled room contract and chat delegate beside Weir's on random rooms, updates, merge orders, encodings and
// histories of requests, and every tenth room through the WebSockets of two hosts.
//   node --import tsx scripts/river-check.ts [--rooms N] [--seed N] DIR
// DIR is a checkout of River; nothing of it is read but its compiled contract and delegate.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadContract } from '../host/wasm/contract-host.ts';
import { Dice } from '../src/river/testing/dice.ts';
import { chooseVerifier } from '../src/river/signatures/verifier.ts';
import { RiverContract, WeirContract } from './river-check/contracts.ts';
import { delegateUnderTest } from './conformance/delegate-run.ts';
import { checkDelegates } from './river-check/delegates.ts';
import { checkEncodings } from './river-check/encodings.ts';
import { checkHistory } from './river-check/history.ts';
import { checkSignatures } from './river-check/signatures.ts';
import { Tally } from './river-check/tally.ts';
import { TwoHosts } from './river-check/through-host.ts';

const USAGE = 'usage: node --import tsx scripts/river-check.ts [--rooms N] [--seed N] DIR';

/** A room through two hosts takes as long as several without. */
const HOSTED_EVERY = 10;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    options: { rooms: { type: 'string' }, seed: { type: 'string' } },
    allowPositionals: true,
  });
  const [directory] = positionals;
  const rooms = Number(values.rooms ?? 1000);
  const seed = Number(values.seed ?? Date.now() % 1_000_000);
  if (directory === undefined || !(rooms > 0) || !Number.isInteger(seed)) throw new Error(USAGE);
  const wasm = readFileSync(join(directory, 'ui/public/contracts/room_contract.wasm'));
  const loaded = loadContract(wasm);
  if (!loaded.ok) throw new Error(`the contract: ${JSON.stringify(loaded.error)}`);
  const river = new RiverContract(loaded.value);
  const [riverDelegate, weirDelegate] = await Promise.all([
    delegateUnderTest({ delegate: join(directory, 'ui/public/contracts/chat_delegate.wasm') }),
    delegateUnderTest({}),
  ]);
  const weir = new WeirContract(await chooseVerifier(globalThis.crypto.subtle));

  const hosts = await TwoHosts.start(wasm);
  say(`seed ${seed}, ${rooms} rooms`);
  const tally = new Tally(say);
  await checkSignatures(river, weir, tally);
  for (let i = 0; i < rooms; i++) {
    const dice = new Dice(seed * 100_003 + i);
    tally.begin(`room ${i} of seed ${seed}`);
    const states = await checkHistory(dice, river, weir, tally);
    await checkEncodings(dice, river, weir, states, tally);
    checkDelegates(dice, riverDelegate, weirDelegate, tally);
    if (i % HOSTED_EVERY === 0) await hosts.check(dice, tally);
    if ((i + 1) % 100 === 0) say(`${i + 1} rooms: ${tally.line}`);
  }
  await hosts.close();
  say(tally.details);
  say(tally.line);
  if (tally.failed > 0) process.exitCode = 1;
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
