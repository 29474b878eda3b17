import { parseId } from '../../../src/freenet/keys.ts';
import { encodeMention, parseMentions, textWithNames } from '../../../src/river/mentions.ts';
import { toBase58, utf8, utf8Text } from '../../../src/shared/bytes.ts';
import { finding, loadedFrom, type Form, type Input, type Target } from '../target.ts';

const MEMBER = 2_320_490_862_205_064_288n;

/** Taking the mentions out of a text loses nothing of it. */
const mentions: Form = {
  name: 'mentions',
  check: ([bytes = new Uint8Array()]) => {
    const text = utf8Text(bytes);
    const parts = parseMentions(text);
    let at = 0;
    let found = false;
    for (const part of parts) {
      const written = part.type === 'text' ? part.text : `@[${part.name}](rv:`;
      if (!text.startsWith(written, at)) finding('the parts are not the text');
      at += written.length;
      if (part.type === 'text') continue;
      found = true;
      const end = text.indexOf(')', at);
      if (end < 0 || end - at > 16) finding('a mention that does not end');
      at = end + 1;
    }
    if (at !== text.length) finding('the parts end before the text does');
    textWithNames(text, new Map([[MEMBER, 'Ann']]));
    return found ? 'accepted' : 'refused';
  },
};

const id: Form = {
  name: 'id',
  check: ([bytes = new Uint8Array()]) => {
    const text = utf8Text(bytes);
    const parsed = parseId(text);
    if (!parsed.ok) return parsed.error.type === 'BadId' ? 'refused' : finding('an untyped error');
    if (parsed.value.length !== 32) finding(`an id of ${parsed.value.length} bytes`);
    if (toBase58(parsed.value) !== text) finding('another id is written the same');
    return 'accepted';
  },
};

const seedsOf = (texts: readonly string[]): readonly Input[] => texts.map((text) => [utf8(text)]);

/** What people and links write. */
export const text: Target = {
  name: 'text',
  format: 'text',
  load: () =>
    loadedFrom([
      {
        form: mentions,
        seeds: seedsOf([
          `hello ${encodeMention('Ann', MEMBER)} and @[Bob](rv:92651144b9be6a90)!`,
          '@[](rv:ABCDEFGH)@[x](rv:abcdefgh)@[y](rv:0)',
          'nobody',
        ]),
      },
      {
        form: id,
        seeds: seedsOf([0, 1, 128, 255].map((byte) => toBase58(new Uint8Array(32).fill(byte)))),
      },
    ]),
};
