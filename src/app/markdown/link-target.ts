/** Where a link in a message leads. `label`: what stands for a bare address. */
export type LinkTarget =
  /** `host` as it is looked up: a name in other letters is in punycode. */
  | { readonly type: 'web'; readonly href: string; readonly host: string; readonly label: string }
  /** A web app of Freenet, on the node of whoever reads. */
  | { readonly type: 'freenet'; readonly href: string; readonly label: string }
  /** A place in Weir, or an invitation: it opens in this window. */
  | { readonly type: 'inside'; readonly href: string; readonly label: string }
  | { readonly type: 'mail'; readonly href: string; readonly label: string };

const MAX_ADDRESS = 2_048;
const MAX_LABEL = 64;
/** `/v1/contract/web/<43 or 44 base58 characters>` and what follows. */
const FREENET_PATH = /^\/v1\/contract\/web\/([1-9A-HJ-NP-Za-km-z]{43,44})(?=$|[/?#])(.*)$/s;
/** An invitation holds keys and signatures: nothing short is one. */
const INVITATION = /^[1-9A-HJ-NP-Za-km-z]{100,4096}$/;
/** What would not be seen, or would turn what is around it. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}]/u;

/**
 * Judges an address that somebody has written. Only web and mail addresses are links, and none that hides its host behind a user
 * name; relative ones are not.
 *
 * Source of the Freenet rules: river: ui/src/components/conversation.rs.
 *
 * @param origin of this page
 */
export function linkTarget(address: string, origin: string): LinkTarget | undefined {
  if (address.length > MAX_ADDRESS || UNSEEN.test(address)) return undefined;
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    return undefined;
  }
  if (url.protocol === 'mailto:') return mail(url);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return undefined;
  if (url.username !== '' || url.password !== '' || url.hostname === '') return undefined;
  return invited(url, origin) ?? inside(url, origin) ?? freenet(url, address, origin) ?? web(url);
}

/** One recipient, and nothing that a mail program would fill in. */
function mail(url: URL): LinkTarget | undefined {
  const to = url.pathname;
  return /^[^\s@,;%?]+@[^\s@,;%?]+$/.test(to)
    ? { type: 'mail', href: `mailto:${to}`, label: to }
    : undefined;
}

/** An invitation from any node opens here: it is shown before anything is done with it. */
function invited(url: URL, origin: string): LinkTarget | undefined {
  const code = url.searchParams.get('invitation');
  if (code === null || !INVITATION.test(code)) return undefined;
  if (url.origin !== origin && !FREENET_PATH.test(url.pathname)) return undefined;
  const href = `${origin}/?invitation=${code}`;
  return { type: 'inside', href, label: `invitation:${code.slice(0, 8)}` };
}

function inside(url: URL, origin: string): LinkTarget | undefined {
  if (url.origin !== origin || !/^\/room\/[^/]+/.test(url.pathname)) return undefined;
  return { type: 'inside', href: url.href, label: shortened(url.pathname) };
}

function freenet(url: URL, address: string, origin: string): LinkTarget | undefined {
  const found = FREENET_PATH.exec(`${url.pathname}${url.search}${url.hash}`);
  const [path, id, rest] = found ?? [];
  // what climbs out of a contract's folder is not the link of that contract
  if (path === undefined || id === undefined || rest === undefined) return undefined;
  if (address.includes('..') || /%2e/i.test(address)) return undefined;
  return {
    type: 'freenet',
    href: `${origin}${path}`,
    label: shortened(`freenet:${id.slice(0, 8)}${rest === '/' ? '' : rest}`),
  };
}

function web(url: URL): LinkTarget {
  const scheme = url.protocol === 'http:' ? 'http://' : '';
  const path = url.pathname === '/' && url.search === '' && url.hash === '' ? '' : url.pathname;
  const label = shortened(`${scheme}${url.host}${readable(`${path}${url.search}${url.hash}`)}`);
  return { type: 'web', href: url.href, host: url.host, label };
}

/** Letters of all scripts as letters, unless something in it would not be seen. */
function readable(path: string): string {
  try {
    const decoded = decodeURI(path);
    return UNSEEN.test(decoded) || /\s/u.test(decoded) ? path : decoded;
  } catch {
    return path;
  }
}

/** The beginning, which names the host, is always whole. */
const shortened = (label: string): string => {
  const characters = Array.from(label);
  return characters.length > MAX_LABEL ? `${characters.slice(0, MAX_LABEL - 1).join('')}…` : label;
};

/**
 * Whether the words of a link claim another place than it leads to: they look like an address, and name another host.
 */
export function misleads(words: string, target: LinkTarget): boolean {
  const claimed = CLAIM.exec(words.trim())?.[1]?.toLowerCase();
  if (claimed === undefined) return false;
  if (target.type === 'mail') return !words.includes(target.label);
  if (target.type !== 'web') return true;
  return claimed !== target.host && `www.${claimed}` !== target.host;
}

/** `example.org`, `https://example.org/…`: a name with a dot before the first slash, and no spaces. */
const CLAIM =
  /^(?:[a-z][a-z+.-]*:\/*)?(?:[^\s/@]*@)?((?:[^\s./@:]+\.)+[^\s./@:]{2,}(?::\d+)?)(?:[/?#]\S*)?$/iu;
