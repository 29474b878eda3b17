import { encodeQR } from 'qr';
import { utf8 } from '../../shared/bytes.ts';

/** What fits into the largest code, with the least correction: a private room of many secrets may need more. */
const MAX_BYTES = 2_953;
/** Modules of quiet around the code, as ISO/IEC 18004 wants. */
const QUIET = 4;

/** A QR code as a drawing. */
export interface QrCode {
  /** Modules along a side, the quiet ones included. */
  readonly size: number;
  /** The dark modules as an SVG path; a module is one unit. */
  readonly path: string;
}

/** @returns undefined when the text is longer than any code can hold */
export function qrCode(text: string): QrCode | undefined {
  if (utf8(text).length > MAX_BYTES) return undefined;
  const rows = encodeQR(text, 'raw', { ecc: 'low', encoding: 'byte', border: QUIET });
  const runs: string[] = [];
  for (const [y, row] of rows.entries()) {
    for (let x = 0; x < row.length; x++) {
      if (!row[x]) continue;
      const from = x;
      while (row[x + 1]) x++;
      runs.push(`M${from} ${y}h${x + 1 - from}v1H${from}z`);
    }
  }
  return { size: rows.length, path: runs.join('') };
}
