/** Elements that take what is typed. */
const TYPED_INTO = 'input, textarea, select, [contenteditable]';

/** What keys do everywhere in the app. */
export interface Shortcuts {
  /** Ctrl+K (⌘K), and `/`. */
  switchRoom(): void;
  /** Ctrl+Shift+F (⌘⇧F). */
  search(): void;
  /** Alt+Shift+↑ and ↓. @param step −1: upwards */
  nextUnread(step: -1 | 1): void;
  /** `?`, and Ctrl+/ (⌘/) also while one is writing. */
  help(): void;
}

/**
 * Listens for keys that work from anywhere; those that are characters do where nothing is being typed. Not while a dialog is open.
 *
 * @returns ends it
 */
export function onShortcuts(shortcuts: Shortcuts): () => void {
  const onKey = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing) return;
    const path = event.composedPath().filter((each) => each instanceof Element);
    if (path.some((each) => each.matches('dialog'))) return;
    const act = actOf(
      event,
      path.some((each) => each.matches(TYPED_INTO)),
      shortcuts,
    );
    if (!act) return;
    event.preventDefault();
    act();
  };
  addEventListener('keydown', onKey);
  return () => removeEventListener('keydown', onKey);
}

function actOf(
  { key, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent,
  isTyping: boolean,
  shortcuts: Shortcuts,
): (() => void) | undefined {
  const chord = ctrlKey || metaKey;
  if (altKey) {
    if (chord || !shiftKey || (key !== 'ArrowUp' && key !== 'ArrowDown')) return undefined;
    return () => shortcuts.nextUnread(key === 'ArrowUp' ? -1 : 1);
  }
  const letter = key.toLowerCase();
  if (chord && !shiftKey && letter === 'k') return () => shortcuts.switchRoom();
  if (chord && shiftKey && letter === 'f') return () => shortcuts.search();
  if (chord && key === '/') return () => shortcuts.help();
  if (chord || isTyping) return undefined;
  if (key === '/') return () => shortcuts.switchRoom();
  return key === '?' ? () => shortcuts.help() : undefined;
}
