import { recallPerClass } from '../../analysis/confusion.ts';
import { mean } from '../../stats/describe.ts';
import { numberNames } from '../../data/identity.ts';
import { holdoutSize } from '../../data/splits/holdout.ts';
import { UNIPEN_DIGITS } from '../../data/unipen/drawnDigits.ts';
import { SURE_OF_CLASSES, USUAL_SURE_FROM } from '../../reading/sureFrom.ts';
import type { Evaluation } from '../../study/evaluation/record.ts';
import { consentedWords, learnsDrawings } from '../../study/extraData.ts';
import { settingName, settingText } from '../../study/paper.ts';
import type { Recipe } from '../../study/recipe.ts';
import { capitalised, countOf, grouped, listOf, percent } from '../../study/wording.ts';
import { notCovered, statusOf } from '../evaluation/deciders.ts';
import { shareText } from '../evaluation/estimate.ts';
import type { Point } from '../evaluation/part.ts';
import { armAnswers, qualityOf } from '../evaluation/points/answers.ts';
import { networksTable } from '../evaluation/networksTable.ts';
import { INTENDED, prohibitedUses } from '../evaluation/uses.ts';
import type { Column } from '../table.ts';
import { type CardFacts, type CardItem, type CardSection, listed, said } from './items.ts';
import { type DataWords, wordsIn } from '../dataWords.ts';
import { wordsOfEvaluation } from '../evaluation/evaluationWords.ts';

/** The nine sections of Mitchell et al. 2019, 'Model Cards for Model Reporting' (arXiv 1810.03993). */
export function modelCard(facts: CardFacts): CardSection[] {
  return [
    { title: 'Model details', items: details(facts) },
    {
      title: 'Intended use',
      items: [
        listed('Meant for', INTENDED),
        said('Users', 'Those who learn, teach or study how classifiers work.'),
        listed('Not to be used for', prohibitedUses(wordsOf(facts))),
      ],
    },
    { title: 'Factors', items: factors(facts) },
    { title: 'Metrics', items: metrics(facts) },
    { title: 'Evaluation data', items: evaluationData(facts) },
    { title: 'Training data', items: trainingData(facts) },
    { title: 'Quantitative analyses', items: analyses(facts) },
    { title: 'Ethical considerations', items: ethics(facts) },
    { title: 'Caveats and recommendations', items: caveats(facts) },
  ];
}

function details({ evaluation, command }: CardFacts): CardItem[] {
  const { arms, networks, target, environment } = evaluation;
  const words = wordsIn(wordsOfEvaluation(evaluation));
  return [
    said(
      'What it is',
      `${networks.length === 1 ? 'A network' : `${grouped(networks.length)} networks in ${countOf(arms.length, 'arm')}`} that ${networks.length === 1 ? 'names' : 'name'} ${whatText(words)}.`,
    ),
    ...arms.map((arm) =>
      said(arm.label, `${arm.layers.join(' → ')}; ${grouped(arm.parameters)} trainable parameters.`),
    ),
    ...arms.flatMap(({ label, recipe }) =>
      recipe === null
        ? [said(`Training of ${label}`, 'Not stated in the model file.')]
        : [said(`Training of ${label}`, recipeText(recipe))],
    ),
    said(
      target.kind === 'study' ? 'Study' : target.kind === 'trial' ? 'Trial' : 'Model file',
      `${target.name}, ${target.kind === 'study' ? 'hash of its rules' : target.kind === 'trial' ? 'key' : 'SHA-256'} ${target.hash}.`,
    ),
    said(
      'Made with',
      `Dactyl ${environment.dactyl}, numerics ${environment.numerics}${environment.convolution === undefined ? '' : `, of convolution ${environment.convolution}`}; the same bits on every machine.`,
    ),
    {
      kind: 'table',
      table: networksTable(networks),
    },
    said('This card again', command),
    said(
      'Who made it, and licence',
      'To be said by whoever publishes the model; nothing in its files says it.',
    ),
  ];
}

/** Settings that do something, as they are called in prose. */
function recipeText(recipe: Recipe): string {
  const parts = (Object.keys(recipe) as (keyof Recipe)[]).flatMap((key) => {
    // The layers stand above, of every arm.
    if (key === 'layers') return [];
    const value = settingText(recipe, key);
    return ['0', 'none', 'undefined'].includes(value) ? [] : [`${settingName(key)} ${value}`];
  });
  return `${listOf(parts)}.`;
}

function factors({ evaluation, pages }: CardFacts): CardItem[] {
  const words = wordsIn(wordsOfEvaluation(evaluation));
  const measured = (point: Point, text: string): string =>
    `${text}: ${statusOf(point, pages) === 'measured' ? `measured (evaluation, ${point})` : 'not measured here'}.`;
  const inTable = 'measured (Quantitative analyses, the share of each that is read correctly)';
  const isRead = armAnswers(evaluation).length > 0;
  return [
    listed('What its accuracy may depend on', [
      `Which ${words.one} it is: ${isRead ? inTable : 'not measured here'}.`,
      ...(words.one === 'digit'
        ? [measured('E4', 'Who wrote the digit (writer population), ink, thickness, slant, size, position')]
        : []),
      measured('E1', 'Noise, blur, shift and other damage to the image; changes made on purpose'),
      words.isInk
        ? 'Pen, paper, scanner, country, age and hand of the writer: not recorded in the data, so not measured.'
        : 'Where, when and with what the images were made: not recorded in the data, so not measured.',
    ]),
    ...(evaluation.data.own ? [said('Images', 'Test images of the user’s own were used.')] : []),
  ];
}

function metrics({ evaluation, pages }: CardFacts): CardItem[] {
  const several = armAnswers(evaluation).some(({ accuracies }) => accuracies.length > 1);
  return [
    said(
      'Accuracy',
      `Share of the test images whose largest output is the ${wordsIn(wordsOfEvaluation(evaluation)).one} on the label.`,
    ),
    said(
      'Uncertainty',
      several
        ? '95 % Student intervals over the seeds of an arm: how other starts would change the result, not how other images would.'
        : '95 % Wilson intervals over the test images: how other images of the same kind would change the result, not how another training would.',
    ),
    said(
      'Decision threshold',
      `The network has none: every image gets an answer. ${thresholdText(evaluation)}${statusOf('E7', pages) === 'measured' ? ' Thresholds for a wanted error rate are in the evaluation, E7.' : ''}`,
    ),
  ];
}

/** From which probability on an answer is called sure where such a network is used. */
function thresholdText(evaluation: Evaluation): string {
  const { extents, classes } = wordsIn(wordsOfEvaluation(evaluation));
  return extents.join() === '28,28,1' && classes.join() === numberNames(10).join()
    ? `dactyl predict and dactyl serve call an answer sure from a probability of ${USUAL_SURE_FROM} on, or from the one that the model file states, and not sure below it.`
    : `dactyl predict gives each answer with its probability; dactyl serve calls it sure above ${SURE_OF_CLASSES}.`;
}

function evaluationData({ evaluation: { data } }: CardFacts): CardItem[] {
  return [
    said(
      'Data set',
      data.own
        ? `${grouped(data.testImages)} images of the user’s own: ${listOf(data.files.slice(2).map(({ file, sha256 }) => `${file} (SHA-256 ${sha256})`))}.`
        : data.set
          ? `The ${grouped(data.testImages)} test images of ${data.set.testOf ?? data.set.name}.`
          : `The ${grouped(data.testImages)} test images of MNIST; nobody who wrote one of them wrote a training image.`,
    ),
    said('Preparation', `${preparationText(data)}; the division by 255 is the model’s first layer.`),
    ...(data.own || data.set
      ? []
      : [
          said(
            'Known weakness',
            'The field has used this test set for decades; human raters reject 15 of its labels (Northcutt et al. 2021).',
          ),
        ]),
  ];
}

/** Notes of the readers that say what became of the pixels (`dataSetFromFiles`). */
const PREPARED =
  /^(?:.*: )?(?:pixels: |dark on light|light on dark|read as grey|three channels|every image scaled|strokes, drawn)/;

function preparationText({ own, set }: Evaluation['data']): string {
  const notes = own ? [] : (set?.sheet?.notes ?? []).filter((note) => PREPARED.test(note));
  return notes.length === 0
    ? 'Bytes 0 to 255 as they are in the files'
    : `As they were read, the data sheet’s notes say of it: ${notes.join('; ')}`;
}

function trainingData({ evaluation: { arms, data, evidence } }: CardFacts): CardItem[] {
  const known = arms.some(({ recipe }) => recipe !== null);
  const name = data.set?.name ?? 'MNIST';
  const heldOut = holdoutSize(data.trainImages);
  const split = {
    test: 'all of them',
    holdout: `${grouped(data.trainImages - heldOut)} of them, ${grouped(heldOut)} kept out for validation`,
    half: 'a random half of them, drawn by the seed',
    folds: 'all but one fold',
  };
  return [
    said(
      'Data set',
      known
        ? `The ${grouped(data.trainImages)} training images of ${name}${evidence.validation === null ? '' : `, ${split[evidence.validation]}`}; see the data sheet below.`
        : `Not stated in the model file. Parts of the evaluation that speak of training images take ${name}’s.`,
    ),
    ...arms
      .filter(({ recipe }) => learnsDrawings(recipe))
      .map(({ label }) =>
        said(
          `Further images of ${label}`,
          `unipen-digits: ${grouped(UNIPEN_DIGITS.images)} digits drawn with a pen by ${grouped(UNIPEN_DIGITS.writers)} people (Guyon et al. 1994, ${UNIPEN_DIGITS.licence}), all of them. What an evaluation says of these drawings is then an accuracy on training images, and no measure of strangers’ digits.`,
        ),
      ),
    ...arms.flatMap(({ label, recipe }) =>
      recipe?.consented
        ? [
            said(
              `Images of ${label} under consent`,
              `${capitalised(consentedWords(recipe.consented))}, whose identifiers are ${listOf(recipe.consented.consents)}. Whoever consented can have them erased at any time; that does not untrain this model.`,
            ),
          ]
        : [],
    ),
  ];
}

function analyses({ evaluation, highlights }: CardFacts): CardItem[] {
  const answers = armAnswers(evaluation);
  const words = wordsIn(wordsOfEvaluation(evaluation));
  const numbers = highlights.filter(({ kind }) => kind === 'number');
  const share: Omit<Column, 'label'> = { format: (value: number) => percent(value) };
  return [
    ...answers.map((one) =>
      said(`${one.arm.label}, accuracy`, `${shareText(one.accuracy)}. ${qualityOf(one).text}`),
    ),
    ...(answers.length === 0
      ? []
      : [
          {
            kind: 'table' as const,
            table: {
              name: 'card-recall',
              caption: `Share of each ${words.one} that is read correctly`,
              columns: [
                { label: capitalised(words.one) },
                ...answers.map(({ arm }) => ({ label: arm.label, ...share })),
              ],
              rows: answers[0].confusions[0].map((_, digit) => [
                words.classes[digit],
                ...answers.map(({ confusions }) =>
                  mean(confusions.map((matrix) => recallPerClass(matrix)[digit])),
                ),
              ]),
            },
          },
        ]),
    ...numbers.map(({ label, value, meaning }) => said(label, `${value}. ${meaning}`)),
    ...(numbers.length === 0
      ? [said('Further measures', 'None are kept for this model; dactyl evaluate measures them.')]
      : []),
  ];
}

function ethics({ evaluation, highlights }: CardFacts): CardItem[] {
  const { set } = evaluation.data;
  const risks = highlights.filter(({ kind }) => kind === 'risk');
  return [
    said(
      'People in the data',
      set
        ? 'Whether there are any is not stated; see the data sheet.'
        : 'Handwriting of people who are known by numbers only; see the data sheet.',
    ),
    listed(
      'Risks found',
      risks.length === 0
        ? ['None of what was measured stands out as a risk of its own; what was not measured may.']
        : risks.map(({ label, value, meaning }) => `${label}: ${value}. ${meaning}`),
    ),
  ];
}

function caveats({ evaluation, pages }: CardFacts): CardItem[] {
  const answers = armAnswers(evaluation);
  const of = (...levels: string[]) => answers.filter((one) => levels.includes(qualityOf(one).level));
  return [
    listed('Not covered', notCovered(evaluation, pages)),
    listed('Recommendations', [
      ...of('unclear').map(
        ({ arm }) =>
          `Do not judge ${arm.label} by this evaluation; evaluate it on images like those it was trained on.`,
      ),
      ...of('useless', 'poor').map(
        ({ arm }) => `Do not use ${arm.label} for anything but the study of failures.`,
      ),
      'Measure again on images from where it is to be used (dactyl evaluate with --images and --labels) before any use.',
      'Let a person see and correct the answers, and keep a record of them.',
    ]),
  ];
}

/** What the networks name: 'the digit, 0 to 9, in a grey image of 28 × 28 pixels'. */
function whatText({ isMnist, classes, extents: [rows, columns, channels] }: DataWords): string {
  const image = `${channels === 1 ? 'a grey image' : `an image in ${channels} channels`} of ${rows} × ${columns} pixels`;
  if (isMnist) return `the digit, 0 to 9, in ${image}`;
  const few = classes.length <= MOST_NAMED ? ` (${listOf(classes)})` : '';
  return `the class, of ${grouped(classes.length)}${few}, of ${image}`;
}

/** Classes that are named one by one. */
const MOST_NAMED = 12;

function wordsOf({ evaluation }: CardFacts): DataWords {
  return wordsIn(wordsOfEvaluation(evaluation));
}
