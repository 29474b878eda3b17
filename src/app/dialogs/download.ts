/** Hands a file to the browser, which asks or saves as the person has set it. */
export function download(content: Blob, name: string): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000); // the browser may read it later
}

/** A name that every file system takes: `weir-Tuesday-chess`. */
export const fileName = (prefix: string, name: string, ending: string): string => {
  const plain = name
    .normalize('NFKC')
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .slice(0, 40)
    .replace(/^-+|-+$/g, '');
  return `${plain === '' ? prefix : `${prefix}-${plain}`}.${ending}`;
};
