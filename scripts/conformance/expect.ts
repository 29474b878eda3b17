const LONGEST = 160;

function shorten(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}… (${text.length} characters)`;
}

/** Where two texts part, with a little before it, when they are too long to show. */
function parting(expected: string, actual: string): string {
  let at = 0;
  while (at < expected.length && expected[at] === actual[at]) at++;
  const from = Math.max(0, at - 16);
  const show = (text: string): string => shorten(text.slice(from));
  return `from character ${from} expected ${show(expected)} but got ${show(actual)}`;
}

/** Why `actual` is not `expected`; undefined when it is. */
export function difference(what: string, expected: string, actual: string): string | undefined {
  if (expected === actual) return undefined;
  const long = Math.max(expected.length, actual.length) > LONGEST;
  return long
    ? `${what}: ${parting(expected, actual)}`
    : `${what}: expected ${expected} but got ${actual}`;
}

/** Why two stores (key to value, in hex) differ; undefined when they don't. */
export function storeDifference(
  what: string,
  expected: ReadonlyMap<string, string | null>,
  actual: ReadonlyMap<string, string | null>,
): string | undefined {
  const name = (key: string): string => `${what}, "${Buffer.from(key, 'hex').toString('utf8')}"`;
  for (const [key, value] of expected) {
    if (!actual.has(key)) return `${name(key)}: missing`;
    const why = difference(name(key), String(value), String(actual.get(key)));
    if (why !== undefined) return why;
  }
  for (const key of actual.keys()) if (!expected.has(key)) return `${name(key)}: not expected`;
  return undefined;
}
