import type { HiddenLayerUnits } from '../../../analysis/explanations/hiddenUnits.ts';
import type { Explanations } from '../../../analysis/explanations/measure.ts';
import { unpackMap } from '../../../analysis/explanations/packed.ts';
import { capitalised, countOf, fixed, grouped } from '../../../study/wording.ts';
import { fromBase64 } from '../../../util/base64.ts';
import type { Figure, FigureContext } from '../../figures/figure.ts';
import { compose } from '../../figures/figure.ts';
import { type DataWords, shortName, wordsIn } from '../../dataWords.ts';
import { type GridRow, gridPlot, signedLegend } from './grid.ts';
import { armLabel } from './words.ts';

const COLUMNS = 16;

/** The first layer's weights, one picture for each unit. */
export function weightsFigure(x: Explanations, context: FigureContext): Figure {
  const { kernel } = x.units;
  const maps = x.units.weights.map((weights) =>
    onImage(unpackMap(weights), kernel, wordsIn(context).extents),
  );
  const all = x.units.layers.at(0)?.count ?? maps.length;
  const rows = rowsOf(maps.map((map) => ({ digit: null, map })));
  return compose(context, {
    name: `explanations-weights-${x.arm}`,
    title: `What each unit of the first layer looks for – ${armLabel(x)}`,
    subtitle: `${kernel ? `The kernels, ${kernel.join(' × ')} pixels that slide over the image,` : 'Weights'} of ${maps.length === all ? `all ${countOf(all, 'unit')}` : `the first ${maps.length} of ${all} units`}. Ink on blue raises the unit’s sum, ink on orange lowers it. Every picture is scaled for itself.`,
    alt: `Pictures of the weights of ${countOf(maps.length, 'unit')} of the first layer: where ink raises and where it lowers the unit's sum.`,
    legend: signedLegend('ink raises the sum', 'ink lowers it'),
    ...gridPlot([], rows, { cell: 44, labels: 0 }, context),
  });
}

/** The layers whose units' favourite images are drawn: all whose weights are not. */
export function drawnLayers(x: Explanations): readonly HiddenLayerUnits[] {
  return x.units.layers.filter(({ layer }) => layer > 0 || x.units.weights.length === 0);
}

/** The test images that each unit of a deeper layer answers to most. */
export function unitsFigure(x: Explanations, layer: HiddenLayerUnits, context: FigureContext): Figure {
  const { units, count } = layer;
  const { one } = wordsIn(context);
  const most = Math.max(1, ...units.map(({ top }) => top.length));
  const rows: GridRow[] = [];
  for (let first = 0; first < units.length; first += COLUMNS) {
    const block = units.slice(first, first + COLUMNS);
    for (let rank = 0; rank < most; rank++) {
      rows.push({
        label: '',
        cells: block.map(({ top, classShares }) => {
          const digit = rank < top.length ? fromBase64(x.units.gallery[top[rank]]) : null;
          if (rank < most - 1) return { digit, map: null };
          const share = Math.max(...classShares);
          const caption =
            top.length === 0
              ? 'none'
              : `${unitName(context, classShares.indexOf(share))}: ${fixed(100 * share, 0)}`;
          return { digit, map: null, caption };
        }),
      });
    }
  }
  return compose(context, {
    name: `explanations-units-${x.arm}-${layer.layer + 1}`,
    title: `What units of hidden layer ${layer.layer + 1} answer to most – ${armLabel(x)}`,
    subtitle: `${units.length === count ? `All ${countOf(count, 'unit')}` : `The first ${units.length} of ${count} units`}, one column each: the ${most} test images of ${grouped(x.units.images)} with the largest output${layer.places === undefined ? '' : `, of the ${layer.places} that a unit has in an image`}; below, the most frequent ${one} among the top 1 % and its share in %. Near 100 it is a unit for one ${one}; ‘none’: its output never changes.`,
    alt: `For ${countOf(units.length, 'unit')} of hidden layer ${layer.layer + 1} the test images with the largest output. ${capitalised(
      countOf(units.filter(({ classShares }) => Math.max(...classShares) > 0.9).length, 'unit'),
    )} have one ${one} in more than 90 % of their top images.`,
    ...gridPlot([], rows, { cell: 44, labels: 0 }, context),
  });
}

/** A kernel, enlarged as far as it fits into an image and set in its middle. */
function onImage(
  map: Float32Array,
  kernel: readonly [number, number] | undefined,
  [rows, columns]: DataWords['extents'],
): Float32Array {
  if (kernel === undefined) return map;
  const [height, width] = kernel;
  const scale = Math.max(1, Math.floor(Math.min(rows / height, columns / width)));
  const top = Math.floor((rows - scale * height) / 2);
  const left = Math.floor((columns - scale * width) / 2);
  return Float32Array.from({ length: rows * columns }, (_, p) => {
    const row = Math.floor((Math.floor(p / columns) - top) / scale);
    const column = Math.floor(((p % columns) - left) / scale);
    return row >= 0 && row < height && column >= 0 && column < width ? map[row * width + column] : 0;
  });
}

function rowsOf(cells: GridRow['cells']): GridRow[] {
  return Array.from({ length: Math.ceil(cells.length / COLUMNS) }, (_, r) => ({
    label: '',
    cells: cells.slice(r * COLUMNS, (r + 1) * COLUMNS),
  }));
}

/** As much of a class's name as fits below a small picture. */
function unitName(context: FigureContext, label: number): string {
  return shortName(wordsIn(context), label).slice(0, 5);
}
