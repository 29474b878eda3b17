import { html, nothing, type TemplateResult } from 'lit';
import { unreachable } from '../../shared/result.ts';
import type { InvitedPerson } from '../dms/weir-dm-invite-dialog.ts';
import type { ShareChosenEvent } from '../dialogs/weir-member-info.ts';
import type { Conversation, WeirApi } from '../state/api.ts';

/** A dialog that is open over a room. */
export type About =
  | { readonly type: 'rename' | 'room' | 'invite' }
  /** `member`: whose entry it opens with, a member id. */
  | { readonly type: 'people'; readonly member?: string }
  /** An invitation to another room, for somebody in this one. */
  | { readonly type: 'share'; readonly person: InvitedPerson };

/** The dialogs around a room come when they are first opened. */
const PARTS: Readonly<Record<About['type'], () => Promise<unknown>>> = {
  rename: () => import('./weir-rename-dialog.ts'),
  people: () => import('../dialogs/weir-people-dialog.ts'),
  room: () => import('../dialogs/weir-room-dialog.ts'),
  invite: () => import('../dialogs/weir-invite-dialog.ts'),
  share: () => import('../dms/weir-dm-invite-dialog.ts'),
};

export const aboutPart = ({ type }: About): (() => Promise<unknown>) => PARTS[type];

/** @param open another dialog in place of this one; undefined: none */
export function aboutDialog(
  about: About | undefined,
  room: Conversation,
  weir: WeirApi | undefined,
  open: (about: About | undefined) => void,
): TemplateResult | typeof nothing {
  const closed = (): void => open(undefined);
  switch (about?.type) {
    case undefined:
      return nothing;
    case 'rename':
      return html`<weir-rename-dialog
        .weir=${weir}
        .room=${room.room}
        .name=${room.name}
        .maxNameBytes=${room.maxNameBytes}
        @weir-rename-closed=${closed}
      ></weir-rename-dialog>`;
    case 'people':
      return html`<weir-people-dialog
        .weir=${weir}
        .conversation=${room}
        .member=${about.member}
        @weir-invite-chosen=${() => open({ type: 'invite' })}
        @weir-share-chosen=${({ person }: ShareChosenEvent) => open({ type: 'share', person })}
        @weir-dialog-closed=${closed}
      ></weir-people-dialog>`;
    case 'room':
      return html`<weir-room-dialog
        .weir=${weir}
        .conversation=${room}
        @weir-dialog-closed=${closed}
      ></weir-room-dialog>`;
    case 'invite':
      return html`<weir-invite-dialog
        .weir=${weir}
        .room=${room.room}
        .roomName=${room.name}
        @weir-dialog-closed=${closed}
      ></weir-invite-dialog>`;
    case 'share':
      return html`<weir-dm-invite-dialog
        .weir=${weir}
        .room=${room.room}
        .thread=${about.person}
        @weir-dialog-closed=${closed}
      ></weir-dm-invite-dialog>`;
    default:
      return unreachable(about);
  }
}
