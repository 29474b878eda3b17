import { main } from 'assemblyscript/asc';

/**
 * Compiles a guest written in AssemblyScript, for one test run. It imports nothing but what its source declares.
 *
 * @throws Error with the compiler's messages
 */
export async function compileGuest(source: string): Promise<Uint8Array> {
  let wasm: Uint8Array | undefined;
  const messages: string[] = [];
  const options = '--outFile out.wasm --runtime stub --noAssert --use abort='.split(' ');
  const { error } = await main(['guest.ts', ...options], {
    stderr: { write: (text: string) => messages.push(text) },
    readFile: (name) => (name === 'guest.ts' ? `${GUEST_BUFFERS}\n${source}` : null),
    writeFile: (_name, contents) => {
      if (typeof contents !== 'string') wasm = contents;
    },
    listFiles: () => [],
  });
  if (error || !wasm) throw new Error(`the guest does not compile\n${messages.join('')}`);
  return wasm;
}

/** What every guest has: buffers for its arguments, and bytes to answer with. */
const GUEST_BUFFERS = `
export function __frnt__initiate_buffer(capacity: u32): i64 {
  const builder = heap.alloc(32);
  const cells = heap.alloc(8);
  store<u64>(cells, 0);
  store<u64>(builder, heap.alloc(max(capacity, 1)));
  store<u32>(builder, capacity, 8);
  store<u64>(builder, cells, 16);
  store<u64>(builder, cells + 4, 24);
  return builder;
}

const startOf = (builder: i64): usize => <usize>load<u64>(<usize>builder);
const lengthOf = (builder: i64): u32 => load<u32>(<usize>load<u64>(<usize>builder, 24));

let out: usize = 0;
let size: u32 = 0;
function begin(capacity: u32): void { out = heap.alloc(capacity + 1024); size = 0; }
function u8s(v: u8): void { store<u8>(out + size, v); size += 1; }
function u32s(v: u32): void { store<u32>(out + size, v); size += 4; }
function u64s(v: u64): void { store<u64>(out + size, v); size += 8; }
function raw(at: usize, len: u32): void { memory.copy(out + size, at, len); size += len; }
function fill(v: u8, len: u32): void { memory.fill(out + size, v, len); size += len; }
`;
