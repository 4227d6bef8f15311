import { checkOptions } from '../util/options.ts';
import { inSteps } from '../util/steps.ts';
import { asBatch, asLabelBatch, type Batches } from './batches.ts';
import { breather } from './breather.ts';
import { labelledBatch, requireSome, untilAborted } from './eachBatch.ts';
import { requireFiniteEvaluation, Total } from './evaluate.ts';
import type { Evaluation, Model } from './model.ts';

/** Loss and metrics over all batches, each `[inputs, labels]` or `[inputs, labels, sampleWeight]`. */
export async function evaluateBatches(
  model: Model,
  batches: Batches<unknown>,
  options: { readonly signal?: AbortSignal },
): Promise<Evaluation> {
  checkOptions('evaluate', ['signal'], options);
  const breathe = breather(options.signal);
  const total = new Total(model.network, model.objective);
  let number = 0;
  for await (const batch of untilAborted(batches, options.signal)) {
    const [one, labels, sampleWeight] = labelledBatch(batch, number++);
    const { inputs, single } = asBatch(one, model.inputShape);
    const preparing = model.prepareTargets(inputs, asLabelBatch(labels, single), sampleWeight);
    const targets = await inSteps(preparing, breathe);
    const rows = await inSteps(model.prepareRows(inputs), breathe);
    try {
      await total.add(rows, targets, breathe);
    } finally {
      rows.dispose();
    }
  }
  requireSome('evaluate', number);
  return requireFiniteEvaluation(await inSteps(total.evaluationInSteps(), breathe));
}
