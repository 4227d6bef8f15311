import type { MethodName } from '../../analysis/explanations/methods.ts';
import type { PenStroke } from '../../images/rasterize.ts';
import type { PlainReading } from '../../reading/plainReading.ts';
import type { ErrorCode } from '../../util/errors.ts';

/** What a client sent to be read. */
export type ReadingInput =
  | { readonly kind: 'picture'; readonly bytes: Uint8Array }
  | { readonly kind: 'strokes'; readonly strokes: readonly PenStroke[] };

/** The model that answers, as its file: a thread decodes it once. */
export interface TaskModel {
  readonly name: string;
  /** SHA-256 of the file. */
  readonly hash: string;
  readonly file: Uint8Array;
  /** Of images, for a model that takes its values in one row; names of the classes; both of a model that is no reader. */
  readonly shape?: readonly number[];
  readonly classes?: readonly string[];
}

export interface ReadTask {
  readonly kind: 'read';
  readonly model: TaskModel;
  readonly input: ReadingInput;
  /** For messages, such as 'The picture'. */
  readonly what: string;
  readonly mostPixels: number;
  /** Whether what was cut out is wanted, as PNG. */
  readonly crops: boolean;
}

/** Methods that need nothing besides network and image. */
export const EXPLAINERS = [
  'integratedBlank',
  'integratedBlurred',
  'integratedSolid',
  'occlusion',
  'gradient',
  'gradientTimesInput',
  'smoothGrad',
  'relevanceEpsilon',
  'relevancePlus',
] as const satisfies readonly MethodName[];
export type Explainer = (typeof EXPLAINERS)[number];

export interface ExplainTask {
  readonly kind: 'explain';
  readonly model: TaskModel;
  readonly input: ReadingInput;
  readonly what: string;
  readonly mostPixels: number;
  readonly method: Explainer;
  /** Which of the digits that are found, from the first, 0. */
  readonly index: number;
  /** The class that is explained and the one that it is compared with; by default the answer, and the next. */
  readonly output?: number;
  readonly against?: number;
}

export type Task = ReadTask | ExplainTask;

/** What the network saw and answered with: one row for each digit, or for the picture. */
export interface Rows {
  /** [n][values] */
  readonly images: Uint8Array;
  /** [n][outputs]: calibrated probabilities of a reader (the last 'none', where it has that), else the softmax. */
  readonly probabilities: Float64Array;
  readonly count: number;
}

/** One class for a picture, by a model that is no reader. */
export interface PlainClass {
  readonly label: number;
  readonly second: number;
  readonly confidence: number;
  readonly notSure?: string;
  readonly probabilities: readonly number[];
}

export type ReadAnswer = { readonly rows: Rows } & (
  | { readonly kind: 'numbers'; readonly reading: PlainReading; readonly crops?: readonly string[] }
  | { readonly kind: 'class'; readonly reading: PlainClass }
);

/** A signed map: numbers, row by row, and the same in colours as PNG (base64), blue for, orange against. */
export interface ExplanationMap {
  readonly values: readonly number[];
  readonly png: string;
}

export interface ExplainAnswer {
  readonly kind: 'explanation';
  readonly rows: Rows;
  /** [rows, columns] or [rows, columns, channels] of image and maps. */
  readonly shape: readonly number[];
  /** What the network saw, as PNG (base64). */
  readonly image: string;
  readonly output: number;
  readonly against: number;
  /** Scores before softmax of the two. */
  readonly scores: readonly [number, number];
  /** What speaks for the one, for the other, and the one less the other: why this and not that. */
  readonly maps: {
    readonly output: ExplanationMap;
    readonly against: ExplanationMap;
    readonly contrast: ExplanationMap;
  };
}

export type AnswerTo<T extends Task> = T extends ReadTask ? ReadAnswer : ExplainAnswer;

/** What a thread says. */
export type Told =
  | { readonly kind: 'ready' }
  | { readonly kind: 'answer'; readonly answer: ReadAnswer | ExplainAnswer }
  // A class does not survive the way between threads.
  | { readonly kind: 'refusal'; readonly code: ErrorCode; readonly message: string };
