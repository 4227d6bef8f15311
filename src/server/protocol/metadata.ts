import { COVERAGES } from '../models/calibrate.ts';
import type { ServedModel } from '../models/model.ts';
import { outputAbout, outputsOf } from './outputs.ts';
import { inputDatatype } from './values.ts';

/** What the protocol says of a model, and under `parameters`, as its rules have it in strings, numbers and booleans, what else a user has to know. */
export function modelMetadata(model: ServedModel, versions: readonly string[]) {
  const { name, hash, kind, inputShape, classes, temperature, sureFrom, calibration, trainedWith } = model;
  return {
    name,
    versions,
    platform: model.platform,
    inputs: [{ name: 'image', datatype: inputDatatype(model), shape: [-1, ...inputShape] }],
    outputs: outputsOf(model).map(([output, about]) => outputAbout(output, about, model)),
    parameters: {
      hash,
      classes: classes.join(','),
      ...(kind === 'digits' && { grey: '0 paper to 255 ink' }),
      temperature,
      sure_from: typeof sureFrom === 'number' ? sureFrom : sureFrom.join(','),
      ...(calibration === undefined
        ? { calibrated_on: 'nothing: no images at hand that it was not trained on' }
        : {
            calibrated_on: calibration.on,
            ...Object.fromEntries<number>(
              COVERAGES.map(
                (coverage) => [`least_${coverage}`, calibration.least.get(coverage)!] as const,
              ).filter(([, least]) => Number.isFinite(least)),
            ),
          }),
      trained_with_consents: trainedWith.length,
    },
  };
}
