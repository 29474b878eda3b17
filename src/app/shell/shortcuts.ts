/** Elements that take what is typed. */
const TYPED_INTO = 'input, textarea, select, [contenteditable], dialog';

/**
 * Calls `open` for Ctrl+K (⌘K), from anywhere, and for `/` where nothing is being typed; not while a dialog is open.
 *
 * @returns ends it
 */
export function onSwitchKey(open: () => void): () => void {
  const onKey = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing || event.altKey || event.shiftKey) return;
    const path = event.composedPath().filter((each) => each instanceof Element);
    const inDialog = path.some((each) => each.matches('dialog'));
    const isTyping = path.some((each) => each.matches(TYPED_INTO));
    const isChord = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k';
    const isSlash = event.key === '/' && !event.ctrlKey && !event.metaKey && !isTyping;
    if (inDialog || !(isChord || isSlash)) return;
    event.preventDefault();
    open();
  };
  addEventListener('keydown', onKey);
  return () => removeEventListener('keydown', onKey);
}
