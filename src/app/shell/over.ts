import { html, nothing, type TemplateResult } from 'lit';
import type { RoomKey } from '../../shared/brand.ts';
import { unreachable } from '../../shared/result.ts';
import type { DialogClosedEvent } from '../dialogs/dialog.ts';
import type { WeirApi } from '../state/api.ts';

/** A dialog that is open over everything; `invitation`: the code of the link that was opened. */
export type Over =
  | { readonly type: 'create' }
  | { readonly type: 'join'; readonly invitation?: string; readonly wanted?: 'identity' }
  | { readonly type: 'node' }
  | { readonly type: 'switcher' }
  | { readonly type: 'help' }
  | { readonly type: 'notifications'; readonly room: RoomKey };

/** Fetched when first opened. */
const PARTS: Readonly<Record<Over['type'], () => Promise<unknown>>> = {
  create: () => import('../dialogs/weir-create-dialog.ts'),
  join: () => import('../dialogs/weir-join-dialog.ts'),
  node: () => import('../dialogs/weir-node-dialog.ts'),
  switcher: () => import('../rooms/weir-switcher.ts'),
  help: () => import('./weir-help-dialog.ts'),
  notifications: () => import('../rooms/weir-notifications-dialog.ts'),
};

export const overPart = ({ type }: Over): (() => Promise<unknown>) => PARTS[type];

export function dialogOver(
  over: Over | undefined,
  weir: WeirApi | undefined,
  onClosed: (event: DialogClosedEvent) => void,
): TemplateResult | typeof nothing {
  switch (over?.type) {
    case undefined:
      return nothing;
    case 'create':
      return html`<weir-create-dialog
        .weir=${weir}
        @weir-dialog-closed=${onClosed}
      ></weir-create-dialog>`;
    case 'join':
      return html`<weir-join-dialog
        .weir=${weir}
        .invitation=${over.invitation}
        .wanted=${over.wanted ?? 'invitation'}
        @weir-dialog-closed=${onClosed}
      ></weir-join-dialog>`;
    case 'node':
      return html`<weir-node-dialog
        .weir=${weir}
        @weir-dialog-closed=${onClosed}
      ></weir-node-dialog>`;
    case 'switcher':
      return html`<weir-switcher .weir=${weir} @weir-dialog-closed=${onClosed}></weir-switcher>`;
    case 'help':
      return html`<weir-help-dialog @weir-dialog-closed=${onClosed}></weir-help-dialog>`;
    case 'notifications':
      return html`<weir-notifications-dialog
        .weir=${weir}
        .room=${over.room}
        @weir-dialog-closed=${onClosed}
      ></weir-notifications-dialog>`;
    default:
      return unreachable(over);
  }
}
