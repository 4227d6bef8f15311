import { nameOf, type SubjectName } from '../subject.ts';
import { requireFields } from '../../util/options.ts';
import type { Adversarial } from './measure.ts';

/** What claims of sensitivity are judged by, of one network. */
export interface AdversarialMeasures extends SubjectName {
  /** Linf, pixels counted from 0 to 1: the settings' reference. */
  readonly epsilon: number;
  /** Share of the sample answered rightly under the best of all attacks. */
  readonly adversarialAccuracy: number;
}

export function adversarialMeasures(adversarial: Adversarial): AdversarialMeasures[] {
  requireFields('adversarialMeasures: adversarial', ['subjects', 'settings'], adversarial);
  const { subjects, settings } = adversarial;
  return subjects.map((subject) => ({
    ...nameOf(subject),
    epsilon: settings.reference,
    adversarialAccuracy: bestAt(subject, settings.reference),
  }));
}

function bestAt({ rungs }: Adversarial['subjects'][number], epsilon: number): number {
  const { best, images } = rungs.linf.find((rung) => rung.epsilon === epsilon)!;
  return best / images;
}
