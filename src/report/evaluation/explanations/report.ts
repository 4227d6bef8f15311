import type { Explanations } from '../../../analysis/explanations/measure.ts';
import { METHOD_NAMES } from '../../../analysis/explanations/methods.ts';
import { countOf, fixed, grouped, listOf, percent } from '../../../study/wording.ts';
import type { FigureContext } from '../../figures/figure.ts';
import { html } from '../../html.ts';
import type { EvaluationPage, Highlight, PartReport } from '../part.ts';
import { fewerSentence } from '../cost.ts';
import { POINTS } from '../points/points.ts';
import { changeFigure } from './changeFigure.ts';
import { contrastFigure } from './contrastFigure.ts';
import { curvesFigure } from './curvesFigure.ts';
import { decisionFigure, shownDecisions } from './decisionFigure.ts';
import { followsOf, trustSentence } from './follows.ts';
import { mapsFigure } from './mapsFigure.ts';
import { neighboursFigure } from './neighboursFigure.ts';
import { sanityFigure } from './sanityFigure.ts';
import { completenessTable, methodsTable } from './tables.ts';
import { drawnLayers, unitsFigure, weightsFigure } from './unitsFigures.ts';
import { armLabel, METHOD_LABELS, preferredMethod, sureness, verdictsOf } from './words.ts';
import { MOST_CLASSES } from '../../../analysis/explanations/examples.ts';
import { type Worded, wordsIn } from '../../dataWords.ts';

type Shown = Explanations & Worded;

/** The pages on transparency: how answers come about, and how far the explanations can be trusted. One network for each arm. */
export function explanationsReport(arms: readonly Shown[]): PartReport {
  return {
    figures: (context) => arms.flatMap((x) => figuresOf(x, context)),
    tables: arms.flatMap((x) => [methodsTable(x), completenessTable(x)]),
    pages: (figure, table): EvaluationPage[] => [
      {
        point: 'E6',
        title: 'Transparency: why this answer',
        paper: `${POINTS.E6.paper} ${claimText(arms)}`,
        status: 'measured',
        measured: measuredText(arms),
        body: html`${arms.map(
          (x) => html`
            ${arms.length > 1 ? html`<h4>${armLabel(x)}</h4>` : null} ${figure(`explanations-maps-${x.arm}`)}
            <div class="table">${table(`explanations-methods-${x.arm}`)}</div>
            <div class="grid">
              ${figure(`explanations-deletion-${x.arm}`)} ${figure(`explanations-insertion-${x.arm}`)}
            </div>
            ${figure(`explanations-sanity-${x.arm}`)}
            <div class="table">${table(`explanations-completeness-${x.arm}`)}</div>
            ${figure(`explanations-contrast-${x.arm}`)} ${figure(`explanations-change-${x.arm}`)}
            ${hasNeighbours(x) ? figure(`explanations-neighbours-${x.arm}`) : null}
            <details>
              <summary>What each hidden unit looks for – ${armLabel(x)}</summary>
              ${hasWeights(x) ? figure(`explanations-weights-${x.arm}`) : null}
              ${drawnLayers(x).map(({ layer }) => figure(`explanations-units-${x.arm}-${layer + 1}`))}
            </details>
          `,
        )}`,
        follows: arms.flatMap(followsOf),
        unknown: unknowns(arms),
      },
      {
        point: 'E10',
        title: 'Explanations for users and managers',
        paper: POINTS.E10.paper,
        status: 'measured',
        measured: `The report, the library and a server (dactyl serve, /v1/explain) explain answers, as below. A browser application, where a user would ask for the reasons of an answer, is not built.`,
        body: html`${arms.map((x) => figure(`explanations-decision-${x.arm}`))}`,
        follows: arms.flatMap(decisionSentences),
        unknown: [
          'Whether users or managers understand these pictures, decide better with them, or trust wrong answers more because of them was not measured: nobody was asked.',
        ],
      },
    ],
    highlights: arms.flatMap(highlightsOf),
  };
}

function figuresOf(x: Explanations, context: FigureContext) {
  return [
    mapsFigure(x, context),
    curvesFigure(x, 'deletion', context),
    curvesFigure(x, 'insertion', context),
    sanityFigure(x, context),
    contrastFigure(x, context),
    changeFigure(x, context),
    ...(hasNeighbours(x) ? [neighboursFigure(x, context)] : []),
    ...(hasWeights(x) ? [weightsFigure(x, context)] : []),
    ...drawnLayers(x).map((layer) => unitsFigure(x, layer, context)),
    decisionFigure(x, context),
  ];
}

function hasWeights({ units }: Explanations): boolean {
  return units.weights.length > 0;
}

function hasNeighbours({ examples }: Explanations): boolean {
  return examples.some(({ neighbours }) => neighbours !== null);
}

function claimText(arms: readonly Shown[]): string {
  const both = ['relu', 'tanh'].every((name) => arms.some(({ activation }) => activation === name));
  return `It shows no explanation of any answer${both ? ', and claims no difference between ReLU and Tanh in this' : ''}.`;
}

/** 'ten', or in digits where some arms have fewer. */
function waysOf(arms: readonly Shown[]): string {
  const counts = arms.map(({ sanity }) => sanity.methods.length);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  if (least === METHOD_NAMES.length) return 'ten';
  return least === most ? String(most) : `${least} to ${most}`;
}

function costText(arms: readonly Shown[]): string {
  return fewerSentence(Math.max(...arms.map(({ cost = 1 }) => cost)));
}

function leftOutText(arms: readonly Shown[]): string {
  return arms
    .flatMap((x) => {
      const { leftOut = [] } = x;
      if (leftOut.length === 0) return [];
      return ` Left out for ${armLabel(x)}: ${listOf(leftOut.map(({ method }) => METHOD_LABELS[method]))}; ${leftOut[0].reason}.`;
    })
    .join('');
}

function measuredText(arms: readonly Shown[]): string {
  const [x] = arms;
  const labels = arms.map(({ sanity }) => sanity.randomLabels).find((one) => one !== null);
  return `One network each of ${listOf(arms.map((one) => armLabel(one)))}, fixed beforehand. ${countOf(x.examples.length, 'answer')} of each, ${firstText(x)} and the mistakes the network was surest of, explained in ${waysOf(arms)} ways that mark pixels, by contrast, by the smallest change found that turns them, and by training images. These ways were then checked on ${x.images} test images drawn at random (the same for all arms): pixels wiped or put back in the order a map gives, against random order and darkest ink first; and whether maps change when the weights are random${labels === undefined ? ' (a network trained on shuffled labels was left out in this quick run)' : ` or when the network learnt shuffled labels (${grouped(labels.images)} images, ${percent(labels.trainAccuracy, 0)} of them by heart)`}. The smallest changes were sought on ${x.changes.images} of these images.${costText(arms)}${leftOutText(arms)}`;
}

function unknowns(arms: readonly Shown[]): string[] {
  const isDigits = wordsIn(arms[0]).one === 'digit';
  return [
    'Whether a person is convinced, and rightly so, was not measured: nobody was asked.',
    `One network of ${arms.length > 1 ? 'each arm' : 'the arm'} stands for itself: other seeds may give other maps. The intervals are over images, not over seeds.`,
    'Deletion and insertion show the network images it was never trained on; they compare methods on one network and are no measure of how good its reasons are. The start of a path (blank paper, say) favours methods that wipe to the same.',
    `The bound of 0.5 for maps that stay alike is this report’s own, fixed beforehand; the literature gives none. Methods that multiply by the pixel keep some likeness through ${isDigits ? 'the digit' : 'the picture'} itself.`,
    'A smallest change is the smallest that was found. Whether a person would notice it was not measured.',
  ];
}

function decisionSentences(x: Shown): string[] {
  const { classes, one } = wordsIn(x);
  const shown = shownDecisions(x).map((example) => {
    const { index, answer, trueClass, rival, counterfactual, neighbours } = example;
    const same = neighbours?.filter(({ label }) => label === answer).length;
    return `${armLabel(x)} reads test image ${index} as ${classes[answer]} with ${sureness(example)} probability, ${answer === trueClass ? 'correctly' : `in truth it is ${classes[trueClass]}`}; ${classes[rival]} is the ${one} it is contrasted with${same === undefined ? '' : `, ${same} of ${neighbours!.length} most similar training images are labelled ${classes[answer]}`}${counterfactual === null ? ', and no change that turns the answer was found' : `, and a change of size ${fixed(counterfactual.distance, 2)} makes it ${classes[counterfactual.after]}`}.`;
  });
  return [x.constant ? followsOf(x)[0] : trustSentence(x), ...shown];
}

function highlightsOf(x: Shown): Highlight[] {
  const label = armLabel(x);
  const verdicts = verdictsOf(x);
  const passing = verdicts.filter(({ passes }) => passes).length;
  const { distance, medianShare } = x.changes;
  return [
    {
      label: `${label}: ways to explain that pass every check`,
      value: `${passing} of ${verdicts.length}`,
      meaning: x.constant
        ? 'The network answers always the same, so there is nothing to explain.'
        : passing === 0
          ? 'No map of this network should be given to anybody as the reason of an answer.'
          : `Reasons can be shown with these, first with ${METHOD_LABELS[preferredMethod(x)]}; they say what the network goes by, not whether it is right.`,
      kind: passing === 0 ? 'risk' : 'number',
    },
    ...(distance === null || medianShare === null
      ? []
      : [
          {
            label: `${label}: smallest change found that turns an answer`,
            value: `${fixed(distance[1], 2)} (${fixed(distance[0], 2)} to ${fixed(distance[2], 2)})`,
            meaning: `Median and 5 to 95 % of ${x.changes.found} images, in pixels of full ink: ${percent(medianShare, 0)} of the strength of ${wordsIn(x).one === 'digit' ? 'a digit’s own ink' : 'the image itself'} suffices to get another answer.`,
            kind: 'risk' as const,
          },
        ]),
  ];
}

/** Which examples are the first ones. */
function firstText(x: Shown): string {
  const { one, classes } = wordsIn(x);
  if (one === 'digit') return 'the first test image of every digit';
  return classes.length <= MOST_CLASSES
    ? 'the first test image of every class'
    : `the first test image of each of the first ${MOST_CLASSES} classes`;
}
