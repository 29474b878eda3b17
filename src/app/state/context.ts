import { createContext } from '@lit/context';
import type { WeirApi } from './api.ts';

/** How elements reach the rest of Weir. `weir-app` provides it from its `weir` property. */
export const weirContext = createContext<WeirApi | undefined>(Symbol('weir'));
