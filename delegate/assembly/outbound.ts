import { Bytes, Writer } from './bytes.ts';

/*
 * What the delegate answers: Result<Vec<OutboundDelegateMsg>, DelegateError> in bincode 1.
 *
 * Format: freenet-stdlib: rust/src/delegate_interface.rs.
 */

const APPLICATION_MESSAGE: u32 = 0;
const UPDATE_CONTRACT_REQUEST: u32 = 5;
const SUBSCRIBE_CONTRACT_REQUEST: u32 = 6;

/** The variant of UpdateData that carries a delta. */
const DELTA: u32 = 1;

/** Error variants: what was sent could not be read; anything else. */
export const DESER: u32 = 0;
export const OTHER: u32 = 1;

/** Collects what one call sends, or the error that it ends with: an error leaves nothing else of the call. */
export class Outbox {
  private messages: Writer = new Writer();
  private count: u64 = 0;
  private errorKind: u32 = 0;
  private error: Bytes | null = null;

  private context(processed: bool): void {
    this.messages.u64(0); // no context
    this.messages.u8(processed ? 1 : 0);
  }

  /** A reply to the client. */
  reply(payload: Bytes): void {
    this.count += 1;
    this.messages.u32(APPLICATION_MESSAGE);
    this.messages.u64(payload.length);
    this.messages.raw(payload);
    this.context(true);
  }

  subscribe(contract: Bytes): void {
    this.count += 1;
    this.messages.u32(SUBSCRIBE_CONTRACT_REQUEST);
    this.messages.raw(contract);
    this.context(false);
  }

  update(contract: Bytes, delta: Bytes): void {
    this.count += 1;
    this.messages.u32(UPDATE_CONTRACT_REQUEST);
    this.messages.raw(contract);
    this.messages.u32(DELTA);
    this.messages.u64(delta.length);
    this.messages.raw(delta);
    this.context(false);
  }

  fail(kind: u32, why: Bytes): void {
    this.errorKind = kind;
    this.error = why;
  }

  encode(): Bytes {
    const result = new Writer();
    const error = this.error;
    if (error) {
      result.u32(1);
      result.u32(this.errorKind);
      result.u64(error.length);
      result.raw(error);
    } else {
      const messages = this.messages.finish();
      result.u32(0);
      result.u64(this.count);
      result.raw(messages);
    }
    return result.finish();
  }
}
