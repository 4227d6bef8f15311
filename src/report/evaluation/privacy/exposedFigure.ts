import type { ArmMembership } from '../../../analysis/privacy/membership.ts';
import { armLabel } from '../../../study/arm.ts';
import { percent } from '../../../study/wording.ts';
import { imagePng } from '../../imagePng.ts';
import type { Figure, FigureContext } from '../../figures/figure.ts';
import { compose } from '../../figures/figure.ts';
import { labelled, tilePlot } from '../../figures/samples.ts';
import { wordsIn } from '../../dataWords.ts';

const COLUMNS = 6;

/** The training images whose membership most networks give away. */
export function exposedFigure(
  { arm, activation, exposed }: ArmMembership,
  falsePositives: number,
  context: FigureContext,
): Figure {
  const label = armLabel(arm, activation);
  const tiles = exposed.map(({ pixels, label: digit, told, trained }, i) => ({
    label: labelled(context, digit),
    detail: `${told} of ${trained}`,
    src: imagePng(Uint8Array.from(pixels), 0, wordsIn(context)),
    column: i % COLUMNS,
    row: Math.floor(i / COLUMNS),
  }));
  return compose(context, {
    name: `privacy-exposed-${arm}`,
    title: `The training images that ${label} gives away most`,
    subtitle: `Below each: the networks that give it away, of those trained on it, with ${percent(falsePositives, 1)} of other images accused by mistake.`,
    alt: `Training images most often recognised in ${label}: ${exposed
      .map(
        ({ index, label: digit, told, trained }) =>
          `image ${index} (label ${wordsIn(context).classes[digit]}) in ${told} of ${trained} networks`,
      )
      .join('; ')}.`,
    ...tilePlot(tiles, context, COLUMNS, 2),
  });
}
