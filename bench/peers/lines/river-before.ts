/** River before it coalesced: every edit saves the whole list as it then is, and saves wait for each other. */
import { mount } from '../mount.ts';
import { riverPeer } from './river-list.ts';

mount(riverPeer((save) => save));
