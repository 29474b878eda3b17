/**
 * Puts mention tokens in place of names that a person has typed (`@Ana`, `@Ana Lima`): at the start of a word, not running on into a
 * longer word, the longest name first. Everything else stays what it was.
 *
 * @param tokens by name in lower case
 */
export function withTokens(typed: string, tokens: ReadonlyMap<string, string>): string {
  if (!typed.includes('@') || tokens.size === 0) return typed;
  const names = [...tokens.keys()].sort((a, b) => b.length - a.length);
  let out = '';
  let at = 0;
  while (at < typed.length) {
    const name = startsWord(typed, at) && names.find((each) => isAt(typed, at, each));
    if (name) {
      out += tokens.get(name) ?? '';
      at += name.length + 1;
    } else {
      out += typed[at];
      at += 1;
    }
  }
  return out;
}

/** Names that one alone has. */
export class NameTokens {
  readonly #tokens = new Map<string, string>();
  readonly #shared = new Set<string>();

  add(name: string, token: string): void {
    const key = name.toLowerCase();
    if (key.trim() === '') return;
    const known = this.#tokens.get(key);
    if (known !== undefined && known !== token) this.#shared.add(key);
    this.#tokens.set(key, token);
  }

  unique(): ReadonlyMap<string, string> {
    return new Map([...this.#tokens].filter(([name]) => !this.#shared.has(name)));
  }
}

const isWordCharacter = (character: string | undefined): boolean =>
  character !== undefined && /[\p{L}\p{N}_]/u.test(character);

const startsWord = (typed: string, at: number): boolean =>
  typed[at] === '@' && !isWordCharacter(typed[at - 1]);

const isAt = (typed: string, at: number, name: string): boolean =>
  typed.slice(at + 1, at + 1 + name.length).toLowerCase() === name &&
  !isWordCharacter(typed[at + 1 + name.length]);
