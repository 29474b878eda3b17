import { html, nothing, type TemplateResult } from 'lit';
import type { WeirApi } from '../state/api.ts';
import { part } from '../state/part.ts';

/** Above the conversation while it is made; its code comes with it. */
export function notifyOffer(
  weir: WeirApi | undefined,
  isMade: boolean | undefined,
): TemplateResult | typeof nothing {
  if (!weir || !isMade) return nothing;
  part(() => import('./weir-notify-offer.ts')).catch(() => weir.notifications.decline());
  return html`<weir-notify-offer .notifications=${weir.notifications}></weir-notify-offer>`;
}
