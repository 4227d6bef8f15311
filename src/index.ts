/** `dactyl` in Node: every name of the library. */
export * from './node.ts';
export * from './pure.ts';
