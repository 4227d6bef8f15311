import type { Rows, Targets } from '../engine/engine.ts';
import { inOrder } from '../util/consecutive.ts';
import { requireType } from '../util/options.ts';
import { Random } from '../util/random.ts';
import type { MembersInPage } from '../util/members.ts';
import { inSteps } from '../util/steps.ts';
import { checkTensor, type Tensor } from '../util/tensor.ts';
import { type Breathe, breather } from './breather.ts';
import type { TaughtTargets } from './distillation.ts';
import { copyExamples, type EpochSource, requireFiniteLoss, trainEpochs } from './epochs.ts';
import { checkFitOptions } from './fitChecks.ts';
import type { FitOptions } from './fitOptions.ts';
import { nnFeature } from './feature.ts';
import type { FitState } from './fitState.ts';
import type { EpochLogs, History } from './history.ts';
import { NN_FEATURES } from './features/members.ts';
import { type Labels, smoothTargets } from './losses.ts';
import type { Meter } from './meter.ts';
import type { Model } from './model.ts';
import { resolveSchedule } from './schedules/family.ts';
import type { ScheduleFunction, ScheduleMoment } from './schedules/schedule.ts';
import { type TrainStep, trainStep } from './trainStep.ts';

export type { FitOptions };

/** Inputs and labels are copied before the first step: what their owner does with them afterwards changes nothing. */
export async function fit(
  model: Model,
  allInputs: Tensor,
  allLabels: Labels,
  given: FitOptions,
): Promise<History> {
  checkTensor(allInputs, 'inputs');
  checkFitOptions(model, allInputs, given);
  const { inputs, labels, options } =
    given.validationSplit === undefined
      ? { inputs: allInputs, labels: allLabels, options: given }
      : nnFeature('validationSplit').splitOff(allInputs, allLabels, given);
  const { objective, network, distortion } = model;
  const { width } = objective.setting;
  const count = inputs.shape[0];
  const { signal, labelSmoothing = 0, distillation, sampleWeight, classWeight, validationData } = options;
  const breathe = breather(signal);
  const copying = copyExamples(model, [inputs, labels, sampleWeight], validationData);
  const own = await inSteps(copying, breathe);
  const plain =
    classWeight === undefined
      ? own.targets
      : await inSteps(nnFeature('classWeight').weighByClass(own.targets, classWeight, count, width), breathe);
  const schedule = options.schedule === undefined ? undefined : resolveSchedule(options.schedule);
  const smoothed =
    labelSmoothing > 0
      ? await inSteps(smoothTargets(plain, count, objective.setting, labelSmoothing), breathe)
      : plain;
  const taught =
    distillation && new (nnFeature('distillation').TaughtTargets)(smoothed, count, width, distillation);
  const targets = taught?.targets ?? smoothed;
  const seed = options.seed ?? model.seed;
  const augmentation = distortion && { distortion, seed };
  const rows = await inSteps(model.prepareRows(own.inputs, augmentation), breathe);
  try {
    const { doubleScaling: warn } = NN_FEATURES as MembersInPage<typeof NN_FEATURES>;
    if (warn) await inSteps(warn(model, inputs), breathe);
    const names =
      (options.checkpoint ?? options.resume) &&
      (await inSteps(nnFeature('checkpoint').namesOfRun(model, options, inputs, labels), breathe));
    const data = { names, rows, plain, targets, taught };
    const source = new ArrayEpochs({ model, options, ...data, schedule, seed, breathe });
    return await trainEpochs(model, options, { source, validation: own.validation, breathe });
  } finally {
    rows.dispose();
    if (schedule) network.setLearningRate(model.compiled!.optimizer.learningRate);
  }
}

interface ArrayContext {
  readonly model: Model;
  readonly options: FitOptions;
  readonly names: Pick<FitState, 'run' | 'data'> | undefined;
  readonly rows: Rows;
  /** What metrics compare with. */
  readonly plain: Targets;
  readonly targets: Targets;
  readonly taught: TaughtTargets | undefined;
  readonly schedule: ScheduleFunction | undefined;
  readonly seed: number;
  readonly breathe: Breathe;
}

/** Epochs over an array, each in an order of its own. */
class ArrayEpochs implements EpochSource {
  readonly #own: ArrayContext;
  readonly #shuffleStream: Random;
  readonly #trainStep: TrainStep;
  #state!: FitState;
  #history!: History;
  #saved = 0;

  constructor(own: ArrayContext) {
    this.#own = own;
    this.#trainStep = trainStep(own.model.network, own.breathe);
    const { seed } = own.options;
    this.#shuffleStream = seed === undefined ? own.model.shuffleStream : new Random(seed, 'shuffle');
  }

  async begin(history: History): Promise<FitState> {
    const { model, options, names, rows } = this.#own;
    const { resume } = options;
    const fresh = { ...freshState(rows.count), ...names };
    const own = { model, history, shuffleStream: this.#shuffleStream, options };
    this.#state = resume
      ? await inSteps(nnFeature('resume').takeUp(resume, fresh, own), this.#own.breathe)
      : fresh;
    this.#history = history;
    this.#saved = performance.now();
    return this.#state;
  }

  async train(epoch: number, meter: Meter): Promise<{ logs: EpochLogs; steps: number }> {
    const { model, options, rows, taught, breathe } = this.#own;
    const { batchSize = 32, shuffle = true, privacy } = options;
    const state = this.#state;
    const { order } = state;
    if (state.position === 0) {
      inOrder(order);
      await breathe();
      if (shuffle && !privacy) await inSteps(this.#shuffleStream.shuffleInSteps(order), breathe);
    }
    rows.startEpoch?.(epoch);
    await taught?.startEpoch(model, rows, breathe);
    await this.#trainFrom(state, meter);
    const accuracy = state.correct / order.length;
    const logs = {
      loss: state.lossSum / order.length,
      ...(await inSteps(meter.resultsInSteps(accuracy), breathe)),
    };
    Object.assign(state, { position: 0, lossSum: 0, correct: 0 });
    return { logs, steps: Math.ceil(rows.count / batchSize) };
  }

  async between(meter: Meter): Promise<void> {
    if (meter.looks) await this.#save();
  }

  /** Takes the steps from the state's position to the end of its epoch. */
  async #trainFrom(state: FitState, meter: Meter): Promise<void> {
    const { model, options, plain, rows, targets, schedule, seed, breathe } = this.#own;
    const { batchSize = 32, epochs = 1, callbacks = [], privacy } = options;
    const { order, epoch } = state;
    const observers = callbacks.filter((callback) => callback.onBatchEnd !== undefined);
    const steps = Math.ceil(order.length / batchSize);
    const showing = meter.showing(plain);
    while (state.position < order.length) {
      const step = state.position / batchSize;
      const number = epoch * steps + step;
      const batch = order.subarray(state.position, state.position + batchSize);
      if (schedule) {
        const factor = factorAt(schedule, { step: number, steps: epochs * steps, epoch });
        model.network.setLearningRate(model.compiled!.optimizer.learningRate * factor);
      }
      const hidden =
        privacy && nnFeature('privacy').privateBatch(rows.count, { privacy, seed, batchSize, step: number });
      const chosen = hidden ? hidden.batch : batch;
      const size = chosen.length;
      const task = hidden ? { ...showing, privately: hidden.privately } : showing;
      const stepped = this.#trainStep(rows, targets, chosen, task);
      const { loss, correct } = stepped instanceof Promise ? await stepped : stepped;
      requireFiniteLoss(loss, epoch, step);
      state.lossSum += loss * batch.length;
      const accuracy = size > 0 ? correct / size : 0;
      state.correct += privacy ? accuracy * batch.length : correct;
      state.position += batch.length;
      for (const callback of observers) {
        await callback.onBatchEnd!(step, { loss, accuracy, size }, model);
      }
      const pause = breathe();
      if (pause) await pause;
      // What a metric has seen of an epoch is not part of a checkpoint: it has to wait for the epoch's end.
      if (options.checkpoint && !meter.looks) await this.#save();
    }
  }

  async #save(): Promise<void> {
    const { model, options } = this.#own;
    const { checkpoint } = options;
    if (!checkpoint || performance.now() - this.#saved < 1000 * checkpoint.everySeconds) return;
    const { fitState } = nnFeature('checkpoint');
    const state = fitState(this.#state, model, this.#shuffleStream, this.#history);
    await checkpoint.save(await inSteps(state, this.#own.breathe));
    this.#saved = performance.now();
  }
}

function freshState(count: number): FitState {
  return {
    run: '',
    data: '',
    epoch: 0,
    position: 0,
    lossSum: 0,
    correct: 0,
    order: new Uint32Array(count),
    shuffle: new Uint32Array(4),
    history: {},
    network: new Map(),
  };
}

function factorAt(schedule: ScheduleFunction, moment: ScheduleMoment): number {
  const progress = moment.step / moment.steps;
  const factor: unknown = schedule(progress, moment);
  const fits = typeof factor === 'number' && factor >= 0 && factor < Infinity;
  requireType('fit', `schedule to give a factor >= 0 at ${progress}`, fits, factor);
  return factor as number;
}
