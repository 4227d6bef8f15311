import type { ScenarioName } from './scenarios.ts';

/** Studies in which a statement is not so, and no less not so the other way; `wrong` are the verdicts that are then false. */
export interface Null {
  readonly scenario: ScenarioName;
  readonly wrong: readonly ('supported' | 'contradicted')[];
}

const BOTH = ['supported', 'contradicted'] as const;
const of = (...scenarios: ScenarioName[]): Null[] => scenarios.map((scenario) => ({ scenario, wrong: BOTH }));

const ARMS = of('swapped', 'split-relu', 'split-tanh');
/** Under exchanged labels no arm can be the one that overfits; whether both do is another question. */
const ONE_ARM_ALONE: Null[] = [
  ...of('no-change', 'at-the-margin'),
  ...ARMS.map(({ scenario }) => ({ scenario, wrong: ['supported'] as const })),
];
const CHANGE = of('no-change');
const DIGITS = of('equal-digits', 'tied-digits');
const WORST_DIGITS: Null[] = [...DIGITS, { scenario: 'worst-digits', wrong: ['contradicted'] }];
const HALF = of('half-of-the-runs');

/** Every statement of the claims with its nulls, or why it has none. */
export const NULLS: Readonly<Record<string, readonly Null[] | { readonly none: string }>> = {
  'C1: ReLU has the higher test accuracy': ARMS,
  'C2: ReLU is the more accurate on new writers': ARMS,
  'C2: ReLU is the more accurate on corrected labels': ARMS,
  'C2: ReLU is the more accurate on shifted images': ARMS,
  'C2: ReLU is the more accurate on corrupted images': ARMS,
  'C3: ReLU reaches 98 % training accuracy sooner': ARMS,
  'C3: ReLU reaches 99 % training accuracy sooner': ARMS,
  'C4: Tanh is the more stable in validation accuracy': ARMS,
  'C4: ReLU is the more stable in validation accuracy': ARMS,
  'C4: Tanh is the more stable in validation loss': ARMS,
  'C4: ReLU is the more stable in validation loss': ARMS,
  'C5: ReLU overfits after epoch 4 or 5 while Tanh stays stable: its validation accuracy falls':
    ONE_ARM_ALONE,
  'C5: ReLU overfits after epoch 4 or 5 while Tanh stays stable: its validation loss rises': ONE_ARM_ALONE,
  'C5: Tanh overfits towards the end: its validation accuracy falls': CHANGE,
  'C5: Tanh overfits towards the end: its validation loss rises': CHANGE,
  'C6: The accuracy of Tanh declines towards the end': CHANGE,
  'C6: The error of Tanh grows towards the end': CHANGE,
  'C7: ReLU keeps more accuracy under noise': ARMS,
  'C7: ReLU keeps more accuracy over a suite of corruptions': ARMS,
  'C8: Tanh has the larger input gradients': ARMS,
  'C8: Tanh changes the faster around an image': ARMS,
  'C8: Tanh is fooled the more easily': ARMS,
  'C9: ReLU recognises the digit 1 best': DIGITS,
  'C9: Tanh recognises the digit 1 best': DIGITS,
  'C9: ReLU recognises the digits 8 and 6 worst': WORST_DIGITS,
  'C9: Tanh recognises the digit 6 worst': WORST_DIGITS,
  'C10: ReLU confuses 9 and 7 among its most': HALF,
  'C10: ReLU confuses 5 and 3 among its most': HALF,
  'C10: ReLU confuses 8 and 7 among its most': HALF,
  'C10: Tanh confuses 4 and 9 among its most': HALF,
  'C10: Tanh confuses 3 and 5 among its most': HALF,
  'C10: Tanh confuses 7 and 2 among its most': HALF,
  "C11: ReLU's validation accuracy lies between 96 and 98 %": HALF,
  "C11: Tanh's validation accuracy lies between 96 and 98 %": HALF,
  'C11: Both models are good enough': { none: 'no rule decides it' },
  'C12: ReLU has the higher training accuracy': ARMS,
  'C13: ReLU has the lower training loss': ARMS,
  'C13: ReLU has the lower validation loss': ARMS,
};

/** The verdicts on a statement that are false in a scenario; none where it is no null of it. */
export function wrongVerdicts(statement: string, scenario: ScenarioName): readonly string[] {
  const nulls = NULLS[statement] ?? [];
  return 'none' in nulls ? [] : (nulls.find((one) => one.scenario === scenario)?.wrong ?? []);
}
