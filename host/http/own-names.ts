/**
 * Who may talk to the host: it answers only to the loopback names, and its node only to pages of this machine.
 *
 * A page elsewhere can make a browser resolve its own name to 127.0.0.1 (DNS rebinding): the Host header then still carries
 * that name. Source of the node's Origin rule: freenet-core: crates/core/src/server.rs (0.2.129).
 */

const LOOPBACK_NAMES: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Whether a Host header names this machine, with any port or none. */
export function isLoopbackHost(host: string | undefined): boolean {
  if (host === undefined) return false;
  return LOOPBACK_NAMES.has(host.toLowerCase().replace(/:\d{1,5}$/, ''));
}

export type OriginVerdict = 'accepted' | 'foreign' | 'undecodable';

/**
 * A Freenet node's rule for opening its API: no Origin (a program, not a page) is accepted, and so is a page of any port of
 * this machine. The node's further rules concern the other names it may be reached by; this host has none.
 */
export function judgeNodeOrigin(origin: string | undefined): OriginVerdict {
  if (origin === undefined) return 'accepted';
  if (origin === 'null') return 'foreign';
  if (!URL.canParse(origin)) return 'undecodable';
  const url = new URL(origin);
  const web = url.protocol === 'http:' || url.protocol === 'https:';
  return web && LOOPBACK_NAMES.has(url.hostname) ? 'accepted' : 'foreign';
}

/** The one origin that the app is served on: what it stores in the browser belongs to it. */
export const appOrigin = (port: number): string =>
  port === 80 ? 'http://localhost' : `http://localhost:${port}`;
