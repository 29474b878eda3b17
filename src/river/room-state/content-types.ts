// The kinds of message content, all of version 1. Source: river: common/src/room_state/content.rs.

export const CONTENT_TYPE_TEXT = 1;
/** Edits, deletions and reactions: messages about another message. */
export const CONTENT_TYPE_ACTION = 2;
export const CONTENT_TYPE_REPLY = 3;
/** Joins: the only content that is in clear in a private room. */
export const CONTENT_TYPE_EVENT = 4;

export const CONTENT_VERSION = 1;
