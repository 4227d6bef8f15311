import type { InputLook, LabelShift, SubjectLook } from '../../analysis/inputs/look.ts';
import type { ImageVariant, PixelScale } from '../../analysis/inputs/variants.ts';
import { mean } from '../../stats/describe.ts';
import { type EvaluatedArm, type Evaluation, resultsOfPart } from '../../study/evaluation/record.ts';
import { capitalised, countOf, fixed, grouped, listOf, percent } from '../../study/wording.ts';
import { type DataWords, MNIST_WORDS, wordsIn } from '../dataWords.ts';
import { wordsOfEvaluation } from './evaluationWords.ts';

/** Something about images, labels or a network's input that a reader has to know before the numbers. */
export interface InputDoubt {
  /** What was seen, as a sentence. */
  readonly seen: string;
  readonly todo: string;
  /** What can then not be told of a network: anything from its answers, or its probabilities only; 'nothing' is a remark. */
  readonly spoils: 'answers' | 'probabilities' | 'nothing';
  /** Names of the arms that it is about. */
  readonly arms: readonly string[];
}

/** A network that reads so many more of the images were they meant otherwise, and at least half, was meant for those. */
const CLEARLY_MORE = 0.2;
const LEAST_READ = 0.5;
/** From this share on blank images decide the accuracy. */
const MANY_BLANK = 0.5;
const FAINT = 64;
const MOST_ARMS = 3;

/** Undefined where such images cannot be meant so. */
type Read = (look: SubjectLook) => number | undefined;

const VARIANTS: readonly {
  readonly read: Read;
  readonly were: string;
  readonly todo: string;
  readonly todoElsewhere?: string;
}[] = [
  variant(
    'inverted',
    'white and black are exchanged',
    'Invert them: white digits on black, as in MNIST.',
    'Invert them.',
  ),
  variant('transposed', 'rows and columns are exchanged', 'Transpose them.'),
  variant(
    'both',
    'white and black, and rows and columns, are exchanged',
    'Invert and transpose them: white digits on black, as in MNIST.',
    'Invert and transpose them.',
  ),
  variant('stretched', 'their pixels are stretched to 255', 'Write them with 0 for paper to 255 for ink.'),
  shift(
    'tooHigh',
    'each label is one lower',
    'Number the classes from 0 for the digit zero.',
    'Number the classes as in training.',
  ),
  shift(
    'tooLow',
    'each label is one higher',
    'Number the classes from 0 for the digit zero.',
    'Number the classes as in training.',
  ),
  shift(
    'ofImageBefore',
    'each image has the label of the next',
    'Bring images and labels into the same order.',
  ),
  shift(
    'ofImageAfter',
    'each image has the label of the one before',
    'Bring images and labels into the same order.',
  ),
];

function variant(name: ImageVariant, were: string, todo: string, todoElsewhere = todo) {
  return { read: ({ variants }: SubjectLook) => variants[name], were, todo, todoElsewhere };
}

function shift(name: LabelShift, were: string, todo: string, todoElsewhere = todo) {
  return { read: ({ labels }: SubjectLook) => labels[name], were, todo, todoElsewhere };
}

/** Doubts about what an evaluation was given, the gravest first; none where it was not looked at. */
export function inputDoubts(
  evaluation: Pick<Evaluation, 'parts' | 'arms'> & { readonly data?: Pick<Evaluation['data'], 'set'> },
): InputDoubt[] {
  const words = wordsIn(wordsOfEvaluation(evaluation));
  const look: InputLook | undefined = resultsOfPart(evaluation, 'inputs').at(0);
  if (look === undefined) return [];
  const names = evaluation.arms.map(({ name }) => name);
  const arms = evaluation.arms.flatMap((arm) => {
    const subjects = look.subjects.filter((subject) => subject.arm === arm.name);
    return subjects.length === 0 ? [] : [{ arm, subjects }];
  });
  const ofImages = imageDoubts(look, words).map((doubt) => ({ ...doubt, arms: names }));
  const meant = meantOtherwise(arms, look, words);
  const doubts = [...ofImages, ...meant, ...scaleDoubts(arms)];
  if (meant.length === 0 && look.meanPixel > 128 && look.trainMeanPixel < 128) {
    doubts.push({
      seen: `The images are bright: their mean pixel is ${fixed(look.meanPixel, 0)} of 255, against ${fixed(look.trainMeanPixel, 0)} in the training images.`,
      todo: 'If they are black on white, invert them.',
      spoils: 'nothing',
      arms: names,
    });
  }
  const order = ['answers', 'probabilities', 'nothing'];
  return doubts.sort((a, b) => order.indexOf(a.spoils) - order.indexOf(b.spoils));
}

/** Where all images are of one class, by the number of images of each; also for records of before there was a look. */
export function oneClassDoubt(
  classes: readonly number[],
  images: number,
  words = MNIST_WORDS,
): string | null {
  const only = classes.indexOf(images);
  return only < 0
    ? null
    : `${images === 1 ? 'The only image is' : `All ${grouped(images)} images are`} of the class ${words.classes[only]}: images of one class cannot tell a network that reads ${words.things} from one that gives this answer to everything.`;
}

function imageDoubts({ images, blank, classes }: InputLook, words: DataWords): Omit<InputDoubt, 'arms'>[] {
  const doubts: Omit<InputDoubt, 'arms'>[] = [];
  const absent = classes.flatMap((count, digit) => (count === 0 ? [words.classes[digit]] : []));
  const oneClass = oneClassDoubt(classes, images, words);
  if (oneClass !== null) {
    doubts.push({ seen: oneClass, todo: 'Give images of every class.', spoils: 'answers' });
  } else if (absent.length > 0) {
    doubts.push({
      seen: `There is no image of the ${absent.length === 1 ? 'class' : 'classes'} ${listOf(absent)}.`,
      todo: 'Nothing here is about how they are read.',
      spoils: 'nothing',
    });
  }
  if (blank > 0) {
    doubts.push({
      seen: `${capitalised(countOf(blank, 'image'))} of ${grouped(images)} ${blank === 1 ? 'is' : 'are'} blank, every pixel alike.`,
      todo: 'Look at the file: was it written in another type than bytes?',
      spoils: blank / images >= MANY_BLANK ? 'answers' : 'nothing',
    });
  }
  return doubts;
}

interface ArmLook {
  readonly arm: EvaluatedArm;
  readonly subjects: readonly SubjectLook[];
}

/** Images or labels that the networks were clearly not trained for: of the ways that these may be meant the best, for all arms that say so. */
function meantOtherwise(arms: readonly ArmLook[], look: InputLook, words: DataWords): InputDoubt[] {
  const found = VARIANTS.map(({ read, were, todo, todoElsewhere = todo }) => ({
    were,
    todo,
    todoElsewhere,
    arms: arms.flatMap(({ arm, subjects }) => {
      const given = mean(subjects.map(({ accuracy }) => accuracy));
      const shares = subjects.flatMap((subject) => read(subject) ?? []);
      const then = shares.length < subjects.length ? 0 : mean(shares);
      return then >= given + CLEARLY_MORE && then >= LEAST_READ ? [{ arm, given, then }] : [];
    }),
  })).filter((one) => one.arms.length > 0);
  if (found.length === 0) return [];
  const best = found.toSorted(
    (a, b) => Math.max(...b.arms.map(({ then }) => then)) - Math.max(...a.arms.map(({ then }) => then)),
  )[0];
  const told = best.arms
    .slice(0, MOST_ARMS)
    .map(({ arm, given, then }) => `${arm.label} ${percent(then, 1)} instead of ${percent(given, 1)}`);
  const of = look.sample < look.images ? `${grouped(look.sample)} of the images` : 'the images';
  return [
    {
      seen: `If ${best.were}, ${listOf(told)} of ${of} are read as labelled: images and labels are not what ${best.arms.length === 1 ? 'this network was' : 'these networks were'} trained for${brightness(look)}.`,
      todo: words.isMnist ? best.todo : best.todoElsewhere,
      spoils: 'answers',
      arms: best.arms.map(({ arm }) => arm.name),
    },
  ];
}

function brightness({ meanPixel, trainMeanPixel, largestPixel }: InputLook): string {
  if (largestPixel < FAINT) return ` (the brightest pixel is ${largestPixel} of 255)`;
  return meanPixel > 128 && trainMeanPixel < 128
    ? ` (their mean pixel is ${fixed(meanPixel, 0)} of 255, against ${fixed(trainMeanPixel, 0)} in the training images)`
    : '';
}

/** Networks without a `Rescaling` that were trained on scaled pixels. */
function scaleDoubts(arms: readonly ArmLook[]): InputDoubt[] {
  return arms.flatMap(({ arm, subjects }): InputDoubt[] => {
    const scaled = subjects.flatMap((subject) => (subject.scaled === null ? [] : [subject.scaled]));
    if (scaled.length < subjects.length) return [];
    const given = {
      accuracy: mean(subjects.map(({ accuracy }) => accuracy)),
      logLoss: mean(subjects.map((one) => one.logLoss)),
    };
    const scales = (Object.keys(scaled[0]) as PixelScale[]).map((scale) => ({
      scale,
      accuracy: mean(scaled.map((one) => one[scale].accuracy)),
      logLoss: mean(scaled.map((one) => one[scale].logLoss)),
    }));
    const best = scales.toSorted((a, b) => a.logLoss - b.logLoss)[0];
    if (best.logLoss >= given.logLoss) return [];
    return [
      {
        seen: `${arm.label} has no Rescaling and gets pixels from 0 to 255; with pixels ${best.scale} its log loss is ${fixed(best.logLoss, 4)} instead of ${fixed(given.logLoss, 4)} and its accuracy ${percent(best.accuracy, 1)} instead of ${percent(given.accuracy, 1)}, so it was trained on such pixels.`,
        todo: 'Put that scaling into the network, such as Rescaling(1 / 255) as its first layer, and evaluate it again.',
        spoils: best.accuracy >= given.accuracy + CLEARLY_MORE ? 'answers' : 'probabilities',
        arms: [arm.name],
      },
    ];
  });
}
