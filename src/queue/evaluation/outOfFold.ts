import { stratifiedFolds } from '../../data/splits/folds.ts';
import { TrialStore } from '../../store/runs.ts';
import { activationOf } from '../../study/network.ts';
import { runTrials } from '../../study/runStudy.ts';
import type { PlannedTrial } from '../../study/study.ts';
import { type TrialConfiguration, trialKey } from '../../study/trialConfiguration.ts';
import type { DataSource } from '../../study/trialData.ts';
import { createLocalExecutor } from '../local.ts';
import { keeperOf } from '../runStudy.ts';

const FOLDS = 5;

/** Longer trainings are not repeated five times by the way. */
const MOST_EPOCHS = 20;

/** The five trials that train a network's recipe on four fifths of the training images each, as a study with folds would. */
function foldTrials(trained: TrialConfiguration): PlannedTrial[] {
  const { recipe, data, seed, split } = trained;
  const byWriters = split.kind === 'fold' && split.groups === 'writers';
  const activation = activationOf(recipe);
  return Array.from({ length: FOLDS }, (_, fold) => {
    const configuration: TrialConfiguration = {
      ...trained,
      // Without the writers that a study with folds by writer names last.
      data: byWriters ? data.slice(0, -1) : data,
      // The fold kept out must not choose the epoch.
      recipe: { ...recipe, earlyStopping: null },
      split: { kind: 'fold', groups: 'images', folds: FOLDS, repeat: 0, fold },
    };
    return { key: trialKey(configuration), arm: activation, activation, seed, fold, configuration };
  });
}

/** The keys of the five trials of a network, or why they are not to be trained. */
export function foldsOf(
  configuration: TrialConfiguration | null,
  { roots, quick }: { roots: readonly string[]; quick: boolean },
): { keys: readonly string[] } | { reason: string } {
  if (configuration === null) {
    return { reason: 'a model file does not say how it was trained; evaluate its trial or its study' };
  }
  if (configuration.recipe.distillation) {
    return { reason: 'teachers that saw all training images would have to be trained again for every fold' };
  }
  const keys = foldTrials(configuration).map(({ key }) => key);
  if (roots.some((root) => hasFolds(configuration, root))) return { keys };
  if (quick) return { reason: 'it needs five more trainings; run without --quick' };
  return configuration.recipe.epochs > MOST_EPOCHS
    ? {
        reason: `it needs five more trainings of ${configuration.recipe.epochs} epochs; run a study with that recipe and the split { "kind": "folds", "folds": 5, "repeats": 1, "groups": "images" } first`,
      }
    : { keys };
}

/** Whether all five are kept below this root. */
export function hasFolds(configuration: TrialConfiguration, root: string): boolean {
  const store = new TrialStore(root);
  return foldTrials(configuration).every(({ key }) => store.has(key));
}

/**
 * Softmax outputs for the training images, each by the network that did not see it, [n, classes]: trains what is not kept. Undefined where one of the trainings failed. Throws
 * E_ABORTED on the signal, and as the store does.
 */
export async function outOfFold(
  configuration: TrialConfiguration,
  source: DataSource,
  options: {
    root: string;
    workers: number;
    signal?: AbortSignal;
    onEpoch?: () => void;
    warn: (line: string) => void;
  },
): Promise<Float32Array | undefined> {
  const { root, workers, signal, onEpoch, warn } = options;
  const store = new TrialStore(root);
  const trials = foldTrials(configuration);
  if (!hasFolds(configuration, root)) store.prepare();
  const executor = createLocalExecutor(source, Math.min(workers, FOLDS));
  try {
    const ends = await runTrials(trials, {
      executor,
      keeper: keeperOf(store, warn),
      ...(signal && { signal }),
      ...(onEpoch && { onEpoch }),
    });
    if (ends.some((end) => end?.kind !== 'finished')) return undefined;
  } finally {
    await executor.close();
  }
  const { labels, classes } = source.train;
  const probabilities = new Float32Array(labels.length * classes);
  const folds = stratifiedFolds(labels, FOLDS, 0, source.strata?.train);
  trials.forEach(({ key }, fold) => {
    const { data } = store.read(key).probabilities;
    folds[fold].forEach((row, k) => {
      probabilities.set(data.subarray(classes * k, classes * (k + 1)), classes * row);
    });
  });
  return probabilities;
}
