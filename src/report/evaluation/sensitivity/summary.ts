import type { SensitivityOfSubject } from '../../../analysis/sensitivity/measure.ts';
import { type ActivationName, ACTIVATIONS } from '../../../engine/activations/activations.ts';
import { plateausOf } from '../../../engine/activations/curves.ts';
import { mean } from '../../../stats/describe.ts';
import { studentInterval } from '../../../stats/student.ts';
import type { Estimate } from '../../../study/evaluation/evidence.ts';
import { NO_BREAK_SPACE } from '../../../study/wording.ts';
import type { ArmOf } from '../adversarial/arms.ts';
import { ALIKE } from '../estimate.ts';

export type SensitiveArm = ArmOf<SensitivityOfSubject>;

/** Mean over the networks of an arm, with Student's 95 % interval from two on. */
export function overSeeds(
  { subjects }: SensitiveArm,
  of: (subject: SensitivityOfSubject) => number,
): Estimate {
  const values = subjects.map(of);
  if (values.length < 2) return { n: 1, mean: mean(values), low: null, high: null };
  const { low, high, mean: centre } = studentInterval(values);
  return { n: values.length, mean: centre, low, high };
}

/** '19.5 (95 % interval 18.2 to 20.8)' */
export function estimateText({ mean: value, low, high }: Estimate, write: (value: number) => string): string {
  if (low === null || high === null) return write(value);
  return low === high
    ? `${write(value)}${ALIKE}`
    : `${write(value)} (95${NO_BREAK_SPACE}% interval ${write(low)} to ${write(high)})`;
}

/** Flat at both ends, where flat means saturated; of the other activations it means switched off. */
function isBounded(activation: string): boolean {
  const plateaus = Object.hasOwn(ACTIVATIONS, activation)
    ? plateausOf(activation as ActivationName, 0)
    : null;
  return plateaus !== null && Number.isFinite(plateaus.below) && Number.isFinite(plateaus.above);
}

/** What flat means in the hidden layers of an arm; 'both' where they differ, 'never' where all are linear. */
export function flatKind({ subjects: [{ layers }] }: SensitiveArm): 'bounded' | 'open' | 'both' | 'never' {
  const kinds = new Set(
    layers
      .filter(({ low, activation }) => low !== null && activation !== 'linear')
      .map(({ activation }) => (isBounded(activation) ? 'bounded' : 'open')),
  );
  if (kinds.size === 0) return 'never';
  return kinds.size === 2 ? 'both' : [...kinds][0];
}

/** Three significant digits, without an exponent where that is short. */
export function significant(value: number): string {
  if (value === 0) return '0';
  const text = value.toPrecision(3);
  if (!text.includes('e')) return text.replace('-', '\u2212');
  const [digits, exponent] = text.split('e');
  return `${digits.replace('-', '\u2212')}·10${[...String(Number(exponent))].map((sign) => RAISED[sign]).join('')}`;
}

const RAISED: Readonly<Record<string, string>> = {
  '-': '⁻',
  0: '⁰',
  1: '¹',
  2: '²',
  3: '³',
  4: '⁴',
  5: '⁵',
  6: '⁶',
  7: '⁷',
  8: '⁸',
  9: '⁹',
};
