import { basename } from 'node:path';
import { numberNames } from '../../data/identity.ts';
import { consentsOf, decodeModel } from '../../nn/saved.ts';
import { readerOf } from '../../reading/reader.ts';
import { SURE_OF_CLASSES, type SureFrom } from '../../reading/sureFrom.ts';
import { aboutBeside, isReader } from '../../store/answerer.ts';
import { packageVersion } from '../../store/environment.ts';
import { DactylError } from '../../util/errors.ts';
import { sha256Hex } from '../../util/hash.ts';
import { formatShape, sizeOf } from '../../util/tensor.ts';
import type { HeldOutReference } from '../monitor/heldOutReference.ts';
import { type Calibration, calibrationOf } from './calibrate.ts';
import type { FoundModel } from './sources.ts';

const VERSION_DIGITS = 12;

/** A model as it is served: what is known of it, and its file for the threads that compute. */
export interface ServedModel {
  readonly name: string;
  /** The first 12 hexadecimal digits of `hash`. */
  readonly version: string;
  /** SHA-256 of the file. */
  readonly hash: string;
  /** In shared memory. */
  readonly bytes: Uint8Array;
  /** Digits, read from 28 × 28 bytes, or whatever its classes are. */
  readonly kind: 'digits' | 'classes';
  /** Of one input. */
  readonly inputShape: readonly number[];
  /** Values of one input. */
  readonly size: number;
  /** Names, by label. */
  readonly classes: readonly string[];
  /** Whether it says, too, that an image is none of its classes. */
  readonly hasNone: boolean;
  /** 1 where nothing was calibrated. */
  readonly temperature: number;
  /** Least probability at which an answer is sure; ten of them of a reader that has one for each digit. */
  readonly sureFrom: SureFrom;
  /** Conformal sets; absent where no labelled images were at hand that it was not trained on. */
  readonly calibration?: Calibration;
  /** What its answers to held-out images look like; absent likewise, and where its inputs are no images. */
  readonly reference?: HeldOutReference;
  /** Consents to training whose images it was trained on. */
  readonly trainedWith: readonly string[];
  /** What it is for, what it was trained on and what was measured, as Markdown; absent where nobody wrote that. */
  readonly card?: string;
  /** Of Dactyl, which computes its answers. */
  readonly platform: string;
}

/** Whether its inputs are images. */
export function hasImages({ inputShape: { length } }: Pick<ServedModel, 'inputShape'>): boolean {
  return length === 2 || length === 3;
}

/** What is known of a model from its file and what lies beside it, or from `about` its data. Throws E_FORMAT, E_SHAPE for what is no classifier. */
export async function describeModel({
  name,
  file,
  bytes: content,
  about: known,
}: Pick<FoundModel, 'name' | 'file' | 'bytes' | 'about'>): Promise<ServedModel> {
  const bytes = new Uint8Array(new SharedArrayBuffer(content.length));
  bytes.set(content);
  const model = decodeModel(content, file);
  try {
    const about = known ?? aboutBeside(file, model);
    const hash = sha256Hex(content);
    const common = {
      name,
      version: hash.slice(0, VERSION_DIGITS),
      hash,
      bytes,
      inputShape: model.inputShape,
      size: sizeOf(model.inputShape),
      trainedWith: consentsOf(content, file),
      platform: `dactyl-${packageVersion()}`,
    };
    if (isReader(content, file, model, about)) {
      const reader = await readerOf(content, { name: basename(file) });
      reader.model.dispose();
      const { temperature, sureFrom, sets } = reader;
      return {
        ...common,
        kind: 'digits',
        classes: numberNames(10),
        hasNone: model.outputs === 11,
        temperature,
        sureFrom,
        ...(sets && { calibration: calibrationOf(sets) }),
      };
    }
    const { activation } = model.layers.at(-1) as { activation?: unknown };
    if (activation !== 'softmax' || model.outputShape.length !== 1 || model.outputs < 2) {
      throw new DactylError(
        'E_SHAPE',
        `${file}: expected a classifier, with a softmax over two or more classes at its end; received a network that answers with ${formatShape(model.outputShape)}${typeof activation === 'string' ? ` ${activation}` : ''} outputs.`,
      );
    }
    const classes = about?.classes ?? numberNames(model.outputs);
    return { ...common, kind: 'classes', classes, hasNone: false, temperature: 1, sureFrom: SURE_OF_CLASSES };
  } finally {
    model.dispose();
  }
}
