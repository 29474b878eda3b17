/** The words around what people have written with Markdown. */
export const markdownText = {
  image: (alt: string): string => (alt === '' ? 'Image, not loaded' : `Image: ${alt}, not loaded`),
  code: 'Code',
  copyCode: 'Copy the code',
  codeCopied: 'Code copied',
  notCopied: 'The browser does not let Weir copy. Select the text instead.',
  table: 'Table',
  done: 'Done',
  toDo: 'To do',
} as const;
