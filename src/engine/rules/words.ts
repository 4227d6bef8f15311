import { adagradWords } from './adagrad.ts';
import { adamWords } from './adam.ts';
import { adamWWords } from './adamW.ts';
import { lionWords } from './lion.ts';
import { rmspropWords } from './rmsprop.ts';
import type { OptimizerName } from './rules.ts';
import { sgdWords } from './sgd.ts';

/** Every optimizer in words, with authors and year, by its name; apart from the rules, so that bundles do not hold them. */
export const RULE_WORDS: Readonly<Record<OptimizerName, string>> = {
  adam: adamWords,
  sgd: sgdWords,
  adamW: adamWWords,
  rmsprop: rmspropWords,
  adagrad: adagradWords,
  lion: lionWords,
};
