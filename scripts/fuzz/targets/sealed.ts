import { NONCE_BYTES } from '../../../src/river/crypto/aes-gcm.ts';
import {
  openEnvelope,
  openSecret,
  sealEnvelope,
  sealSecretFor,
} from '../../../src/river/crypto/ecies.ts';
import { verifyingKeyOf } from '../../../src/river/keys.ts';
import { concatBytes } from '../../../src/shared/bytes.ts';
import { finding, loadedFrom, type Form, type Target } from '../target.ts';

const SEED = new Uint8Array(32).fill(7);
const SECRET = new Uint8Array(32).fill(9);
const BODY = Uint8Array.of(0x80, 0xa1, 0x64, 0x54, 0x65, 0x78, 0x74);

/** An envelope opens to what was sealed, or not at all. */
const envelope: Form = {
  name: 'envelope',
  check: ([bytes = new Uint8Array()]) => {
    const body = openEnvelope(bytes, SEED);
    if (body === undefined) return 'refused';
    return body.length === bytes.length - 60
      ? 'accepted'
      : finding(`a body of ${body.length} bytes`);
  },
};

/** A member's copy of a room's secret: nonce, ephemeral key, then the ciphertext of any length. */
const secret: Form = {
  name: 'secret',
  check: ([bytes = new Uint8Array()]) => {
    const nonce = new Uint8Array(NONCE_BYTES);
    nonce.set(bytes.subarray(0, NONCE_BYTES));
    const senderEphemeralPublicKey = new Uint8Array(32);
    senderEphemeralPublicKey.set(bytes.subarray(NONCE_BYTES, NONCE_BYTES + 32));
    const ciphertext = bytes.slice(NONCE_BYTES + 32);
    const opened = openSecret({ nonce, senderEphemeralPublicKey, ciphertext }, SEED);
    if (opened === undefined) return 'refused';
    return opened.length === 32 ? 'accepted' : finding(`a secret of ${opened.length} bytes`);
  },
};

/** What is sealed to a person by others. */
export const sealed: Target = {
  name: 'sealed',
  format: 'bytes',
  load: () => {
    const me = verifyingKeyOf(SEED);
    const ephemeral = new Uint8Array(32).fill(5);
    const copy = sealSecretFor(SECRET, me);
    const message = sealEnvelope(BODY, me, ephemeral, new Uint8Array(NONCE_BYTES));
    if (!copy || !message) throw new Error('nothing can be sealed to this key');
    const packed = concatBytes([copy.nonce, copy.senderEphemeralPublicKey, copy.ciphertext]);
    const smallOrder = concatBytes([new Uint8Array(32), message.subarray(32)]);
    return loadedFrom([
      { form: envelope, seeds: [[message], [smallOrder]] },
      { form: secret, seeds: [[packed]] },
    ]);
  },
};
