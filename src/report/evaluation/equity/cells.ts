import * as Plot from '@observablehq/plot';
import type { Equity } from '../../../analysis/equity/measure.ts';
import { capitalised, fixed, grouped, listOf, percent } from '../../../study/wording.ts';
import { cellOpacity } from '../../figures/confusion.ts';
import type { Figure, FigureContext } from '../../figures/figure.ts';
import { compose, labelMargin } from '../../figures/figure.ts';
import { drawnArms, seedsText, sliceName } from './words.ts';

const WIDTH = 720;
const ROW = 46;

/** Error rate for each population and digit, stronger in colour for more, with the number of images below. */
export function cellsFigure(equity: Equity, context: FigureContext): Figure {
  const { theme } = context;
  const arms = drawnArms(equity);
  const rows = arms.flatMap(({ label, cells }) =>
    (cells ?? []).map((rates, population) => ({
      row:
        arms.length > 1
          ? `${sliceName('population', population)}, ${label}`
          : sliceName('population', population),
      rates,
    })),
  );
  const largest = Math.max(...rows.flatMap(({ rates }) => rates.map(({ rate }) => rate ?? 0)));
  const cells = rows.flatMap(({ row, rates }) =>
    rates.map(({ rate, images }, digit) => {
      const opacity = cellOpacity(rate ?? 0, largest, false);
      return {
        row,
        digit,
        opacity,
        text: rate === null ? 'none' : fixed(100 * rate, 1),
        n: `n ${grouped(images)}`,
      };
    }),
  );
  const place = { x: 'digit', y: 'row', fill: theme.ink, pointerEvents: 'none' } as const;
  return compose(context, {
    name: 'equity-cells',
    title: 'Misread images by digit within each writer population',
    subtitle: `Percent of the images of a digit that are misread, ${seedsText(equity)}; n is the number of images. The stronger the colour, the worse; compare the rows of an arm digit by digit.`,
    alt: `Misread images by population and digit. ${rows
      .map(
        ({ row, rates }) =>
          `${capitalised(row)}: ${listOf(rates.map(({ rate }, digit) => `${digit} ${rate === null ? 'none' : percent(rate, 1)}`))}`,
      )
      .join('. ')}.`,
    width: WIDTH,
    height: 44 + ROW * rows.length,
    plot: {
      marginTop: 4,
      marginRight: 2,
      marginBottom: 40,
      marginLeft: labelMargin(
        rows.map(({ row }) => row),
        80,
        220,
      ),
      padding: 0.04,
      x: { domain: [...Array(10).keys()], label: null },
      y: { domain: rows.map(({ row }) => row), label: null },
      opacity: { type: 'identity' },
      marks: [
        Plot.cell(cells, {
          x: 'digit',
          y: 'row',
          fill: theme.heat,
          fillOpacity: 'opacity',
          stroke: theme.rule,
          rx: 2,
        }),
        Plot.text(cells, { ...place, text: 'text', fontSize: 13, dy: -6, fontVariant: 'tabular-nums' }),
        Plot.text(cells, { ...place, text: 'n', fontSize: 10, dy: 10 }),
        Plot.axisX({
          tickSize: 0,
          fontSize: 13,
          color: theme.ink,
          label: 'Digit',
          labelAnchor: 'center',
          labelArrow: 'none',
          labelOffset: 36,
        }),
        Plot.axisY({ tickSize: 0, fontSize: 13, color: theme.ink }),
      ],
    },
  });
}
