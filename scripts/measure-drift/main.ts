/**
 * How often the monitoring of `dactyl serve` alarms without reason, and which corruptions set it off, with the shipped reader and MNIST's test images: the rule of docs/decisions/0024-drift.md. Writes data/reader-drift.json.
 *
 * Usage: nice node scripts/measure-drift/main.ts [--calibrate]   (--calibrate: clean days of the seeds on which the rule was chosen; prints, writes nothing)
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { estimatedAccuracy } from '../../src/analysis/drift/estimatedAccuracy.ts';
import { heldOutHalves } from '../../src/analysis/drift/heldOut.ts';
import { type DriftObservations, observationsAt } from '../../src/analysis/drift/observations.ts';
import { type DriftProfile, driftProfile } from '../../src/analysis/drift/profile.ts';
import { DRIFT_RULE } from '../../src/analysis/drift/rule.ts';
import { CORRUPTIONS, SWEEPS } from '../../src/images/corruptions/all.ts';
import { corruptImages } from '../../src/images/corruptions/corruptImages.ts';
import type { Corruption } from '../../src/images/corruptions/corruption.ts';
import { mean, quantile } from '../../src/stats/describe.ts';
import { wilson } from '../../src/stats/wilson.ts';
import { loadMnist } from '../../src/store/mnist.ts';
import { shippedReader } from '../../src/store/reader.ts';
import { answered } from './answered.ts';
import { cleanDay, imagesToAlarm } from './days.ts';

const FILE = 'data/reader-drift.json';
const DAYS = 1000;
const CALIBRATED_FROM = 1;
const JUDGED_FROM = 10_001;
const STREAMS = 50;
const WITHIN = 500;
/** Of the images that no profile has, corrupted. */
const CORRUPTED = 2500;
/** A corruption is missed where a smaller share of the streams alarms in time. */
const FOUND = 0.95;

const { values } = parseArgs({ options: { calibrate: { type: 'boolean', default: false } } });
const started = performance.now();
const reader = await shippedReader();
const { test } = loadMnist();
const { observations: clean, right } = answered(reader, test.images.data, test.labels);
const halves = heldOutHalves(test.labels.length);
const profile = driftProfile(observationsAt(clean, halves.reference), 10);

const from = values.calibrate ? CALIBRATED_FROM : JUDGED_FROM;
const days = Array.from({ length: DAYS }, (_, day) => cleanDay(clean, from + day));
const alarms = days.filter(({ alarm }) => alarm).length;
const needed = days.map((day) => day.needed);
const cleanDays = {
  ...{ days: DAYS, images: 1000, firstSeed: from, alarms },
  ...rounded({ ...wilson(alarms, DAYS), largestZ: Math.max(...needed), z99: quantile(needed, 0.99) }),
};
console.log(JSON.stringify(cleanDays), `${Math.round((performance.now() - started) / 1000)} s`);
if (!values.calibrate) {
  const rest = observationsAt(clean, halves.rest);
  const corruptions = [...CORRUPTIONS, ...SWEEPS].map((one) => corruptionResult(one, rest));
  const result = {
    format: 'dactyl-reader-drift/1',
    reader: { name: reader.name, hash: reader.hash },
    rule: DRIFT_RULE,
    cleanDays,
    clean: accuracies(
      rest,
      Array.from(halves.rest, (i) => right[i]),
    ),
    within: WITHIN,
    corruptions,
    missed: corruptions.filter(({ found }) => found < FOUND).map(({ name }) => name),
  };
  writeFileSync(FILE, `${JSON.stringify(result, null, 2)}\n`);
  spawnSync('npx', ['prettier', '--write', FILE]);
  for (const one of corruptions) console.log(JSON.stringify(one));
  console.log(`missed: ${result.missed.join(', ') || 'none'}`);
}
console.log(`${Math.round((performance.now() - started) / 1000)} s`);

function corruptionResult(corruption: Corruption, cleanRest: DriftObservations) {
  const level = Math.floor((corruption.settings.length - 1) / 2);
  const indices = halves.rest.subarray(0, CORRUPTED);
  const labels = Array.from(indices, (i) => test.labels[i]);
  const pixels = corruptImages(test.images.data, corruption, { level, seed: 1, indices });
  const changed = answered(reader, pixels, labels);
  const images = { clean: cleanRest, changed: changed.observations, profile };
  const all = streams(images, 1);
  const tenth = streams(images, 0.1);
  return {
    ...{ name: corruption.name, label: corruption.label, setting: corruption.settings[level] },
    ...{ found: all.found, median: all.median, foundTenth: tenth.found, medianTenth: tenth.median },
    ...accuracies(changed.observations, [...changed.right]),
  };
}

/** Of so many streams, the share that alarms in time and the median number of images until then. */
function streams(
  images: { clean: DriftObservations; changed: DriftObservations; profile: DriftProfile },
  share: number,
): { found: number; median: number | null } {
  const most = share === 1 ? WITHIN : 2000;
  const times = Array.from({ length: STREAMS }, (_, k) =>
    imagesToAlarm(images, { seed: JUDGED_FROM + k, share, most }),
  );
  const found = times.filter((time) => time !== undefined);
  return {
    found: found.length / STREAMS,
    median:
      2 * found.length > STREAMS
        ? quantile(
            times.map((time) => time ?? 2 * most),
            0.5,
          )
        : null,
  };
}

function accuracies(observations: DriftObservations, own: readonly number[]) {
  const { estimate } = estimatedAccuracy(observations);
  const accuracy = mean(own);
  return rounded({ accuracy, estimatedAccuracy: estimate, error: estimate - accuracy });
}

function rounded<T extends Readonly<Record<string, number>>>(numbers: T): T {
  return Object.fromEntries(
    Object.entries(numbers).map(([name, value]) => [name, Number(value.toFixed(4))]),
  ) as T;
}
