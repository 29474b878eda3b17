import type { SealedBytes } from '../room-state/sealed-bytes.ts';
import { openSealed, type SecretsByVersion } from '../secrets.ts';

const lossy = new TextDecoder('utf-8', { ignoreBOM: true });

/** A name, nickname or description as text; a placeholder where it can't be opened. */
export const sealedText = (sealed: SealedBytes, secrets: SecretsByVersion): string =>
  openedText(sealed, secrets) ?? placeholder(sealed);

/** Undefined where it can't be opened. */
export function openedText(sealed: SealedBytes, secrets: SecretsByVersion): string | undefined {
  const bytes = sealed.type === 'Public' ? sealed.value : openSealed(sealed, secrets);
  return bytes && lossy.decode(bytes);
}

const placeholder = (sealed: SealedBytes): string =>
  sealed.type === 'Public'
    ? ''
    : `[Encrypted: ${sealed.declaredLenBytes} bytes, v${sealed.secretVersion}]`;
