import dataUrl from 'emoji-picker-element-data/en/emojibase/data.json?url';

export interface Emoji {
  readonly emoji: string;
  /** What it is called. */
  readonly name: string;
  /** Words by which it is found, in lower case, the name among them. */
  readonly words: string;
  readonly group: number;
}

/** Emoji versions that a system which is a few years old can draw. */
const MAX_VERSION = 15;
/** Parts of others, such as skin tones. */
const COMPONENTS = 2;

interface Listed {
  readonly emoji: string;
  readonly annotation: string;
  readonly tags?: readonly string[];
  readonly group: number;
  readonly version: number;
}

let loaded: Promise<readonly Emoji[]> | undefined;

/**
 * All emoji in their usual order. The list comes from this app's own origin, and from the worker's cache when offline.
 *
 * Source: emojibase's data, as emoji-picker-element-data has it. Rejects when it can't be fetched; then the next call tries again.
 */
export function allEmoji(): Promise<readonly Emoji[]> {
  loaded ??= fetchAll().catch((error: unknown) => {
    loaded = undefined;
    throw error;
  });
  return loaded;
}

async function fetchAll(): Promise<readonly Emoji[]> {
  const response = await fetch(dataUrl);
  const listed = (await response.json()) as readonly Listed[];
  return listed
    .filter(({ group, version }) => group !== COMPONENTS && version <= MAX_VERSION)
    .map(({ emoji, annotation, tags = [], group }) => ({
      emoji,
      name: annotation,
      words: [annotation, ...tags].join(' ').toLowerCase(),
      group,
    }));
}

/** Those that every word typed begins a word of; in the usual order, those called so first. */
export function foundEmoji(all: readonly Emoji[], typed: string): readonly Emoji[] {
  const sought = typed.trim().toLowerCase().split(/\s+/);
  const fits = (words: string): boolean => sought.every((each) => ` ${words}`.includes(` ${each}`));
  const called = all.filter(({ name }) => fits(name.toLowerCase()));
  return [...called, ...all.filter(({ words, name }) => fits(words) && !fits(name.toLowerCase()))];
}
