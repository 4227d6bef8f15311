import type { Initializer } from './initializer.ts';

/** Every weight is 1. */
export const ones: Initializer = () => () => 1;
