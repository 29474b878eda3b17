/** The node's API, as any client of a Freenet node knows it. Exact: no final slash. */
export const NODE_API: ReadonlySet<string> = new Set([
  '/v1/contract/command',
  '/v2/contract/command',
]);

/** The decoded path of a request's target; undefined when it is malformed. */
export function pathOf(target: string | undefined): string | undefined {
  if (target === undefined || !URL.canParse(target, 'http://localhost')) return undefined;
  try {
    return decodeURIComponent(new URL(target, 'http://localhost').pathname);
  } catch {
    return undefined; // a percent sign without two hex digits, or bytes that are no UTF-8
  }
}
