import { css, html, type TemplateResult } from 'lit';

const TONES = 8;

/** An author's pebble: the same shape and tone for one id everywhere. Decoration; the name stands beside it. */
export function pebble(id: string, name: string): TemplateResult {
  const tone = hash(id) % TONES;
  return html`<span class="pebble tone-${tone}" aria-hidden="true">${initial(name)}</span>`;
}

function hash(id: string): number {
  let value = 0;
  for (let i = 0; i < id.length; i++) value = (Math.imul(value, 31) + id.charCodeAt(i)) >>> 0;
  return value;
}

/** The first letter or digit; a person may be called only by signs. */
function initial(name: string): string {
  const start = name.slice(0, 256).trim();
  const sign = /[\p{L}\p{N}]/u.exec(start)?.[0] ?? /./u.exec(start)?.[0];
  return (sign ?? '').toLocaleUpperCase();
}

export const pebbleStyles = css`
  .pebble {
    display: grid;
    place-items: center;
    flex: none;
    width: 2.25rem;
    height: 2.25rem;
    color: var(--ink);
    font-family: var(--serif);
    font-size: 1.0625rem;
    line-height: 1;
    user-select: none;
    border-radius: 52% 48% 46% 54% / 48% 54% 46% 52%;
    background: var(--pebble-0);
  }
  .tone-1 {
    background: var(--pebble-1);
    border-radius: 46% 54% 52% 48% / 56% 48% 52% 44%;
  }
  .tone-2 {
    background: var(--pebble-2);
    border-radius: 56% 44% 52% 48% / 46% 50% 50% 54%;
  }
  .tone-3 {
    background: var(--pebble-3);
    border-radius: 48% 52% 44% 56% / 54% 46% 54% 46%;
  }
  .tone-4 {
    background: var(--pebble-4);
    border-radius: 54% 46% 56% 44% / 50% 56% 44% 50%;
  }
  .tone-5 {
    background: var(--pebble-5);
    border-radius: 44% 56% 48% 52% / 48% 46% 54% 52%;
  }
  .tone-6 {
    background: var(--pebble-6);
    border-radius: 50% 50% 56% 44% / 44% 54% 46% 56%;
  }
  .tone-7 {
    background: var(--pebble-7);
    border-radius: 54% 46% 44% 56% / 54% 50% 50% 46%;
  }
`;
