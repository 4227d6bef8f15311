import * as Plot from '@observablehq/plot';
import type { Fooling } from '../../../analysis/adversarial/gallery.ts';
import { listOf, percent } from '../../../study/wording.ts';
import { imagePng } from '../../imagePng.ts';
import type { Figure, FigureContext } from '../../figures/figure.ts';
import { compose } from '../../figures/figure.ts';
import { type DataWords, inWords, pictureClass, shortName, wordsIn } from '../../dataWords.ts';

const TILE = 64;
const STEP = 84;
const LEFT = 96;
const ROW = 98;

/** Images as they are, what an attack changes about them, and the result, with the network's answers. */
export function examplesFigure(
  arm: { readonly arm: string; readonly label: string },
  examples: readonly Fooling[],
  context: FigureContext,
): Figure {
  const { theme } = context;
  const words = wordsIn(context);
  const width = LEFT + STEP * examples.length;
  const rows = [
    {
      title: 'as it is',
      answer: ({ label }: Fooling) => `${words.one === 'digit' ? 'answer ' : ''}${shortName(words, label)}`,
      picture: pictureOf('original', words),
    },
    {
      title: 'the change',
      answer: ({ epsilon }: Fooling) => `at most ${percent(epsilon, 0)}`,
      picture: (example: Fooling) => changePicture(example, words),
    },
    {
      title: 'changed',
      answer: ({ predicted }: Fooling) =>
        `${words.one === 'digit' ? 'answer ' : ''}${shortName(words, predicted)}`,
      picture: pictureOf('changed', words),
    },
  ];
  const tiles = rows.flatMap(({ answer, picture }, row) =>
    examples.map((example, column) => ({
      x: LEFT + (column + 0.5) * STEP,
      y: row * ROW,
      src: picture(example),
      text: answer(example),
      row,
    })),
  );
  return compose(context, {
    name: `attack-examples-${arm.arm}`,
    title: `Small changes that turn the answer – ${arm.label}`,
    subtitle: `Middle row: grey is unchanged, ${words.isInk ? 'the colour of ink is ink added, the colour of paper is ink taken away' : 'lighter is added, darker is taken away'}, drawn as strong as it can be; below it, the largest change of a pixel in % of the way from ${words.isInk ? 'paper to ink' : 'black to white'}. Judge for yourself whether first and last row read alike.`,
    alt: `Images that ${arm.label} answers rightly until they are changed a little: ${listOf(
      examples.map(
        ({ index, label, predicted, epsilon }) =>
          `test image ${index}, ${words.one === 'digit' ? `a ${label}` : inWords(words, label)}, is taken for ${words.classes[predicted]} once pixels are changed by up to ${percent(epsilon, 0)}`,
      ),
    )}.`,
    width,
    height: rows.length * ROW,
    plot: {
      margin: 0,
      axis: null,
      x: { domain: [0, width], range: [0, width] },
      y: { domain: [0, rows.length * ROW], range: [0, rows.length * ROW] },
      marks: [
        Plot.text(rows, {
          x: () => 0,
          y: (_: unknown, row: number) => row * ROW + 12 + TILE / 2,
          text: 'title',
          textAnchor: 'start',
          fill: theme.ink,
          fontWeight: 600,
        }),
        Plot.image(tiles, {
          x: 'x',
          y: ({ y }: { y: number }) => y + 12 + TILE / 2,
          src: 'src',
          width: TILE,
          height: TILE,
          className: pictureClass(context),
          imageRendering: 'auto',
        }),
        ...[0, 1, 2].map((row) =>
          Plot.text(
            tiles.filter((tile) => tile.row === row),
            {
              x: 'x',
              y: ({ y }: { y: number }) => y + 12 + TILE + 10,
              text: 'text',
              fill: row === 1 ? theme.muted : theme.ink,
              fontWeight: row === 2 ? 600 : 400,
              fontSize: 12,
            },
          ),
        ),
      ],
    },
  });
}

function pictureOf(which: 'original' | 'changed', words: DataWords): (example: Fooling) => string {
  return (example) => imagePng(Uint8Array.from(example[which]), 0, words);
}

/** The change stretched to the whole range of greys. */
function changePicture({ original, changed, epsilon }: Fooling, words: DataWords): string {
  const most = Math.max(1, Math.floor(255 * epsilon));
  return imagePng(
    Uint8Array.from(original, (value, i) => Math.round(127.5 * (1 + (changed[i] - value) / most))),
    0,
    words,
  );
}
