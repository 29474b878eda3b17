/** The one-off Background Sync that drains what a closed page has left: an extra trigger, never the only one. */
export const DRAIN_TAG = 'weir-drain';
