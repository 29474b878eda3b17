/**
 * Whether this Enter belongs to an input method that is composing (Japanese, Chinese, Korean …): it chooses a word and must not
 * send anything. Safari ends the composition before this key event and marks it only with key code 229.
 */
export const confirmsComposition = (event: KeyboardEvent): boolean =>
  event.isComposing || event.key === 'Process' || event.keyCode === 229;
