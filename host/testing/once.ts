import type { Deed, Match, MisbehaviourScript } from '../node/misbehaviour-script.ts';

/** The next matching request goes wrong, and no other. */
export const once = (match: Match, deed: Deed): MisbehaviourScript => ({
  seed: 1,
  rules: [{ match, when: { nth: 1 }, do: deed }],
});
