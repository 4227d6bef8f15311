import * as Plot from '@observablehq/plot';
import type { ReliabilityBin } from '../../../analysis/calibration/reliability.ts';
import { mean } from '../../../stats/describe.ts';
import { countOf, fixed, grouped, listOf, percent } from '../../../study/wording.ts';
import type { Figure, FigureContext } from '../../figures/figure.ts';
import { compose, FIGURE_WIDTH } from '../../figures/figure.ts';
import { type ArmRuns, overImages, overRuns } from './arms.ts';

/** A bin of all runs of an arm. */
export interface PooledBin {
  /** Middle of the bin. */
  readonly middle: number;
  /** Images of a run, on average. */
  readonly images: number;
  readonly confidence: number;
  readonly share: number;
  readonly low: number;
  readonly high: number;
}

/** Bins that lie at the same place, added up over runs. */
export function pooledBins(runs: readonly (readonly ReliabilityBin[])[]): PooledBin[] {
  const lows = [...new Set(runs.flat().map(({ low }) => low))].sort((a, b) => a - b);
  return lows.map((low) => {
    const own = runs.map((bins) => bins.find((bin) => bin.low === low));
    const parts = own.map((bin) => ({ count: bin?.count ?? 0, covered: bin?.correct ?? 0 }));
    const { mean: share, low: from, high: to, images } = overImages(parts);
    const weighted = mean(own.map((bin) => (bin === undefined ? 0 : bin.count * bin.confidence)));
    const { high } = own.find((bin) => bin !== undefined)!;
    return {
      middle: (low + high) / 2,
      images,
      confidence: weighted / images,
      share,
      low: from!,
      high: to!,
    };
  });
}

const HEIGHT = 440;
/** Where the counts stand, below 0 on the axis of shares. */
const BARS = { floor: -0.36, height: 0.24 };

/** Share of right answers against confidence, before and after temperature scaling, and the number of images below. */
export function reliabilityFigure(arm: ArmRuns, context: FigureContext): Figure {
  const { theme } = context;
  const { label, runs } = arm;
  const colour = theme.arm(arm.activation);
  const raw = pooledBins(runs.map((run) => run.raw.bins));
  const scaled = pooledBins(runs.map((run) => run.scaled.bins));
  const each = runs.length > 1 ? runs.map((run) => run.raw.bins) : [];
  const most = Math.max(...raw.map(({ images }) => images));
  const barTop = ({ images }: PooledBin) =>
    BARS.floor + BARS.height * Math.max(0.04, Math.log(1 + images) / Math.log(1 + most));
  const half = 0.5 / 15 - 0.003;
  const ece = overRuns(arm, (run) => run.raw.ece);
  const eceScaled = overRuns(arm, (run) => run.scaled.ece);
  const described = raw
    .filter(({ images }) => images >= 1)
    .map(
      ({ confidence, share, images }) =>
        `confidence ${percent(confidence, 0)}: ${percent(share, 0)} right of ${grouped(images)} images`,
    );
  const line = { x: 'confidence', y: 'share' } as const;
  return compose(context, {
    name: `reliability-${arm.arm}`,
    title: `Is ${label} as often right as it is sure?`,
    subtitle: `Share of right answers by confidence. On the dashed diagonal: exactly. Below it: too sure. ECE ${percent(ece.mean)}, after scaling ${percent(eceScaled.mean)}. Bars: images per bin (log scale)${runs.length > 1 ? `, mean of ${countOf(runs.length, 'run')}` : ''}. Lines: 95\u00a0% for as many images as a run has there.`,
    alt: `Reliability diagram of ${label}, ${countOf(runs.length, 'run')}: ${listOf(described)}. Expected calibration error ${percent(ece.mean)}, after temperature scaling ${percent(eceScaled.mean)}.`,
    width: FIGURE_WIDTH,
    height: HEIGHT,
    legend: [
      { kind: 'line', label: 'as trained', colour, width: 2.75 },
      { kind: 'line', label: 'after temperature scaling', colour: theme.ink, width: 1.5, dash: '2,3' },
      ...(each.length === 0
        ? []
        : ([{ kind: 'line', label: 'each run', colour, width: 1, opacity: 0.4 }] as const)),
    ],
    plot: {
      marginTop: 10,
      marginRight: 12,
      marginBottom: 44,
      marginLeft: 54,
      x: { domain: [0, 1], label: null },
      y: { domain: [BARS.floor, 1], label: null },
      marks: [
        Plot.gridY([0, 0.25, 0.5, 0.75, 1], { stroke: theme.rule, strokeOpacity: 1 }),
        Plot.axisY([0, 0.25, 0.5, 0.75, 1], {
          tickSize: 0,
          fill: theme.muted,
          tickFormat: (value: number) => percent(value, 0),
        }),
        Plot.axisX([0, 0.2, 0.4, 0.6, 0.8, 1], {
          tickSize: 4,
          color: theme.muted,
          tickFormat: (value: number) => percent(value, 0),
          label: 'confidence: probability given to the answer',
          labelAnchor: 'center',
          labelArrow: 'none',
          labelOffset: 40,
        }),
        Plot.rect(raw, {
          x1: ({ middle }: PooledBin) => middle - half,
          x2: ({ middle }: PooledBin) => middle + half,
          y1: BARS.floor,
          y2: barTop,
          fill: colour,
          fillOpacity: 0.28,
        }),
        Plot.text(raw, {
          x: 'middle',
          y: barTop,
          text: ({ images }: PooledBin) => (images < 0.95 ? '<1' : fixed(images, 0)),
          dy: -7,
          fill: theme.muted,
          fontSize: 10,
        }),
        Plot.line(
          [
            [0, 0],
            [1, 1],
          ],
          { stroke: theme.muted, strokeWidth: 1.25, strokeDasharray: '5,4' },
        ),
        ...each.map((bins) =>
          Plot.line(
            bins.map(({ confidence, correct, count }) => ({ confidence, share: correct / count })),
            { ...line, stroke: colour, strokeWidth: 1, strokeOpacity: Math.max(0.1, 0.5 / each.length) },
          ),
        ),
        Plot.link(raw, {
          x1: 'confidence',
          x2: 'confidence',
          y1: 'low',
          y2: 'high',
          stroke: colour,
          strokeWidth: 1.25,
        }),
        Plot.line(scaled, { ...line, stroke: theme.ink, strokeWidth: 1.5, strokeDasharray: '2,3' }),
        Plot.line(raw, { ...line, stroke: colour, strokeWidth: 2.75 }),
        Plot.dot(raw, { ...line, fill: colour, stroke: theme.surface, strokeWidth: 1.25, r: 4.5 }),
      ],
    },
  });
}
