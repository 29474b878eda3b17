/** A piece of a message: plain text, or an address that may be opened. Joined, the pieces' `text` is the message again. */
export type TextPart =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'link'; readonly text: string; readonly href: string };

/** Up to 2,048 characters without spaces, quotes, angle brackets or invisible direction marks. */
const ADDRESS = /\bhttps?:\/\/[^\s<>"\u200b-\u200f\u202a-\u202e\u2066-\u2069]{1,2048}/gi;
const TRAILING = /[.,;:!?'*_~…、。]$/;
/** A message with more addresses than this is not conversation; the rest stays text. */
const MAX_LINKS = 100;

/** Finds http and https addresses; never anything else, and never one that hides its host behind a user name. */
export function linkify(message: string): readonly TextPart[] {
  const parts: TextPart[] = [];
  let from = 0;
  let links = 0; // also the refused ones: each costs a parse
  for (const match of message.matchAll(ADDRESS)) {
    if (++links > MAX_LINKS) break;
    const address = withoutTail(match[0]);
    const href = safeHref(address);
    if (href === undefined) continue;
    if (match.index > from) parts.push({ type: 'text', text: message.slice(from, match.index) });
    parts.push({ type: 'link', text: address, href });
    from = match.index + address.length;
  }
  if (from < message.length) parts.push({ type: 'text', text: message.slice(from) });
  return parts;
}

/** The sentence's punctuation is not the address's; a closing bracket is only when it was opened inside. */
function withoutTail(address: string): string {
  let end = address.length;
  const unopened = { ')': excess(address, '(', ')'), ']': excess(address, '[', ']') };
  for (;;) {
    const last = address[end - 1];
    if (last === undefined) return '';
    if (last === ')' || last === ']') {
      if (unopened[last] <= 0) return address.slice(0, end);
      unopened[last] -= 1;
    } else if (!TRAILING.test(last)) {
      return address.slice(0, end);
    }
    end -= 1;
  }
}

function excess(address: string, open: string, close: string): number {
  let more = 0;
  for (const char of address) {
    if (char === close) more += 1;
    else if (char === open) more -= 1;
  }
  return more;
}

function safeHref(address: string): string | undefined {
  try {
    const url = new URL(address);
    const web = url.protocol === 'http:' || url.protocol === 'https:';
    return web && url.username === '' && url.password === '' ? url.href : undefined;
  } catch {
    return undefined; // not an address after all: it stays text
  }
}
