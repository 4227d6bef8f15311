import type { Explanations } from '../../../analysis/explanations/measure.ts';
import { unpackMap } from '../../../analysis/explanations/packed.ts';
import { listOf } from '../../../study/wording.ts';
import { type Worded, wordsIn } from '../../dataWords.ts';
import type { Figure, FigureContext } from '../../figures/figure.ts';
import { compose } from '../../figures/figure.ts';
import { gridPlot, signedLegend } from './grid.ts';
import { ALIKE, armLabel, coefficient, METHOD_HEADS, METHOD_LABELS, verdictsOf } from './words.ts';

/** One image's maps while the network is made to forget what it learnt, and how alike such maps stay over many images. */
export function sanityFigure(x: Explanations & Worded, context: FigureContext): Figure {
  const { methods, randomLabels } = x.sanity;
  const layers = methods[0].weights.length;
  const heads = [
    'as trained',
    ...Array.from({ length: layers }, (_, k) =>
      k + 1 === layers ? 'all layers' : k === 0 ? 'last layer' : `last ${k + 1}`,
    ),
    ...(randomLabels === null ? [] : ['shuffled']),
  ];
  const rows = methods.map(({ method, weights, labels, shown }) => ({
    label: METHOD_HEADS[method],
    cells: shown.map((map, k) => {
      const similarity = k === 0 ? null : k <= layers ? weights[k - 1] : labels;
      return {
        digit: null,
        map: unpackMap(map),
        caption: similarity === null ? '' : coefficient(similarity.absolute),
        marked: (similarity?.absolute ?? 0) >= ALIKE,
      };
    }),
  }));
  const alike = verdictsOf(x).filter(({ needsWeights }) => needsWeights === false);
  return compose(context, {
    name: `explanations-sanity-${x.arm}`,
    title: `Do the maps change when the network forgets? – ${armLabel(x)}`,
    subtitle: `One image’s maps, as trained, with layers made random from the last one down${randomLabels === null ? '' : ', and of a network that learnt shuffled labels (last column)'}. Below: how alike the maps stay, mean rank correlation of strengths on the ink over ${x.images} images; 1 is the same order, orange is ${ALIKE} or more. A picture that does not change shows the ${wordsIn(x).one === 'digit' ? 'digit' : 'image'}, not the network.`,
    alt: `Maps of one image by ${methods.length} methods under randomisation. With all layers random the maps stay alike (rank correlation ${ALIKE} or more, interval included) for ${alike.length === 0 ? 'no method' : listOf(alike.map(({ method }) => METHOD_LABELS[method]))}.`,
    legend: signedLegend('speaks for the answer', 'speaks against it'),
    ...gridPlot(heads, rows, { cell: 66, labels: 146 }, context),
  });
}
