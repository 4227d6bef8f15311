import type { Rows, Targets } from '../engine/engine.ts';
import { DactylError } from '../util/errors.ts';
import { checkOptions, isNumber, requireType } from '../util/options.ts';
import { inSteps, parts } from '../util/steps.ts';
import type { ActivationFields } from './layers/activations.ts';
import { weightsOf } from './losses.ts';
import { targetAt } from './metrics/metric.ts';
import type { Model } from './model.ts';
import { VALUES_AT_A_TIME } from './numeric.ts';
import type { PrivacyOptions } from './privacy.ts';

/** Training towards what other models answer (Hinton, Vinyals & Dean 2015, at temperature 1). */
export interface DistillationOptions {
  /** With the same inputs and classes. Their mean answers are what the model learns, on the very images that it sees (Beyer et al. 2022). */
  readonly teachers: readonly Model[];
  /** Share of the teachers' answers in every target, above 0 up to 1; the labels have the rest. */
  readonly weight: number;
}

/**
 * Throws E_ARGUMENT unless there is a teacher and 0 < weight ≤ 1, all teachers answer with probabilities, the model learns classes, and not privately; E_SHAPE where a teacher has
 * another number of classes.
 */
export function checkDistillation(
  options: DistillationOptions,
  { objective, outputs: classes }: Pick<Model, 'objective' | 'outputs'>,
  privacy: PrivacyOptions | undefined,
): void {
  checkOptions('distillation', ['teachers', 'weight'], options);
  const { teachers, weight } = options;
  requireType('distillation', 'teachers: an array of models', Array.isArray(teachers), teachers);
  for (const teacher of teachers as unknown[]) {
    const isModel = typeof teacher === 'object' && teacher !== null && 'network' in teacher;
    requireType('distillation', 'teachers: an array of models', isModel, teacher);
  }
  if (!isNumber(weight, (x) => x > 0 && x <= 1)) {
    throw new DactylError(
      'E_ARGUMENT',
      `distillation: expected weight above 0, at most 1; received ${weight}.`,
    );
  }
  if (teachers.length === 0) {
    throw new DactylError('E_ARGUMENT', 'distillation: expected at least one teacher; received none.');
  }
  const other = teachers.find(({ outputs }) => outputs !== classes);
  if (other) {
    throw new DactylError(
      'E_SHAPE',
      `distillation: expected teachers with ${classes} outputs, as the model has; received one with ${other.outputs}.`,
    );
  }
  teachers.forEach(checkAnswers);
  if (objective.setting.task !== 'classes') {
    throw new DactylError(
      'E_ARGUMENT',
      `fit: distillation expects a loss of classes; received ${objective.rule.name}. Leave it out.`,
    );
  }
  if (privacy) {
    throw new DactylError(
      'E_ARGUMENT',
      'fit: expected distillation or privacy, received both. What teachers give away of their training data is not accounted for. Leave one out.',
    );
  }
}

/** Targets are shares of one: E_ARGUMENT for a teacher that answers with anything else. */
function checkAnswers(teacher: Model): void {
  const { activation = 'linear' } = teacher.layers.at(-1) as Partial<ActivationFields>;
  if (activation === 'softmax') return;
  throw new DactylError(
    'E_ARGUMENT',
    `distillation: expected teachers that end with softmax; received one with ${activation}. Put Activation('softmax') behind its layers.`,
  );
}

/** Targets t (1 − weight) + weight · (mean of the teachers' outputs), for one epoch's rows after the other. */
export class TaughtTargets {
  readonly targets: Targets;
  readonly #plain: Targets;
  readonly #probabilities: Float32Array;
  readonly #options: DistillationOptions;
  #known = false;

  constructor(plain: Targets, rows: number, classes: number, options: DistillationOptions) {
    this.#plain = plain;
    this.#probabilities = new Float32Array(rows * classes);
    this.#options = options;
    this.targets = { kind: 'values', values: this.#probabilities, ...weightsOf(plain) };
  }

  /** Asks the teachers about the rows as this epoch shows them; once, where every epoch shows the same. */
  async startEpoch(model: Model, rows: Rows, breathe: () => Promise<void> | undefined): Promise<void> {
    if (this.#known && !rows.startEpoch) return;
    const { teachers, weight } = this.#options;
    const networks = teachers.map(({ network }) => network);
    const answers = await inSteps(model.network.meanPredictions(rows, networks), breathe);
    const classes = model.outputs;
    const mixing = parts(answers.length, VALUES_AT_A_TIME, (from, to) => {
      for (let i = from; i < to; i++) {
        const j = i % classes;
        const target = Math.fround(targetAt(this.#plain, (i - j) / classes, j, classes));
        this.#probabilities[i] = (1 - weight) * target + weight * answers[i];
      }
    });
    await inSteps(mixing, breathe);
    this.#known = true;
  }
}
