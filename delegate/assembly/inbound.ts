import { Bytes } from './bytes.ts';
import { isUtf8 } from './utf8.ts';

/*
 * What the node calls the delegate with, in bincode 1: little-endian integers of fixed width, u64 lengths, u32 variants.
 *
 * Format: freenet-stdlib: rust/src/delegate_interface.rs (InboundDelegateMsg, MessageOrigin).
 */

class BincodeReader {
  failed: bool = false;
  private at: usize;
  private end: usize;

  constructor(bytes: Bytes) {
    this.at = bytes.pointer;
    this.end = bytes.pointer + bytes.length;
  }

  /** A view of the next `length` bytes; empty after a failure. */
  raw(length: u64): Bytes {
    if (this.failed || length > <u64>(this.end - this.at)) {
      this.failed = true;
      return new Bytes(this.at, 0);
    }
    const bytes = new Bytes(this.at, <u32>length);
    this.at += <usize>length;
    return bytes;
  }

  u32(): u32 {
    const bytes = this.raw(4);
    return this.failed ? 0 : load<u32>(bytes.pointer);
  }

  private u64(): u64 {
    const bytes = this.raw(8);
    return this.failed ? 0 : load<u64>(bytes.pointer);
  }

  bytes(): Bytes {
    return this.raw(this.u64());
  }

  bool(): bool {
    const bytes = this.raw(1);
    const value = this.failed ? 0 : bytes.at(0);
    if (value > 1) this.failed = true;
    return value == 1;
  }

  text(): void {
    if (!isUtf8(this.bytes())) this.failed = true;
  }
}

export const APPLICATION_MESSAGE: u32 = 0;
export const SUBSCRIBE_CONTRACT_RESPONSE: u32 = 5;
export const CONTRACT_NOTIFICATION: u32 = 6;

/** What the message is called in an error, by its number. */
export const INBOUND_NAMES: StaticArray<string> = [
  'application message',
  'user response',
  'get contract response',
  'put contract response',
  'update contract response',
  'subscribe contract response',
  'contract notification',
  'delegate message',
];

export class Inbound {
  kind: u32 = 0;
  /** Of an application message. */
  payload: Bytes = new Bytes(0, 0);
  /** Of an application message. */
  processed: bool = false;
  /** Of a contract notification: 32 bytes. */
  contract: Bytes = new Bytes(0, 0);
  /** Of a contract notification. */
  state: Bytes = new Bytes(0, 0);
}

/** Null when the bytes are no such message. */
export function decodeInbound(bytes: Bytes): Inbound | null {
  const from = new BincodeReader(bytes);
  const message = new Inbound();
  message.kind = from.u32();
  switch (message.kind) {
    case 0: {
      message.payload = from.bytes();
      from.bytes(); // context
      message.processed = from.bool();
      break;
    }
    case 1: {
      from.u32(); // request id
      from.bytes(); // response
      from.bytes(); // context
      break;
    }
    case 2: {
      from.raw(32); // contract
      if (from.bool()) from.bytes(); // state
      from.bytes(); // context
      break;
    }
    case 3:
    case 4:
    case 5: {
      from.raw(32); // contract
      const failure = from.u32();
      if (failure == 1) from.text();
      if (failure > 1) from.failed = true;
      from.bytes(); // context
      break;
    }
    case 6: {
      message.contract = from.raw(32);
      message.state = from.bytes();
      from.bytes(); // context
      break;
    }
    case 7: {
      from.raw(128); // target and sender: a key and a code hash each
      from.bytes(); // payload
      from.bytes(); // context
      from.bool(); // processed
      break;
    }
    default:
      from.failed = true;
  }
  return from.failed ? null : message;
}

/** No origin, or one that cannot be read. */
export const NO_ORIGIN: u32 = 0;
export const WEB_APP: u32 = 1;
export const OTHER_DELEGATE: u32 = 2;

export class Origin {
  kind: u32;
  /** The web app's contract id, or the delegate's key: 32 bytes. */
  id: Bytes;

  constructor(kind: u32, id: Bytes) {
    this.kind = kind;
    this.id = id;
  }
}

/** Who sent an application message, as the node attests it. */
export function decodeOrigin(bytes: Bytes): Origin {
  const from = new BincodeReader(bytes);
  const tag = from.u32();
  const id = from.raw(32);
  if (tag == 1) from.raw(32); // code hash of a delegate
  if (from.failed || tag > 1) return new Origin(NO_ORIGIN, new Bytes(0, 0));
  return new Origin(tag == 0 ? WEB_APP : OTHER_DELEGATE, id);
}
