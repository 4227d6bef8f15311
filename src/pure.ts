/** `dactyl` in a page: all that needs no file and no thread. */
import './engine/texts.ts';

export * from './analysis.ts';
export * from './nn.ts';
export * from './reading.ts';
export * from './stats.ts';
export * from './study.ts';
