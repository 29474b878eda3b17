/**
 * Anything that could be markup in GFM: marks, list and quote beginnings, rules, indented code, entities, addresses. It may say yes
 * to a text without any; it never says no to one that has some.
 */
const MARKUP =
  /[*_~`[\]<\\|]|^ {0,3}(?:#{1,6}(?:[ \t]|$)|>|[-+](?:[ \t]|$)|\d{1,9}[.)](?:[ \t]|$)|[-=]+[ \t]*$)|^(?: {4}|\t)|&[#a-z]|:\/\/|www\.|\S@\S|(?:mailto|xmpp):/im;

/** Whether a text has to go through the Markdown reader. Most messages don't, and then it is not even fetched. */
export const needsMarkdown = (text: string): boolean => MARKUP.test(text);
