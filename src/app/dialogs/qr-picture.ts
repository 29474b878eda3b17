import { decodeQR } from 'qr/decode.js';
import { err, ok, type Result } from '../../shared/result.ts';

const MAX_FILE_BYTES = 24 * 1024 * 1024;
/** A photograph of any telephone is smaller. */
const MAX_PIXELS = 64_000_000;
/** Larger pictures are looked at smaller: a code that a person can photograph has fewer details. */
const LONGEST_SIDE = 2_048;
const MAX_SEARCH_MS = 2_000;

export type PictureError = 'too-large' | 'no-picture' | 'no-code';

/** Reads the QR code in a picture. What is in it is anybody's text: the caller judges it. */
export async function qrInPicture(file: Blob): Promise<Result<string, PictureError>> {
  if (file.size > MAX_FILE_BYTES) return err('too-large');
  let picture: ImageBitmap;
  try {
    picture = await createImageBitmap(file);
  } catch {
    return err('no-picture');
  }
  try {
    if (picture.width * picture.height > MAX_PIXELS) return err('too-large');
    const image = pixelsOf(picture);
    return image ? decoded(image) : err('no-picture');
  } finally {
    picture.close();
  }
}

/** On white, so that a code on a transparent ground has its contrast. */
function pixelsOf(picture: ImageBitmap): ImageData | undefined {
  const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
  const width = Math.max(1, Math.round(picture.width * scale));
  const height = Math.max(1, Math.round(picture.height * scale));
  const context = new OffscreenCanvas(width, height).getContext('2d');
  if (!context) return undefined;
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, width, height);
  context.drawImage(picture, 0, 0, width, height);
  return context.getImageData(0, 0, width, height);
}

function decoded({ width, height, data }: ImageData): Result<string, PictureError> {
  try {
    return ok(decodeQR({ width, height, data }, { timeLimit: MAX_SEARCH_MS }));
  } catch {
    return err('no-code');
  }
}
