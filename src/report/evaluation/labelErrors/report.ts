import type { KnownErrors, LabelErrors, LabelSet } from '../../../analysis/labelErrors/measure.ts';
import { mean } from '../../../stats/describe.ts';
import { studentInterval } from '../../../stats/student.ts';
import { capitalised, countOf, fixed, grouped, percent } from '../../../study/wording.ts';
import { html } from '../../html.ts';
import type { Highlight, PartReport } from '../part.ts';
import type { Cell, Table } from '../../table.ts';
import { galleryFigure } from './galleryFigure.ts';
import { recallFigure } from './recallFigure.ts';
import { type DataWords, type Worded, wordsIn } from '../../dataWords.ts';

const PAPER =
  'Results on real, noisy data may differ. The paper takes every label of MNIST as the truth; some are wrong, in both parts of the data.';

/** Below this agreement with the labels a model's doubts are about itself. */
const CREDIBLE = 0.9;
/** First images of the ranking that the text speaks of. */
const CHECKED = 100;

/** Wrong labels as a limit of what any accuracy on these data can mean (E1). */
export function labelErrorsReport(found: LabelErrors & Worded): PartReport {
  const { test, train, known } = found;
  const indices = new Set(known?.indices ?? []);
  return {
    figures: (context) => [
      galleryFigure(test, 'test', indices, context),
      ...(train === null ? [] : [galleryFigure(train, 'train', new Set(), context)]),
      ...(known === null ? [] : [recallFigure(known, test.images, context)]),
    ],
    tables: [
      listTable(test, 'test', indices, wordsIn(found)),
      ...(train === null ? [] : [listTable(train, 'train', new Set(), wordsIn(found))]),
    ],
    pages: (figure, table) => [
      {
        point: 'E1',
        title: 'Wrong labels: how far the answer key itself can be trusted',
        paper: PAPER,
        status: 'measured',
        measured: measuredText(found),
        body: html`<div class="grid">
            ${figure('label-errors-test')} ${train === null ? null : figure('label-errors-train')}
            ${known === null ? null : figure('label-errors-recall')}
          </div>
          <details>
            <summary>The first ${test.ranked.length} of each ranking</summary>
            ${table('label-errors-test')} ${train === null ? null : table('label-errors-train')}
          </details>`,
        follows: followsOf(found),
        unknown: unknowns(found),
      },
    ],
    highlights: highlightsOf(found),
  };
}

function measuredText({ networks, test, train, known, ...worded }: LabelErrors & Worded): string {
  return [
    `Confident learning (Northcutt, Jiang & Chuang 2021): a label is suspicious where networks that did not learn from the image are at least as sure of another ${wordsIn(worded).one} as they are on average of images that bear it.`,
    `The ${grouped(test.images)} test labels are judged by the mean probabilities of ${countOf(networks, 'network')}, trained on the training images only.`,
    train === null
      ? 'Training labels are not judged here: that needs networks that did not learn from them, one for each fold of a cross-validation.'
      : `Each of the ${grouped(train.images)} training labels is judged by a network of a cross-validation that did not learn from it.`,
    'Images are ranked by the normalised margin, chosen beforehand: how much more probable the given label is than the most probable other one.',
    ...(known === null
      ? []
      : [
          `The test ranking is checked against the ${known.total} test labels that people rejected (Northcutt, Athalye & Mueller 2021).`,
        ]),
  ].join(' ');
}

function followsOf({ networks, test, train, known }: LabelErrors): string[] {
  const together =
    networks === 1
      ? 'The network reads'
      : `The ${countOf(networks, 'network')} together, by their mean probabilities, read`;
  const sets = [
    { set: test, name: 'test', read: together },
    ...(train === null
      ? []
      : [
          {
            set: train,
            name: 'training',
            read: 'The networks of the cross-validation, one for each image, read',
          },
        ]),
  ];
  return [
    ...sets.map(({ set, name, read }) => setSentence(set, name, read)),
    ...(known === null ? [] : [recallSentence(known, test)]),
    ...(test.agreement >= CREDIBLE && known !== null
      ? [
          `A test accuracy cannot be read more finely than its labels: ${known.total} wrong ones among ${grouped(test.images)} are ${percent(known.total / test.images)}, so smaller differences between models may lie in the labels alone.`,
        ]
      : []),
  ];
}

function setSentence({ agreement, suspects, noise }: LabelSet, name: string, read: string): string {
  const agree = `${read} ${percent(agreement)} of the ${name} images as they are labelled`;
  if (agreement < CREDIBLE) {
    return `${agree}: far too few for their doubts to be about the labels. The ${countOf(suspects, 'label')} contradicted with confidence, and the ranking, show where the reading fails.`;
  }
  if (suspects === 0) return `${agree}; none of the labels is contradicted with confidence.`;
  return `${agree}; ${countOf(suspects, 'label')} ${suspects === 1 ? 'is' : 'are'} contradicted with confidence (an estimated ${percent(noise)} of all). Such a label may be wrong or its image misread; a person has to look.`;
}

function recallSentence({ total, found, runs }: KnownErrors, { images }: LabelSet): string {
  const k = Math.min(CHECKED, found.normalisedMargin.length);
  const hits = found.normalisedMargin[k - 1];
  const expected = (k * total) / images;
  const each = runs.map((run) => run.found[k - 1]);
  const alone =
    runs.length < 2
      ? ''
      : `; a single network has ${fixed(mean(each), 1)} on average (95\u00a0% interval over networks ${intervalText(each)})`;
  // Three among the first 100 of 10,000 happen in a random order less than once in 1,000 times.
  const verdict =
    hits <= expected + 2
      ? 'hardly more than chance: this ranking does not find wrong labels'
      : `where a random order would have ${fixed(expected, 2)}: checking these ${k} images by hand is worth while`;
  return `Of the ${total} known wrong test labels ${hits} are among the first ${k} of the ranking${alone}, ${verdict}.`;
}

function intervalText(values: readonly number[]): string {
  const { low, high } = studentInterval(values);
  return `${fixed(Math.max(0, low), 1)} to ${fixed(high, 1)}`;
}

function unknowns({ train, known }: LabelErrors): string[] {
  return [
    'Which of the other suspicious labels are wrong: nobody has judged them here. So the share of true finds in the ranking (its precision) is not known.',
    ...(known === null
      ? []
      : [
          'The known errors were themselves found by a model’s doubts and then judged by people; wrong labels that no model doubts are missing from the list. Of three of them the right digit is not known.',
        ]),
    ...(train === null ? ['Which training labels are suspicious; it needs out-of-fold probabilities.'] : []),
  ];
}

function listTable(
  { ranked, suspects, images }: LabelSet,
  which: 'test' | 'train',
  known: ReadonlySet<number>,
  words: DataWords,
): Table {
  const name = (label: number): Cell => (words.one === 'digit' ? label : words.classes[label]);
  const three = (value: number) => fixed(value, 4);
  return {
    name: `label-errors-${which}`,
    caption: `${capitalised(which === 'test' ? 'test' : 'training')} images whose labels fit least, first ${ranked.length} of ${images}; ${suspects} labels are contradicted with confidence.`,
    columns: [
      { label: 'Rank' },
      { label: 'Image' },
      { label: 'Given' },
      { label: 'Read as' },
      { label: 'p of the given', format: three },
      { label: 'p of the other', format: three },
      { label: 'with confidence' },
      { label: 'known' },
    ],
    rows: ranked.map(({ index, given, suggested, ofGiven, ofSuggested, suspect }, i): Cell[] => [
      i + 1,
      index,
      name(given),
      name(suggested),
      ofGiven,
      ofSuggested,
      suspect ? 'yes' : 'no',
      known.has(index) ? 'yes' : '',
    ]),
  };
}

function highlightsOf({ test, known }: LabelErrors): Highlight[] {
  if (known === null || test.agreement < CREDIBLE) return [];
  return [
    {
      label: 'Known wrong labels in the test set',
      value: `${known.total} of ${grouped(test.images)}`,
      meaning:
        'Even a perfect reader of digits would be marked wrong on these, so a difference in accuracy of this size can come from wrong labels alone.',
      kind: 'number',
    },
  ];
}
