import { utf8 } from '../../shared/bytes.ts';
import { hasHiddenCharacters } from '../../river/names/display-name.ts';
import { peopleText } from '../state/people-text.ts';

/** River's limit for a nickname in a new room, in bytes. */
export const DEFAULT_NICKNAME_BYTES = 50;

/** Why a typed nickname can't be taken, in words. @param maxBytes UTF-8 */
export function nicknameProblem(
  nickname: string,
  maxBytes = DEFAULT_NICKNAME_BYTES,
): string | undefined {
  if (nickname.trim() === '') return peopleText.nickname.empty;
  if (hasHiddenCharacters(nickname)) return peopleText.nickname.emoji;
  if (utf8(nickname.trim()).length > maxBytes) return peopleText.nickname.tooLong(maxBytes);
  return undefined;
}
