import type { LogitSeed } from '../../engine/engine.ts';
import { DactylError } from '../../util/errors.ts';
import { checkOptions, requireNumbers } from '../../util/options.ts';

/**
 * What is explained for each image: the logit (the score before softmax) of `classes[i]`, or, where `against` is given, by how
 * much it exceeds the logit of `against[i]` ('why 4 and not 9'). Every method is linear in this choice: the map of the difference is the
 * difference of the two classes' maps.
 */
export interface Target {
  readonly classes: ArrayLike<number>;
  readonly against?: ArrayLike<number>;
}

/** The target as weights of the logits: 1 for the class, −1 for the one it is compared with. `repeat`: rows that belong to one image. */
export function seedOf({ classes, against }: Target, repeat = 1): LogitSeed {
  return (row, _logits, weights) => {
    const image = Math.floor(row / repeat);
    weights[classes[image]] += 1;
    if (against) weights[against[image]] -= 1;
  };
}

/** Σⱼ sⱼ · logitⱼ of row `row` in logits [n][outputs], for image `image`. */
export function scoreOf(
  { classes, against }: Target,
  logits: ArrayLike<number>,
  outputs: number,
  row: number,
  image = row,
): number {
  const own = logits[row * outputs + classes[image]];
  return against ? own - logits[row * outputs + against[image]] : own;
}

/** Those of the images numbered in `chosen`. */
export function targetAt({ classes, against }: Target, chosen: ArrayLike<number>): Target {
  const pick = (values: ArrayLike<number>): number[] => Array.from(chosen, (i) => values[i]);
  return against ? { classes: pick(classes), against: pick(against) } : { classes: pick(classes) };
}

/** Throws E_ARGUMENT, E_SHAPE or E_LABEL unless the target names an output of the network for each of `count` images. */
export function checkTarget(target: Target, count: number, outputs: number): void {
  checkOptions('An explanation: target', ['classes', 'against'], target);
  const { classes, against } = target;
  for (const [what, values] of [
    ['classes', classes],
    ['against', against],
  ] as const) {
    if (what === 'against' && values === undefined) continue;
    requireNumbers(`An explanation: ${what}`, values);
    if (values!.length !== count) {
      throw new DactylError(
        'E_SHAPE',
        `An explanation: expected ${count} ${what}, one for each image, received ${values!.length}.`,
      );
    }
    const wrong = Array.from(values!).find((c) => !(Number.isInteger(c) && c >= 0 && c < outputs));
    if (wrong !== undefined) {
      throw new DactylError(
        'E_LABEL',
        `An explanation: expected ${what} from 0 to ${outputs - 1}, received ${wrong}.`,
      );
    }
  }
}
