import type { SealedBytes } from '../room-state/sealed-bytes.ts';
import { openSealed, type SecretsByVersion } from '../secrets.ts';

const lossy = new TextDecoder('utf-8', { ignoreBOM: true });

/** A name, nickname or description as text; a placeholder where it can't be opened. */
export function sealedText(sealed: SealedBytes, secrets: SecretsByVersion): string {
  if (sealed.type === 'Public') return lossy.decode(sealed.value);
  const bytes = openSealed(sealed, secrets);
  if (bytes !== undefined) return lossy.decode(bytes);
  return `[Encrypted: ${sealed.declaredLenBytes} bytes, v${sealed.secretVersion}]`;
}
