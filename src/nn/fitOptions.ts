import type { Tensor } from '../util/tensor.ts';
import type { Callback } from './callbacks.ts';
import type { DistillationOptions } from './distillation.ts';
import type { EarlyStoppingOptions } from './earlyStopping.ts';
import type { FitState } from './fitState.ts';
import type { Labels } from './losses.ts';
import type { PrivacyOptions } from './privacy.ts';
import type { ScheduleOption } from './schedules/family.ts';
import type { ClassWeights } from './classWeights.ts';
import type { SampleWeights } from './weights.ts';

export interface FitOptions {
  /** 1 */
  epochs?: number;
  /** 32; the last batch of an epoch may be shorter. */
  batchSize?: number;
  /** Evaluated after every epoch; weights of the examples, if there are any, count in its loss. */
  validationData?: readonly [inputs: Tensor, labels: Labels, sampleWeight?: SampleWeights];
  /**
   * Share of the examples that is kept out of training and evaluated after every epoch, as in Keras the LAST of them, before any shuffle. Where their order
   * means something (sorted by class, by writer, by time) the two parts differ, or the same writers are in both: then split by hand and give `validationData`.
   */
  validationSplit?: number;
  /** What each example's loss counts. The loss of a batch is Σ weight · loss / rows, as in Keras; metrics are not weighted. */
  sampleWeight?: SampleWeights;
  /** The same by class, such as { 0: 1, 1: 5 }; 1 for classes that are not named. Not beside `sampleWeight`; validation is not weighted. */
  classWeight?: ClassWeights;
  /** true: a new order of the examples every epoch. */
  shuffle?: boolean;
  /**
   * Starts the streams of the order and of dropout afresh; by default they go on from where the model's last `fit` left them. RandomDistortion
   * draws from this seed, the model's by default.
   */
  seed?: number;
  /** 0: silent. 1 (default): a heading and a line per epoch. 2: a line per epoch as Keras prints it. Printed with console.log, no control codes. */
  verbose?: 0 | 1 | 2;
  callbacks?: readonly Callback[];
  /** Ends `fit` within about 50 ms with E_ABORTED. */
  signal?: AbortSignal;
  /** The learning rate's factor over the run: a name, what `cosineDecay()` or another builder returns, or a function; constant by default. */
  schedule?: ScheduleOption;
  /**
   * Decay of the exponential moving average of the weights, such as 0.999; 0 (default): none. Validation and callbacks see the averages,
   * and they are the model's weights in the end.
   */
  averaging?: number;
  /** Share of every training target that is spread over all classes; 0 by default. Validation is against the plain labels. */
  labelSmoothing?: number;
  /** Targets that other models have a share in. Validation is against the plain labels. */
  distillation?: DistillationOptions;
  /** Ends training when an epoch's measure has not improved for a while. */
  earlyStopping?: EarlyStoppingOptions;
  /**
   * Trains with differential privacy. Every step draws its batch anew, each example with probability batchSize / n (so `batchSize` is a mean, and
   * `shuffle` has no meaning); an epoch is ⌈n / batchSize⌉ steps. Loss and accuracy of an epoch are means of its batches', seen without noise.
   */
  privacy?: PrivacyOptions;
  /** Called about every `everySeconds` between two steps, after each where that is 0, with all that is needed to go on; a promise is waited for. */
  checkpoint?: { everySeconds: number; save: (state: FitState) => unknown };
  /**
   * Goes on from a checkpoint of the same model, data and options: E_FORMAT or E_SHAPE for that of another. The data are told apart by their
   * values; a checkpoint of a version that did not keep what they were is taken at its word.
   */
  resume?: FitState;
  /**
   * Threads among which the work of a step is divided, at most as many as the machine has cores; 1 by default. The bits are the same for any number. Short steps that are
   * faster on one thread are taken there; it is found out while training. A page needs cross-origin isolation for threads; where memory cannot be shared, one does it all.
   * E_THREAD where one ends amid the run.
   */
  threads?: number;
}
