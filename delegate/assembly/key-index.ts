import { Bytes } from './bytes.ts';
import { CborReader } from './cbor-reader.ts';
import { CborWriter } from './cbor-writer.ts';
import { getSecret, setSecret } from './secrets.ts';

/**
 * Every key that is stored and not deleted, in the order of the first stores: CBOR {"keys": [[ints], …]}.
 *
 * One that cannot be read counts as empty, so that the next store replaces it; the values stay where they are.
 */
export class KeyIndex {
  keys: Bytes[] = [];
  private name: Bytes;

  constructor(name: Bytes) {
    this.name = name;
    const stored = getSecret(name);
    if (stored) this.read(stored);
  }

  private read(stored: Bytes): void {
    const from = new CborReader(stored);
    let found = false;
    let left = from.map();
    while (from.hasMore(left)) {
      if (!from.name().equalsText('keys')) {
        from.skip();
      } else {
        if (found) from.fail();
        found = true;
        let keysLeft = from.array();
        while (from.hasMore(keysLeft)) {
          this.keys.push(from.bytes());
          if (keysLeft > 0) keysLeft -= 1;
        }
        from.leave();
      }
      if (left > 0) left -= 1;
    }
    if (from.failed || !found) this.keys = [];
  }

  private indexOf(key: Bytes): i32 {
    for (let i = 0; i < this.keys.length; i++) {
      if (this.keys[i].equals(key)) return i;
    }
    return -1;
  }

  /** Adds the key if it is missing. False when the node has not stored the index. */
  add(key: Bytes): bool {
    if (this.indexOf(key) >= 0) return true;
    this.keys.push(key);
    return this.save();
  }

  /** Removes the key wherever it is listed. False when the node has not stored the index. */
  remove(key: Bytes): bool {
    const kept: Bytes[] = [];
    for (let i = 0; i < this.keys.length; i++) {
      if (!this.keys[i].equals(key)) kept.push(this.keys[i]);
    }
    this.keys = kept;
    return this.save();
  }

  private save(): bool {
    const to = new CborWriter();
    to.map(1);
    to.textItem('keys');
    this.writeKeys(to);
    return setSecret(this.name, to.finish());
  }

  writeKeys(to: CborWriter): void {
    to.array(this.keys.length);
    for (let i = 0; i < this.keys.length; i++) to.integers(this.keys[i]);
  }
}
