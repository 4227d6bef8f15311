import type { Adversarial } from '../../../analysis/adversarial/measure.ts';
import { countOf, grouped, listOf, percent } from '../../../study/wording.ts';
import { html } from '../../html.ts';
import { shareText } from '../estimate.ts';
import type { Highlight, PartReport } from '../part.ts';
import { attackFigure } from './accuracyFigure.ts';
import { armsOfSubjects, seedsText } from './arms.ts';
import { failedChecks } from './checks.ts';
import { examplesFigure } from './examplesFigure.ts';
import { armFollows, checksFollow, checksFor, comparisonFollows, isUseless, standingOf } from './follows.ts';
import { fewerSentence } from '../cost.ts';
import { armShare, type AttackedArm, imagesText, intervalsText } from './shares.ts';
import { accuracyTable, checksTable } from './tables.ts';
import { type Worded, wordsIn } from '../../dataWords.ts';

const PAPER =
  'Real data may give other results than the test set. The paper says that Tanh is highly sensitive to its input and that ReLU resists noise better, and measures neither.';

/** Arms whose examples are drawn. */
const MOST_ARMS = 4;

/** Attacks made to fool the network: the worst that small changes of an image can do (E1). */
export function adversarialReport(result: Adversarial & Worded): PartReport {
  const arms = armsOfSubjects(result.subjects);
  const galleries = result.gallery
    .filter(({ examples }) => examples.length > 0)
    .slice(0, MOST_ARMS)
    .map(({ arm, examples }) => ({
      arm,
      examples,
      label: arms.find((one) => one.arm === arm)?.label ?? arm,
    }));
  return {
    figures: (context) => [
      attackFigure('linf', arms, result, context),
      attackFigure('l2', arms, result, context),
      ...galleries.map((gallery) => examplesFigure(gallery, gallery.examples, context)),
    ],
    tables: [accuracyTable(arms, result), checksTable(result)],
    pages: (figure, table) => [
      {
        point: 'E1',
        title: 'Limits: images changed on purpose to be misread',
        paper: PAPER,
        status: 'measured',
        measured: measuredText(arms, result),
        body: html`<div class="grid">${figure('attack-linf')}${figure('attack-l2')}</div>
          ${galleries.map(({ arm }) => figure(`attack-examples-${arm}`))}
          ${result.sanity.length === 0 ? null : table('attack-checks')}
          <details>
            <summary>All sizes, with intervals</summary>
            ${table('attack-accuracy')}
          </details>`,
        follows: [
          ...arms.flatMap((arm) => armFollows(arm, result)),
          ...comparisonFollows(arms, result),
          ...checksFollow(arms, result),
        ],
        unknown: [
          `How often images are changed on purpose where the network is used: the attacks here know its weights, which somebody outside seldom does.`,
          `Attacks of another kind, such as ${wordsIn(result).one === 'digit' ? 'strokes added with a pen, turning or moving the digit' : 'marks added to it, turning or moving the image'}.`,
          `Images of another kind: intervals are ${intervalsText(arms)}, so they are about other images like these ${grouped(result.testImages)} test images.`,
          'Whether training on such images would help: it is not built.',
        ],
      },
    ],
    highlights: highlightsOf(arms, result),
  };
}

function measuredText(arms: readonly AttackedArm[], result: Adversarial): string {
  const { settings, testImages, sanity } = result;
  const { seed, ladders, sanity: checks } = settings;
  const sizes = listOf(ladders.linf.map((epsilon) => percent(epsilon, 0)));
  const checked = Math.max(0, ...sanity.map((one) => one.images));
  return [
    `Accuracy on ${imagesText(result)} (of ${grouped(testImages)}; drawn with seed ${seed}, the same for every network; ${seedsText(arms)}) after somebody who knows the network has changed them to be misread, within a limit: every pixel by at most ${sizes} of the way from paper to ink (L∞), or the image as a whole by ${listOf(ladders.l2.map(String))} in the root of the sum of squared changes (L2; 1 is as much as one pixel from paper to ink).`,
    `Attacks: one step along the gradient (FGSM), and projected gradient descent with shrinking steps along the cross-entropy and towards each wrong class that comes into question, longer towards those that came near; an image counts as misread if any of them succeeds, at this size or a smaller one, or if it is misread unchanged.`,
    `The attacks were checked on up to ${countOf(Math.max(checked, 1), 'image')} against an attack of far more effort (three losses and all nine wrong classes, each with steps of constant and of shrinking size, ${checks.steps} from each of ${countOf(checks.starts, 'start')}), a random search and images made for another network.${fewerSentence(result.cost)}`,
  ].join(' ');
}

/** What the headline's intervals are about, and how much too high it may be. */
function basisText(arms: readonly AttackedArm[], { sanity }: Adversarial): string {
  const images = sanity.reduce((sum, one) => sum + one.images, 0);
  const more = sanity.reduce((sum, { harder }) => sum + harder.more, 0);
  const checked =
    images === 0
      ? ''
      : ` An attack of far more effort turns ${more === 0 ? 'none' : String(more)} more of ${countOf(images, 'image')}${sanity.length > 1 ? ', all arms together' : ''}.`;
  return `Intervals ${intervalsText(arms)}.${checked}`;
}

function highlightsOf(arms: readonly AttackedArm[], result: Adversarial & Worded): Highlight[] {
  const { images, settings } = result;
  const { reference } = settings;
  const standings = arms.map((arm) => standingOf(arm, result));
  const useless = arms.filter((arm) => isUseless(arm, result));
  const fragile = arms.filter((_, k) => standings[k] === 'fragile' || standings[k] === 'partly');
  const failing = arms.filter((arm) => {
    const sanity = checksFor(arm, result);
    return sanity !== undefined && standingOf(arm, result) !== 'blind' && failedChecks(sanity).length > 0;
  });
  const names = (list: readonly AttackedArm[]): string => listOf(list.map(({ label }) => label));
  return [
    {
      label: `Right answers left of ${grouped(images)} images when an attacker changes each pixel by at most ${percent(reference, 0)} (ε = ${reference})`,
      value: listOf(
        arms.map((arm) => `${arm.label} ${shareText(armShare(arm, 'linf', reference, 'best', result))}`),
      ),
      meaning: `${basisText(arms, result)} ${
        useless.length === arms.length
          ? 'The network is not right often enough without an attack for the number to mean anything.'
          : fragile.length > 0
            ? `Where somebody gains from a misread ${wordsIn(result).one === 'digit' ? 'digit' : 'image'}, answers of ${names(fragile)} must not be trusted alone: changes that a person hardly sees turn them.`
            : 'Changes of this size seldom turn an answer; larger ones do, see the page.'
      }`,
      kind: fragile.length > 0 ? 'risk' : 'number',
    },
    ...(failing.length === 0
      ? []
      : [
          {
            label: 'Checks of the attacks that were not passed',
            value: listOf(
              failing.map((arm) => `${arm.label} ${failedChecks(checksFor(arm, result)!).length}`),
            ),
            meaning: 'The accuracy under attack may be lower than stated.',
            kind: 'risk',
          } as const,
        ]),
  ];
}
