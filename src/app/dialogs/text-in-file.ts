import { err, ok, type Result } from '../../shared/result.ts';
import { joinText } from '../state/join-text.ts';
import { part } from '../state/part.ts';
import { text } from '../state/text.ts';

/** An identity of two hundred invitations in a row is shorter. */
const MAX_TEXT_BYTES = 300_000;

/** What a chosen file says: the QR code of a picture, or the text of any other file. The error is a sentence. */
export async function textInFile(file: Blob): Promise<Result<string, string>> {
  if (!file.type.startsWith('image/')) {
    if (file.size > MAX_TEXT_BYTES) return err(joinText.join.fileTooLarge);
    return ok(await file.text());
  }
  const pictures = await part(() => import('./qr-picture.ts')).catch(() => undefined);
  if (!pictures) return err(text.app.incompleteBody);
  const found = await pictures.qrInPicture(file);
  return found.ok ? found : err(joinText.join.picture[found.error]);
}
