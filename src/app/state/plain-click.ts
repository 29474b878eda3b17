/** A press of the main button alone: with a key held, a link is the browser's own (a new tab, a new window). */
export const isPlainClick = ({ button, ctrlKey, metaKey, shiftKey }: MouseEvent): boolean =>
  button === 0 && !ctrlKey && !metaKey && !shiftKey;
