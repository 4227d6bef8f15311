import { requireCount } from '../../stats/requirements.ts';
import { requireFields } from '../../util/options.ts';
import { atOnce, type Steps } from '../../util/steps.ts';
import { classifierTest } from './classifierTest.ts';
import { certainly, type Effect } from './effect.ts';
import { INPUT_STATISTICS } from './inputStatistics.ts';
import { type DriftObservations, requireObservations } from './observations.ts';
import type { DriftProfile } from './profile.ts';
import { type DriftKind, type DriftMeasure, DRIFT_RULE } from './rule.ts';
import { classShift, confidenceShift, standardisedDifference } from './shifts.ts';

/** Fewer images say too little. */
const LEAST_WINDOW = 100;

/** All measures of a window, of at least 100 images, against a profile; each says whether it alarms. The order is fixed. */
export function measureDrift(window: DriftObservations, profile: DriftProfile): DriftMeasure[] {
  return atOnce(driftSteps(window, profile));
}

/** The same in steps of some milliseconds. */
export function* driftSteps(window: DriftObservations, profile: DriftProfile): Steps<DriftMeasure[]> {
  requireObservations('measureDrift: window', window);
  requireFields('measureDrift: profile', ['count', 'classes', 'means', 'features', 'training'], profile);
  requireCount(window.answers.length, LEAST_WINDOW, 'A window of drift, images');
  const measures = [judged('classifier', 'Told apart by a classifier', classifierTest(window, profile))];
  yield;
  measures.push(judged('confidence', 'Less sure', confidenceShift(window, profile)));
  yield;
  measures.push(judged('classes', 'Other classes', classShift(window, profile)));
  INPUT_STATISTICS.forEach(({ name, label }, k) => {
    const difference = standardisedDifference(window, profile, k);
    measures.push({ ...judged('inputs', label, difference), statistic: name });
  });
  return measures;
}

function judged(kind: DriftKind, label: string, effect: Effect): DriftMeasure {
  return { kind, label, ...effect, alarm: certainly(effect, DRIFT_RULE.z) > DRIFT_RULE.least[kind] };
}
