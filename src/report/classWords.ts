import { isMnist } from '../data/identity.ts';
import type { Results } from '../study/results.ts';

/** How tables and sentences speak of classes: as digits where they are MNIST's. */
export interface ClassWords {
  readonly one: 'digit' | 'class';
  readonly many: 'digits' | 'classes';
  readonly classes: readonly string[];
}

export function classWords({ identity, classes }: Results['data']): ClassWords {
  return isMnist(identity)
    ? { one: 'digit', many: 'digits', classes }
    : { one: 'class', many: 'classes', classes };
}
