/**
 * Every dependency that code of the app imports, in browsers. Vite makes each of them ready when it is first imported, and reloads the
 * page for one that it did not know of, in the middle of whatever test runs there: so all are named from the start.
 */
export const WEB_DEPENDENCIES: readonly string[] = [
  '@lit/context',
  '@noble/ciphers/aes.js',
  '@noble/curves/ed25519.js',
  '@noble/hashes/blake3.js',
  '@noble/hashes/sha2.js',
  '@scure/base',
  'axe-core',
  'cbor-x/decode-no-eval',
  'idb',
  'lit',
  'lit/decorators.js',
  'lit/directives/class-map.js',
  'lit/directives/guard.js',
  'lit/directives/if-defined.js',
  'lit/directives/keyed.js',
  'lit/directives/repeat.js',
  'mdast-util-from-markdown',
  'mdast-util-gfm',
  'micromark-extension-gfm',
  'qr',
  'qr/decode.js',
  'workbox-window',
];
