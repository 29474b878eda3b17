import { css, html, LitElement, svg, type SVGTemplateResult, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';

/** What the water does: nothing waits, waits behind the wall, leaves as one sheet, is shut in, or has no river below. */
export type Flow = 'level' | 'held' | 'leaving' | 'shut' | 'dry';

/**
 * The mark of Weir, drawn as the state of the edits: three streams gather behind a wall and leave it as one.
 * Pure decoration; whoever shows it also says it in words.
 */
@customElement('weir-glyph')
export class WeirGlyph extends LitElement {
  @property({ reflect: true }) flow: Flow = 'level';

  static override readonly styles = css`
    :host {
      display: inline-block;
      width: 2.75rem;
      aspect-ratio: 16 / 11;
      color: var(--water);
    }
    svg {
      display: block;
      width: 100%;
      height: 100%;
      fill: none;
      stroke: currentColor;
      stroke-width: 2.6;
      stroke-linecap: round;
      stroke-linejoin: round;
    }
    .wall {
      stroke: var(--ink-soft);
      stroke-width: 3.2;
    }
    .behind {
      transition: opacity 400ms;
    }
    :host([flow='level']) .behind {
      opacity: 0.28;
    }
    :host([flow='held']),
    :host([flow='dry']) {
      color: var(--amber);
    }
    :host([flow='held']) .over,
    :host([flow='shut']) .over {
      opacity: 0.25;
    }
    :host([flow='dry']) .over {
      opacity: 0.55;
      stroke-dasharray: 0.1 4.4;
    }
    :host([flow='shut']) {
      color: var(--rust);
    }
    :host([flow='shut']) .wall {
      stroke: var(--rust);
    }
    :host([flow='leaving']) .over {
      stroke-dasharray: 7 4.5;
      animation: leave 900ms linear infinite;
    }
    @keyframes leave {
      from {
        stroke-dashoffset: 11.5;
      }
    }
    @media (prefers-reduced-motion: reduce) {
      :host([flow='leaving']) .over {
        animation: none;
      }
    }
  `;

  override render(): TemplateResult {
    return html`<svg viewBox="0 0 48 33" aria-hidden="true">${streams(this.flow)}</svg>`;
  }
}

function streams(flow: Flow): SVGTemplateResult {
  const shut = flow === 'shut';
  return svg`
    <path class="over" d="M3 8h16c9 0 7 19 17 19h9" />
    <path class="behind" d="M3 16.5h14M3 25h14" />
    <path class="wall" d=${shut ? 'M22.5 4v25' : 'M22.5 18v11'} />
  `;
}

declare global {
  interface HTMLElementTagNameMap {
    'weir-glyph': WeirGlyph;
  }
}
