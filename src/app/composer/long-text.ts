import { html, nothing, type ReactiveControllerHost, type TemplateResult } from 'lit';
import { text } from '../state/text.ts';
import { byteBudget, type ByteBudget } from './byte-budget.ts';
import { composerText } from './composer-text.ts';
import { MAX_PARTS, splitMessage } from './split-message.ts';

/** How a text that is too long could be sent. `unknown`: it has not been looked at yet. */
export type Parts = readonly string[] | 'too-many' | 'unknown' | 'not-here';

/**
 * How a text could be sent as several.
 *
 * @param used by all of it, as `max` UTF-8 bytes of one message
 * @param written a text as it will be in the message
 */
export function partsOf(
  typed: string,
  used: number,
  max: number,
  written: (part: string) => string,
): Parts {
  if (used > max * MAX_PARTS) return 'too-many';
  const fits = (part: string): boolean => byteBudget(written(part), max).state !== 'over';
  return splitMessage(typed, fits) ?? 'too-many';
}

/** Looking for parts waits until typing pauses. */
const SPLIT_PAUSE_MS = 150;

/** What is offered for a text that is too long. */
export class SplitOffer {
  readonly #host: ReactiveControllerHost;
  #parts: Parts = 'unknown';
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
  }

  get parts(): Parts {
    return this.#parts;
  }

  /** @param parts what is known already, or what finds it out */
  set(parts: Extract<Parts, string> | (() => Parts)): void {
    clearTimeout(this.#timer);
    const isKnown = typeof parts === 'string';
    this.#show(isKnown ? parts : 'unknown');
    if (!isKnown) this.#timer = setTimeout(() => this.#show(parts()), SPLIT_PAUSE_MS);
  }

  #show(parts: Parts): void {
    if (parts === this.#parts) return;
    this.#parts = parts;
    this.#host.requestUpdate();
  }
}

/** How long the text is, from four fifths of the limit on; and beyond it, what can be done about that. */
export const budgetFoot = (
  { state, used, max }: ByteBudget,
  parts: Parts,
  onSplit: () => void,
): TemplateResult =>
  html`${state === 'over' ? offer(parts, onSplit) : nothing}
    <p class="foot ${state}" ?hidden=${state === 'free'}>
      <span>${state === 'over' ? text.composer.tooLong(used, max) : nothing}</span>
      <span class="counter">${text.composer.counter(used, max)}</span>
    </p>`;

function offer(parts: Parts, onSplit: () => void): TemplateResult | typeof nothing {
  if (parts === 'unknown' || parts === 'not-here') return nothing;
  if (parts === 'too-many') return html`<p class="offer">${composerText.tooManyParts}</p>`;
  return html`<p class="offer">
    <span>${composerText.splitHint}</span>
    <button class="button" type="button" @click=${onSplit}>
      ${composerText.split(parts.length)}
    </button>
  </p>`;
}
