import type { Initializer } from './initializer.ts';

/** Every weight is 0. */
export const zeros: Initializer = () => () => 0;
