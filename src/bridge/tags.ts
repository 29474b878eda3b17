/** The one-off Background Sync that drains what a closed page has left: an extra trigger, never the only one. */
export const DRAIN_TAG = 'weir-drain';

/** A shared Web Lock that a page holds while it works on edits: a burst has not ended before all of them are committed. */
export const EDITING_LOCK = 'weir:editing';

/** Followed by a room's key: a shared Web Lock that a page holds while it has the focus and shows that room. */
export const IN_SIGHT_LOCK = 'weir:in-sight:';
