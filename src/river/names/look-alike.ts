import { HOMOGLYPHS, plainCharacter } from './confusable-tables.ts';
import { isHidden, JOINER, NAMELESS, SPACE } from './display-name.ts';
import { FIRST, LAST } from './handle.ts';

/** `visual`: what looks the same at a glance. `caseless`: what is the same word in another case. */
export type Fold = 'visual' | 'caseless';

/**
 * What is left of a name when everything is taken away that an eye may overlook: two names with one skeleton look alike. Spaces
 * are kept. Source of the rules: river: ui/src/util/confusable.rs.
 */
export function skeleton(name: string, fold: Fold): string {
  const folded = plainCharacters(name).map((plain) => foldCharacter(plain, fold));
  return folded
    .join('')
    .replaceAll('rn', 'm')
    .replaceAll('cl', 'd')
    .replaceAll('vv', 'w')
    .replace(/\p{White_Space}+/gu, ' ')
    .trim();
}

function plainCharacters(name: string): string[] {
  const characters = Array.from(name);
  return characters.flatMap((character, i) => {
    if (isHidden(character, characters[i - 1])) return SPACE.test(character) ? [' '] : [];
    if (JOINER.test(character)) return [];
    return Array.from(plainCharacter(character));
  });
}

/** One of l, I, 1, |, ! is as good as another. */
const bar = (character: string): string => (/^[lI1|!]$/.test(character) ? '1' : character);

const look = (character: string): string =>
  HOMOGLYPHS.get(character.codePointAt(0) ?? 0) ?? character;

const DIGITS: Readonly<Record<string, string>> = {
  '0': 'o',
  '5': 's',
  $: 's',
  '3': 'e',
  '@': 'a',
  '4': 'a',
  '7': 't',
};

function foldCharacter(plain: string, fold: Fold): string {
  const latin = look(plain);
  const cased = fold === 'visual' ? bar(latin).toLowerCase() : bar(latin.toLowerCase());
  // lower-casing can give a letter of another script once more, and more than one character
  return Array.from(cased)
    .map((each) => {
      const again = look(each);
      const read = again === each ? each : bar(again);
      return DIGITS[read] ?? read;
    })
    .join('');
}

/** Somebody whose name nobody else should carry: the owner, or a deputy. */
export interface ProtectedName<Id> {
  readonly id: Id;
  /** As it is shown. */
  readonly name: string;
  readonly role: 'owner' | 'deputy';
}

/** Finds whose name a name looks like. */
export class LookAlikes<Id> {
  readonly #protected: readonly (ProtectedName<Id> & Folds)[];
  readonly #ids: ReadonlySet<Id>;

  /** @param protectedNames in order of weight: the first that a name resembles is told. Names that nobody chose are left out. */
  constructor(protectedNames: readonly ProtectedName<Id>[]) {
    this.#protected = protectedNames
      .filter(({ name }) => isChosen(name))
      .map((each) => ({ ...each, ...foldsOf(each.name) }));
    this.#ids = new Set(protectedNames.map(({ id }) => id));
  }

  /** @param name as it is shown. Protected people are never warned of, not even of each other. */
  of(id: Id, name: string): ProtectedName<Id> | undefined {
    if (this.#protected.length === 0 || this.#ids.has(id)) return undefined;
    const { visual, caseless } = foldsOf(name);
    if (visual === '') return undefined;
    const found = this.#protected.find(
      (each) => each.visual === visual || each.caseless === caseless,
    );
    return found && { id: found.id, name: found.name, role: found.role };
  }
}

interface Folds {
  readonly visual: string;
  readonly caseless: string;
}

/** Names repeat from one drawing to the next, and so do their skeletons. */
const folds = new Map<string, Folds>();
const MAX_REMEMBERED = 4_096;

function foldsOf(name: string): Folds {
  let known = folds.get(name);
  if (known === undefined) {
    known = {
      visual: skeleton(name, 'visual').replaceAll(' ', ''),
      caseless: skeleton(name, 'caseless').replaceAll(' ', ''),
    };
    if (folds.size >= MAX_REMEMBERED) folds.clear();
    folds.set(name, known);
  }
  return known;
}

/** Whether a name says who somebody is: not a placeholder, and not a suggestion that a key made. */
function isChosen(name: string): boolean {
  if (name === NAMELESS || name === 'Unknown') return false;
  const { visual } = foldsOf(name);
  return visual !== '' && !isHandleSkeleton(visual);
}

let suggestions:
  | { readonly first: readonly string[]; readonly last: ReadonlySet<string> }
  | undefined;

function isHandleSkeleton(visual: string): boolean {
  suggestions ??= {
    first: FIRST.map((word) => skeleton(word, 'visual')),
    last: new Set(LAST.map((word) => skeleton(word, 'visual'))),
  };
  const { first, last } = suggestions;
  return first.some((word) => visual.startsWith(word) && last.has(visual.slice(word.length)));
}
