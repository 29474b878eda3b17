import { css, html, LitElement, nothing, svg, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { joinText } from '../state/join-text.ts';
import { base } from '../theme/base.ts';
import { TakenEvent } from './copy-field.ts';
import { download } from './download.ts';
import { qrCode, type QrCode } from './qr-code.ts';

/** Pixels of a module in the picture to keep. */
const PICTURE_SCALE = 8;

/** A text as a QR code, always dark on white, to be photographed or kept as a picture. */
@customElement('weir-qr-code')
export class WeirQrCode extends LitElement {
  @property() value = '';
  /** What it is, for those who can't see it. */
  @property() label = '';
  /** Of the picture to keep. */
  @property() file = 'qr-code.png';

  #code: QrCode | undefined;

  static override readonly styles = [
    base,
    css`
      :host {
        display: grid;
        justify-items: start;
        gap: 0.75rem;
      }
      .code {
        width: min(100%, 22rem);
        height: auto;
        border-radius: var(--round-s);
        background: #fff;
        forced-color-adjust: none;
      }
      .button {
        min-height: 2.75rem;
      }
      p {
        font-size: var(--size-s);
        color: var(--ink-soft);
      }
    `,
  ];

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('value')) this.#code = this.value === '' ? undefined : qrCode(this.value);
  }

  override render(): TemplateResult | typeof nothing {
    if (this.value === '') return nothing;
    const code = this.#code;
    if (!code) return html`<p>${joinText.qr.tooLong}</p>`;
    return html`<svg
        class="code"
        role="img"
        aria-label=${this.label}
        viewBox="0 0 ${code.size} ${code.size}"
        shape-rendering="crispEdges"
      >
        ${svg`<rect width=${code.size} height=${code.size} fill="#fff" /><path d=${code.path} fill="#000" />`}
      </svg>
      <button class="button" type="button" @click=${() => void this.#download(code)}>
        ${joinText.qr.download}
      </button>`;
  }

  async #download({ size, path }: QrCode): Promise<void> {
    const side = size * PICTURE_SCALE;
    const canvas = new OffscreenCanvas(side, side);
    const context = canvas.getContext('2d');
    if (!context) return;
    context.fillStyle = '#fff';
    context.fillRect(0, 0, side, side);
    context.scale(PICTURE_SCALE, PICTURE_SCALE);
    context.fillStyle = '#000';
    context.fill(new Path2D(path));
    download(await canvas.convertToBlob({ type: 'image/png' }), this.file);
    this.dispatchEvent(new TakenEvent());
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'weir-qr-code': WeirQrCode;
  }
}
