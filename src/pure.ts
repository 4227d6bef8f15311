/** `dactyl` in a page: all that needs no file and no thread. */
// First, and with it the kernels' texts (`engine/texts.ts`): for the sake of bundles.
export * from './nn.ts';
export * from './analysis.ts';
export * from './reading.ts';
export * from './stats.ts';
export * from './study.ts';
