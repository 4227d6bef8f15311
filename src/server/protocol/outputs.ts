import { badRequest } from '../errors.ts';
import type { Answers } from '../models/answers.ts';
import type { ServedModel } from '../models/model.ts';
import { encodeNumbers, encodeTexts } from './binary.ts';
import type { Datatype } from './datatypes.ts';

/** Of each image one value or, `byClass`, one for each class. */
interface OutputKind {
  readonly datatype: Datatype;
  readonly byClass: boolean;
  /** Absent of models of which it is not known. */
  readonly has?: (model: ServedModel) => boolean;
  readonly of: (answers: Answers) => ArrayLike<number> | readonly string[];
}

/** What is answered, in this order. */
const OUTPUTS: Readonly<Record<string, OutputKind>> = {
  /** Calibrated where the model is; with `none` they sum to 1. */
  probabilities: {
    datatype: 'FP32',
    byClass: true,
    of: (answers) => answers.allProbabilities(),
  },
  /** Name of the most probable class. */
  label: {
    datatype: 'BYTES',
    byClass: false,
    of: (answers) => each(answers, (i) => answers.label(i)),
  },
  index: {
    datatype: 'INT32',
    byClass: false,
    of: (answers) => each(answers, (i) => answers.index(i)),
  },
  /** Probability of that class. */
  confidence: {
    datatype: 'FP32',
    byClass: false,
    of: (answers) => each(answers, (i) => answers.confidence(i)),
  },
  /** Probability that it is none of the classes. */
  none: {
    datatype: 'FP32',
    byClass: false,
    has: ({ hasNone }) => hasNone,
    of: (answers) => each(answers, (i) => answers.none(i)),
  },
  sure: {
    datatype: 'BOOL',
    byClass: false,
    of: (answers) => each(answers, (i) => Number(answers.isSure(i))),
  },
  /** Why not, in words; empty where it is. */
  not_sure: {
    datatype: 'BYTES',
    byClass: false,
    of: (answers) => each(answers, (i) => answers.notSure(i) ?? ''),
  },
  /** Whether the class is in the conformal set. */
  set: {
    datatype: 'BOOL',
    byClass: true,
    has: ({ calibration }) => calibration !== undefined,
    of(answers) {
      const { count, model } = answers;
      const k = model.classes.length;
      const members = new Uint8Array(count * k);
      for (let i = 0; i < count; i++) for (const label of answers.set(i)!) members[i * k + label] = 1;
      return members;
    },
  },
};

/** Of a model, by name. */
export function outputsOf(model: ServedModel): readonly (readonly [name: string, kind: OutputKind])[] {
  return Object.entries(OUTPUTS).filter(([, { has }]) => has === undefined || has(model));
}

/** As metadata have it. */
export function outputAbout(name: string, { datatype, byClass }: OutputKind, { classes }: ServedModel) {
  return { name, datatype, shape: byClass ? [-1, classes.length] : [-1] };
}

/** Throws E_ARGUMENT for an output that the model has not. */
export function outputNamed(name: string, model: ServedModel): OutputKind {
  const kind = Object.hasOwn(OUTPUTS, name) ? OUTPUTS[name] : undefined;
  if (kind && (kind.has === undefined || kind.has(model))) return kind;
  const known = outputsOf(model).map(([own]) => own);
  throw badRequest(`Unknown output '${name.slice(0, 40)}'; ${model.name} has ${known.join(', ')}.`);
}

/** The text of an output in the JSON of a response, and its bytes where it is `binary`. */
export function writeOutput(
  name: string,
  { datatype, byClass, of }: OutputKind,
  answers: Answers,
  binary: boolean,
): { json: string; bytes: Buffer | undefined } {
  const values = of(answers);
  const shape = byClass ? `[${answers.count},${answers.model.classes.length}]` : `[${answers.count}]`;
  const head = `{"name":"${name}","datatype":"${datatype}","shape":${shape}`;
  if (!binary) return { json: `${head},"data":${jsonOf(datatype, values)}}`, bytes: undefined };
  const bytes =
    datatype === 'BYTES'
      ? encodeTexts(values as readonly string[])
      : encodeNumbers(datatype, values as ArrayLike<number>);
  return { json: `${head},"parameters":{"binary_data_size":${bytes.length}}}`, bytes };
}

function jsonOf(datatype: Datatype, values: ArrayLike<number> | readonly string[]): string {
  if (datatype === 'BYTES') return JSON.stringify(values);
  if (datatype === 'BOOL') return `[${Array.from(values as ArrayLike<number>, (x) => x === 1).join(',')}]`;
  return `[${Array.prototype.join.call(values, ',')}]`;
}

function each<T>({ count }: Answers, of: (i: number) => T): T[] {
  return Array.from({ length: count }, (_, i) => of(i));
}
