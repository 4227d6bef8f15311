import { adagrad } from './adagrad.ts';
import { adam } from './adam.ts';
import { adamW } from './adamW.ts';
import { lion } from './lion.ts';
import { rmsprop } from './rmsprop.ts';
import type { AnyRule } from './rule.ts';
import { sgd } from './sgd.ts';

/** Every optimizer by its name. */
export const RULES = { adam, sgd, adamW, rmsprop, adagrad, lion } as const satisfies Record<string, AnyRule>;
