import * as Plot from '@observablehq/plot';
import { countOf } from '../../study/wording.ts';
import type { TuningResults } from '../../study/tuning/results.ts';
import { PARAMETER_NAMES, searched } from '../../study/tuning/space.ts';
import type { Figure, FigureContext } from '../figures/figure.ts';
import { compose } from '../figures/figure.ts';
import { axisOf, type ValueAxis } from './axis.ts';
import { type Candidate, candidateName, measureOf, type SearchedArm, valueOf } from './facts.ts';

const WIDTH = 720;
const HEIGHT = 310;
/** From the worst fifth to the best. */
const OPACITIES = [0.12, 0.24, 0.4, 0.62, 0.95];

interface Vertex {
  readonly x: string;
  readonly y: number;
  readonly z: number;
  readonly opacity: number;
}

/**
 * Parallel coordinates: every configuration a line through its values, by the order after the first rung the stronger, which is the one
 * measure that all of them have; the last axes say that measure and how long the configuration trained.
 */
export function parallelFigure(results: TuningResults, arm: SearchedArm, context: FigureContext): Figure {
  const { theme } = context;
  const { tuning } = results;
  const measure = measureOf(results);
  const colour = theme.arm(arm.colour);
  const drawn = arm.candidates.filter(({ number }) => number !== null);
  const parameters = searched(tuning.space);
  const firstOf = ({ trials }: Candidate): number | null => (trials[0] ? valueOf(trials[0], measure) : null);
  const firsts = drawn.map(firstOf).filter((value) => value !== null);
  const reached = ({ trials }: Candidate): number => Math.max(...trials.map(({ rung }) => rung));
  const [afterFirst, trained] = [`after ${countOf(tuning.rungs[0], 'epoch')}`, 'epochs trained'];
  const axes: { label: string; axis: ValueAxis; valueOf: (one: Candidate) => number | string | null }[] = [
    ...parameters.map((parameter) => ({
      label: PARAMETER_NAMES[parameter],
      axis: axisOf(
        parameter,
        tuning.space[parameter]!,
        drawn.map(({ values }) => values[parameter]!),
      ),
      valueOf: ({ values }: Candidate) => values[parameter]!,
    })),
    { label: `${measure.name} ${afterFirst}`, axis: scoreAxis(firsts, measure), valueOf: firstOf },
    ...(tuning.rungs.length === 1
      ? []
      : [
          {
            label: trained,
            axis: rungAxis(tuning.rungs),
            valueOf: (one: Candidate) => tuning.rungs[reached(one)],
          },
        ]),
  ];
  const order = drawn.toSorted((a, b) => worth(firstOf(a), measure.sign) - worth(firstOf(b), measure.sign));
  const lines = order.flatMap((one, place) =>
    axes.map(({ label, axis, valueOf: value }): Vertex => {
      const fifth = Math.floor((OPACITIES.length * place) / order.length);
      return { x: label, y: axis.position(value(one)), z: one.number!, opacity: OPACITIES[fifth] };
    }),
  );
  const best = arm.bestDrawn?.configuration ?? null;
  const ofBest = lines.filter(({ z }) => z === best);
  const ticks = axes.flatMap(({ label, axis }) => axis.ticks.map(({ y, text }) => ({ x: label, y, text })));
  const finished = firsts.length;
  return compose(context, {
    name: `configurations-${arm.name}`,
    title: `${arm.label}: every configuration that was tried`,
    subtitle: `One line each, ${countOf(drawn.length, 'configuration')}. Follow the dark lines: where they bunch on an axis lie the values that did well.`,
    alt: `Parallel coordinates of ${arm.label}: ${drawn.length} configurations over ${axes.map(({ label }) => label).join(', ')}; ${finished} finished the first rung${best === null ? '' : `; the best is ${candidateName(best)}`}.`,
    width: WIDTH,
    height: HEIGHT,
    legend: [
      { kind: 'ramp', label: `worst to best fifth ${afterFirst}`, colour, opacities: OPACITIES },
      ...(best === null
        ? []
        : ([
            { kind: 'line', label: `the best of them, ${candidateName(best)}`, colour: theme.ink, width: 3 },
          ] as const)),
    ],
    plot: {
      marginTop: 62,
      marginBottom: 16,
      marginLeft: 34,
      marginRight: 44,
      x: { type: 'point', domain: axes.map(({ label }) => label), label: null, padding: 0.1 },
      y: { domain: [0, 1], axis: null },
      marks: [
        Plot.axisX({
          anchor: 'top',
          tickSize: 0,
          tickPadding: 14,
          color: theme.ink,
          fontWeight: 600,
          fontSize: 11.5,
          lineWidth: 5.5,
          label: null,
        }),
        Plot.ruleX(
          axes.map(({ label }) => label),
          { stroke: theme.muted, strokeOpacity: 0.6 },
        ),
        Plot.line(lines, {
          x: 'x',
          y: 'y',
          z: 'z',
          stroke: colour,
          strokeOpacity: 'opacity',
          strokeWidth: 1.4,
          strokeLinejoin: 'round',
        }),
        Plot.line(ofBest, { x: 'x', y: 'y', stroke: theme.ink, strokeWidth: 3, strokeLinejoin: 'round' }),
        Plot.text(ticks, {
          x: 'x',
          y: 'y',
          text: 'text',
          dx: 5,
          textAnchor: 'start',
          fill: theme.ink,
          stroke: theme.surface,
          strokeWidth: 4,
          fontSize: 11.5,
        }),
      ],
      opacity: { type: 'identity' },
    },
  });
}

/** Larger is better; a failed one is the worst. */
function worth(value: number | null, sign: 1 | -1): number {
  return value === null ? -Infinity : sign * value;
}

function rungAxis(rungs: readonly number[]): ValueAxis {
  const position = (value: number | string | null): number =>
    rungs.indexOf(value as number) / (rungs.length - 1);
  return { position, ticks: rungs.map((epochs) => ({ y: position(epochs), text: String(epochs) })) };
}

/** What lies far below the middle half is drawn at the foot: one network that never learned would press all others together. */
function scoreAxis(values: readonly number[], { sign, text }: ReturnType<typeof measureOf>): ValueAxis {
  if (values.length === 0) return { position: () => 0, ticks: [{ y: 0, text: 'failed' }] };
  const worths = values.map((value) => sign * value).sort((a, b) => a - b);
  const at = (share: number): number => worths[Math.round(share * (worths.length - 1))];
  const high = at(1);
  const low = Math.max(at(0), at(0.25) - 1.5 * (at(0.75) - at(0.25)));
  const spread = high > low ? high - low : 1;
  const cut = at(0) < low;
  return {
    // The foot is kept for what failed.
    position: (value) =>
      value === null ? 0 : 0.06 + 0.94 * Math.max(0, (sign * (value as number) - low) / spread),
    ticks: [
      { y: 0.06, text: `${cut ? (sign === 1 ? '≤ ' : '≥ ') : ''}${text(sign * low)}` },
      { y: 1, text: text(sign * high) },
    ],
  };
}
