import { css } from 'lit';

/** What people have written, as words and as Markdown. */
export const markdownStyles = css`
  .words {
    min-width: 0;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
    unicode-bidi: plaintext;
  }
  .words a {
    color: var(--water);
    text-underline-offset: 0.15em;
    text-decoration-thickness: 1px;
    unicode-bidi: isolate;
  }
  .words a:hover {
    text-decoration-thickness: 2px;
  }
  .words .real {
    color: var(--rust);
    font-size: var(--size-s);
    font-weight: 600;
    unicode-bidi: isolate;
  }
  .mention {
    padding: 0 0.25em;
    border-radius: 0.375em;
    background: var(--chosen);
    color: var(--water);
    font: inherit;
    font-weight: 600;
    line-height: inherit;
    text-align: start;
    white-space: normal;
    unicode-bidi: isolate;
    box-decoration-break: clone;
    -webkit-box-decoration-break: clone;
  }
  .mention.self {
    background: var(--amber-soft);
    color: var(--amber);
  }
  button.mention:hover {
    text-decoration: underline;
    text-underline-offset: 0.15em;
  }

  .md {
    white-space: normal;
    unicode-bidi: isolate;
  }
  .md > * + *,
  .md blockquote > * + *,
  .md li > * + * {
    margin-block-start: 0.5rem;
  }
  .md p {
    white-space: pre-wrap;
  }
  .md .heading {
    line-height: 1.35;
  }
  .md .level-1 {
    font-size: 1.125em;
  }
  .md blockquote {
    margin: 0;
    padding-inline-start: 0.75rem;
    border-inline-start: 3px solid var(--line-strong);
    color: var(--ink-soft);
  }
  .md * + blockquote {
    margin-block-start: 0.5rem;
  }
  .md :is(ul, ol) {
    padding-inline-start: 1.5rem;
  }
  .md ul {
    list-style: disc;
  }
  .md ol {
    list-style: decimal;
  }
  .md li + li {
    margin-block-start: 0.125rem;
  }
  .md :is(ul, ol) :is(ul, ol) {
    margin-block-start: 0.125rem;
  }
  .md :is(.task, .notes li) {
    display: flex;
    gap: 0.5rem;
    margin-inline-start: -1.375rem;
    list-style: none;
  }
  .md .task > div,
  .md .notes li > div {
    min-width: 0;
    margin: 0;
  }
  .md .box {
    flex: none;
    display: grid;
    place-items: center;
    width: 1rem;
    height: 1rem;
    margin-block-start: 0.25rem;
    border-radius: 0.25rem;
    box-shadow: inset 0 0 0 1.5px var(--line-strong);
  }
  .md .box.done {
    background: var(--water);
    box-shadow: none;
  }
  .md .box.done::after {
    content: '';
    width: 0.3125rem;
    height: 0.5625rem;
    margin-block-start: -0.125rem;
    border: solid var(--on-water);
    border-width: 0 2px 2px 0;
    rotate: 45deg;
  }
  .md code {
    padding: 0.0625em 0.3125em;
    border-radius: 0.3125em;
    background: var(--hover);
    font:
      0.875em/1.5 ui-monospace,
      SFMono-Regular,
      Menlo,
      Consolas,
      'Liberation Mono',
      monospace;
    unicode-bidi: isolate;
    white-space: pre-wrap;
  }
  .md .code {
    position: relative;
  }
  .md pre {
    max-width: 100%;
    max-height: 24rem;
    margin: 0;
    padding: 0.625rem 3rem 0.625rem 0.75rem;
    border-radius: var(--round-s);
    background: var(--mist);
    color: var(--ink);
    overflow: auto;
    overscroll-behavior-inline: contain;
    white-space: pre;
    overflow-wrap: normal;
    tab-size: 4;
  }
  .md pre code {
    padding: 0;
    background: none;
    white-space: inherit;
  }
  .md .code button {
    position: absolute;
    inset-block-start: 0;
    inset-inline-end: 0;
    display: grid;
    place-items: center;
    width: 2.75rem;
    height: 2.75rem;
    border-radius: var(--round-s);
    background: var(--mist);
    color: var(--ink-soft);
  }
  .md .code button:hover {
    color: var(--ink);
  }
  .md .table {
    max-width: 100%;
    overflow-x: auto;
    overscroll-behavior-inline: contain;
  }
  .md table {
    border-collapse: collapse;
    font-size: var(--size-s);
  }
  .md :is(th, td) {
    padding: 0.25rem 0.625rem;
    border: 1px solid var(--line-strong);
    text-align: start;
    overflow-wrap: normal;
    white-space: normal;
  }
  .md th {
    background: var(--hover);
    font-weight: 600;
  }
  .md .right {
    text-align: right;
  }
  .md .center {
    text-align: center;
  }
  .md hr {
    border: 0;
    border-block-start: 1px solid var(--line-strong);
  }
  .md .image {
    font-style: italic;
  }
  .md sup {
    font-size: 0.75em;
    line-height: 1;
  }
  .md .notes {
    padding-block-start: 0.375rem;
    border-block-start: 1px solid var(--line);
    font-size: var(--size-s);
  }
`;
