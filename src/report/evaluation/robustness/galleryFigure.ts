import * as Plot from '@observablehq/plot';
import type { Robustness } from '../../../analysis/robustness/result.ts';
import { armLabel } from '../../../study/arm.ts';
import { grouped, listOf, percent } from '../../../study/wording.ts';
import { imagePng } from '../../imagePng.ts';
import type { Figure, FigureContext } from '../../figures/figure.ts';
import { compose, FIGURE_WIDTH } from '../../figures/figure.ts';
import { inSentence, shownArms } from './words.ts';
import { inWords, pictureClass, shortName, wordsIn } from '../../dataWords.ts';

const COLUMNS = 4;
const TILE = 56;
const STEP = FIGURE_WIDTH / COLUMNS;
const LINE = 15;
const BIG = 0.995;

/** One test image, clean and under every corruption, and what networks take it for. */
export function galleryFigure(robustness: Robustness, context: FigureContext): Figure {
  const { theme } = context;
  const words = wordsIn(context);
  const { gallery, corruptions } = robustness;
  const { views, subjects, label: digit } = gallery;
  const arms = shownArms(robustness);
  const names = subjects.map(({ arm, activation }) => armLabel(arm, activation));
  const several = subjects.length > 1;
  const rowHeight = TILE + 34 + LINE * subjects.length;
  const titles = views.map(
    ({ corruption }) => corruptions.find(({ name }) => name === corruption)?.label ?? 'Clean',
  );
  const tiles = views.map((view, v) => ({
    title: titles[v],
    src: imagePng(Uint8Array.from(view.pixels), 0, words),
    x: ((v % COLUMNS) + 0.5) * STEP,
    top: Math.floor(v / COLUMNS) * rowHeight,
  }));
  const answers = views.flatMap((view, v) =>
    view.answers.map(({ digit: answer, probability }, s) => ({
      x: tiles[v].x,
      y: tiles[v].top + TILE + 34 + LINE * s,
      text: `${answer === digit ? '' : '✗ '}${several ? `${names[s]} ` : ''}${shortName(words, answer)} (${probabilityText(probability)})`,
      isWrong: answer !== digit,
      colour: theme.arm(arms.find(({ arm }) => arm === subjects[s].arm)?.colour ?? subjects[s].activation),
    })),
  );
  const height = Math.ceil(views.length / COLUMNS) * rowHeight;
  const place = { x: 'x', y: 'y', text: 'text', fill: 'colour', fontSize: 11.5 } as const;
  return compose(context, {
    name: 'robustness-gallery',
    title: `${words.one === 'digit' ? `One ${digit}` : `An image of ${inWords(words, digit)}`} under each of the ${corruptions.length} corruptions`,
    subtitle: `Test image ${grouped(gallery.index)}${gallery.readRight ? `, the first that ${several ? 'both networks read' : 'the network reads'} right when clean` : ''}, at the levels of MNIST-C. Below each: the answer and its probability, bold with a cross where wrong.`,
    alt: `Test image ${gallery.index}, ${words.one === 'digit' ? `a ${digit}` : inWords(words, digit)}. ${names
      .map((name, s) => {
        const wrong = views.flatMap((view, v) =>
          view.answers[s].digit === digit
            ? []
            : [`${inSentence(titles[v])} (${words.classes[view.answers[s].digit]})`],
        );
        return wrong.length === 0
          ? `${name} reads it right in every view.`
          : `${name} reads it wrong under ${listOf(wrong)} and right in the other views.`;
      })
      .join(' ')}`,
    width: FIGURE_WIDTH,
    height,
    plot: {
      margin: 0,
      axis: null,
      x: { domain: [0, FIGURE_WIDTH], range: [0, FIGURE_WIDTH] },
      y: { domain: [0, height], range: [0, height] },
      color: { type: 'identity' },
      marks: [
        Plot.text(tiles, {
          x: 'x',
          y: ({ top }: { top: number }) => top + 14,
          text: 'title',
          fill: theme.ink,
          fontSize: 12,
        }),
        Plot.image(tiles, {
          x: 'x',
          y: ({ top }: { top: number }) => top + 23 + TILE / 2,
          src: 'src',
          width: TILE,
          height: TILE,
          className: pictureClass(context),
          imageRendering: 'auto',
        }),
        Plot.text(
          answers.filter(({ isWrong }) => !isWrong),
          { ...place, dy: 6 },
        ),
        Plot.text(
          answers.filter(({ isWrong }) => isWrong),
          {
            ...place,
            dy: 6,
            fontWeight: 700,
            className: 'wrong',
            textDecoration: 'underline',
          } as Plot.TextOptions,
        ),
      ],
    },
  });
}

function probabilityText(probability: number): string {
  return probability >= BIG ? '> 99\u00a0%' : percent(probability, 0);
}
