import * as Plot from '@observablehq/plot';
import type { WorstSlice } from '../../../analysis/equity/worstSlices.ts';
import { capitalised, grouped, listOf, percent } from '../../../study/wording.ts';
import { imagePng } from '../../imagePng.ts';
import type { Figure, FigureContext } from '../../figures/figure.ts';
import { compose } from '../../figures/figure.ts';
import { pText } from '../../tables/statistics.ts';
import type { ShownArm } from './words.ts';
import { conditionsText, rateRange, tooFewText } from './words.ts';
import { pictureClass, shortName, wordsIn } from '../../dataWords.ts';

const WIDTH = 720;
const TILE = 56;
const STEP = 104;
/** Two lines of text and a row of images. */
const ROW = 150;

/** The slices that the search found, each with its images that are misread most; only images that took no part in the search. */
export function worstFigure(arm: ShownArm, context: FigureContext): Figure {
  const { theme } = context;
  const words = wordsIn(context);
  const { slices } = arm.worst;
  const tiles = slices.flatMap(({ samples }, row) =>
    samples.map(({ label, taken, pixels }, column) => ({
      x: (column + 0.5) * STEP,
      y: row * ROW + 46 + TILE / 2,
      src: imagePng(
        Uint8Array.from(pixels, (digit) => 17 * parseInt(digit, 16)),
        0,
        words,
      ),
      text: words.one === 'digit' ? `${label}, read as ${taken}` : `${shortName(words, label)} →`,
      taken: shortName(words, taken),
    })),
  );
  const heads = slices.map((slice, row) => ({
    y: row * ROW + 14,
    first: `${row + 1}. ${capitalised(conditionsText(slice.conditions, context))}`,
    second: `${slice.real ? 'Holds up' : 'Not confirmed'}: ${heldOutText(slice)}`,
  }));
  const height = ROW * slices.length;
  return compose(context, {
    name: `equity-worst-${arm.arm}`,
    title: `The worst slices found – ${arm.label}`,
    subtitle: `Found on ${grouped(arm.worst.searched)} test images, then measured on the other ${grouped(arm.worst.heldOut)}, whose numbers and most misread images are shown. The measures are thin, slanted and so on for their ${words.one}.`,
    alt: `The worst slices of ${arm.label}: ${listOf(slices.map((slice) => `${conditionsText(slice.conditions, context)} (${slice.real ? 'confirmed' : 'not confirmed'}: ${heldOutText(slice)})`))}.`,
    width: WIDTH,
    height,
    plot: {
      margin: 0,
      axis: null,
      x: { domain: [0, WIDTH], range: [0, WIDTH] },
      y: { domain: [0, height], range: [0, height] },
      marks: [
        Plot.text(heads, {
          x: () => 0,
          y: 'y',
          text: 'first',
          textAnchor: 'start',
          fontWeight: 600,
          fontSize: 13,
          fill: theme.ink,
        }),
        Plot.text(heads, {
          x: () => 0,
          y: ({ y }: { y: number }) => y + 18,
          text: 'second',
          textAnchor: 'start',
          fontSize: 12.5,
          fill: theme.muted,
        }),
        Plot.image(tiles, {
          x: 'x',
          y: 'y',
          src: 'src',
          width: TILE,
          height: TILE,
          className: pictureClass(context),
          imageRendering: 'auto',
        }),
        ...(words.one === 'digit'
          ? []
          : [
              Plot.text(tiles, {
                x: 'x',
                y: ({ y }: { y: number }) => y + TILE / 2 + 24,
                text: 'taken',
                fontSize: 11.5,
                fill: theme.muted,
              }),
            ]),
        Plot.text(tiles, {
          x: 'x',
          y: ({ y }: { y: number }) => y + TILE / 2 + 10,
          text: 'text',
          fontSize: 11.5,
          fill: theme.muted,
        }),
      ],
    },
  });
}

/** '5.56 % of 611 held-out images misread (4.09 % to 7.53 %), 2.80 % of the others, corrected p .0036'. */
export function heldOutText({ heldOut, gap }: WorstSlice): string {
  const { images, rate, interval } = heldOut;
  if (rate === null) return 'no held-out image is in it';
  if (interval === null || gap.difference === null || gap.holm === null) {
    return `${percent(rate)} misread of ${tooFewText(heldOut)}`;
  }
  return `${percent(rate)} of ${grouped(images)} held-out images misread (${rateRange(interval)}), ${percent(rate - gap.difference)} of the others, corrected p ${pText(gap.holm)}`;
}
