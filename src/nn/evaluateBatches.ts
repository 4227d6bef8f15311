import { checkOptions } from '../util/options.ts';
import { inSteps } from '../util/steps.ts';
import type { Batches } from './batches.ts';
import { breather } from './breather.ts';
import { prepareBatch, requireNoLabels, requireSome, untilAborted } from './eachBatch.ts';
import { requireFiniteEvaluation, Total } from './evaluate.ts';
import type { Evaluation, Model } from './model.ts';

/** Loss and metrics over all batches, each `[inputs, labels]` or `[inputs, labels, sampleWeight]`. */
export async function evaluateBatches(
  model: Model,
  batches: Batches<unknown>,
  options: { readonly signal?: AbortSignal },
): Promise<Evaluation> {
  requireNoLabels('evaluate', options);
  checkOptions('evaluate', ['signal'], options);
  const breathe = breather(options.signal);
  const total = new Total(model.network, model.objective);
  let number = 0;
  for await (const batch of untilAborted(batches, options.signal)) {
    const { rows, targets } = await prepareBatch(model, batch, number++, { breathe });
    try {
      await total.add(rows, targets, breathe);
    } finally {
      rows.dispose();
    }
  }
  requireSome('evaluate', number);
  return requireFiniteEvaluation(await inSteps(total.evaluationInSteps(), breathe));
}
