import * as Plot from '@observablehq/plot';
import { countOf } from '../../study/wording.ts';
import { rungSizes } from '../../study/tuning/halving.ts';
import type { TuningResults } from '../../study/tuning/results.ts';
import type { SearchedTrial } from '../../study/tuning/searchedTrial.ts';
import { compose, type Figure, type FigureContext, FIGURE_WIDTH } from '../figures/figure.ts';
import { candidateName, measureOf, type SearchedArm } from './facts.ts';
import { windowOf } from './window.ts';

/** The validation curve of every configuration as far as it trained: thin where it was given up, the best thick. */
export function halvingFigure(results: TuningResults, arm: SearchedArm, context: FigureContext): Figure {
  const { theme } = context;
  const { tuning } = results;
  const measure = measureOf(results);
  const colour = theme.arm(arm.colour);
  const sizes = rungSizes(tuning);
  const last = tuning.rungs.length - 1;
  const longest = arm.candidates.flatMap(({ trials }) => {
    const finished = trials.filter(({ history }) => history !== null);
    return finished.length === 0 ? [] : [finished[finished.length - 1]];
  });
  const curve = (trial: SearchedTrial) =>
    trial.history![tuning.objective].map((y, epoch) => ({
      x: epoch + 1,
      y,
      z: trial.key,
      opacity: trial.rung === last ? 0.85 : 0.3,
    }));
  const drawn = longest.filter(({ configuration }) => configuration !== null).flatMap(curve);
  const plain = arm.reference.history === null ? [] : curve(arm.reference);
  const best = arm.bestDrawn === null ? [] : curve(arm.bestDrawn);
  const window = windowOf(
    [...drawn, ...plain].map(({ y }) => y),
    measure.sign,
  );
  const clipped = (points: typeof drawn) =>
    points.map((point) => ({ ...point, y: point.y < window[0] || point.y > window[1] ? NaN : point.y }));
  return compose(context, {
    name: `halving-${arm.name}`,
    title: `${arm.label}: who went on`,
    subtitle: `${measure.name === 'accuracy' ? 'Accuracy' : 'Loss'} on held-out training images. ${tuning.rungs.map((epochs, r) => `${sizes[r]} to epoch ${epochs}`).join(', ')}. Curves that cross late are what giving up early can miss.`,
    alt: `Validation curves of ${arm.label}: ${countOf(longest.length, 'configuration')} finished${arm.bestDrawn === null ? '' : `; the best of those drawn is ${candidateName(arm.bestDrawn.configuration)}`}.`,
    width: FIGURE_WIDTH,
    height: 270,
    legend: [
      { kind: 'line', label: 'given up', colour, width: 1.2, opacity: 0.4 },
      { kind: 'line', label: 'to the end', colour, width: 1.6 },
      ...(best.length === 0
        ? []
        : ([{ kind: 'line', label: 'the best of them', colour: theme.ink, width: 2.5 }] as const)),
      { kind: 'line', label: 'recipe as it stands', colour: theme.ink, width: 1.5, dash: '4 3' },
    ],
    plot: {
      marginTop: 10,
      marginBottom: 44,
      marginLeft: 58,
      marginRight: 12,
      x: { label: null, domain: [1, Math.max(2, tuning.rungs[last])] },
      y: { domain: window, label: null },
      opacity: { type: 'identity' },
      marks: [
        Plot.gridY({ ticks: 4, stroke: theme.rule, strokeOpacity: 1 }),
        Plot.ruleX(
          tuning.rungs.slice(0, -1).filter((epochs) => epochs > 1),
          { stroke: theme.muted, strokeDasharray: '2 3' },
        ),
        Plot.axisX({
          ticks: Math.min(6, tuning.rungs[last]),
          tickFormat: (value: number) => (Number.isInteger(value) ? String(value) : ''),
          tickSize: 4,
          color: theme.muted,
          label: 'epoch; dotted: end of a rung',
          labelAnchor: 'center',
          labelArrow: 'none',
          labelOffset: 40,
        }),
        Plot.axisY({ ticks: 4, tickSize: 0, color: theme.muted, tickFormat: measure.tick }),
        Plot.line(clipped(drawn), {
          x: 'x',
          y: 'y',
          z: 'z',
          stroke: colour,
          strokeOpacity: 'opacity',
          strokeWidth: 1.3,
        }),
        Plot.line(clipped(plain), {
          x: 'x',
          y: 'y',
          stroke: theme.ink,
          strokeWidth: 1.5,
          strokeDasharray: '4 3',
        }),
        Plot.line(clipped(best), { x: 'x', y: 'y', stroke: theme.ink, strokeWidth: 2.5 }),
      ],
    },
  });
}
