import {
  type Component,
  componentsOf,
  type Labelled,
  strokeWidth,
  touchesEdge,
  weightedMedian,
} from './components.ts';
import type { Grey } from './grey.ts';
import { firstWidth, inkOf, type Inked } from './paper.ts';
import type { Plane } from './plane.ts';
import { formBoxes } from './formBoxes.ts';
import { eraseRuledLines } from './ruledLines.ts';
import { uprightRules } from './uprightRules.ts';

/** Ink above this share of what strong ink has, and so many standard deviations of the paper's noise, belongs to a mark. */
const STRENGTH = 0.3;
const DEVIATIONS = 5;
/** Least contrast, as a share of the paper's light. */
const LEAST_CONTRAST = 0.06;
/** Fainter ink at the edges of marks is none. */
const FAINT = 0.03;
const FAINT_DEVIATIONS = 4;
/** The paper is estimated over so many widths of the stroke. */
const PAPER_WIDTHS = 6;
const NARROWEST_PAPER = 1 / 16;
/** A mark below the first share of the typical height in both extents is a speck; one above the second, in either, no digit. */
const SPECK = 0.22;
const HUGE = 4;
/** Pixels beside a box that are fainter ink of it. */
const BLUR = 2;
/** Most marks that are looked at: a page has some hundreds. */
const MOST_MARKS = 3000;

export interface Marks extends Labelled {
  readonly ink: Plane<Float32Array>;
  /** Of the paper. */
  readonly noise: number;
  /** Above this is ink. */
  readonly threshold: number;
  /** Fainter ink is none. */
  readonly floor: number;
  /** Typical, of digits; 0 where there is no mark. */
  readonly height: number;
  readonly lines: number;
  readonly passedOver: number;
}

/** What may be digits in a grey picture. */
export function marksOf(grey: Grey): Marks {
  const first = inkOf(grey, firstWidth(grey));
  const width = widthOfStrokes(first);
  const paper = Math.max(PAPER_WIDTHS * width, NARROWEST_PAPER * Math.max(grey.rows, grey.columns));
  const ink = width > 0 && paper < firstWidth(grey) / 2 ? inkOf(grey, paper) : first;
  const boxes = eraseBoxes(ink);
  const lines = eraseRuledLines(ink, thresholdOf(ink), Math.max(3, Math.ceil(1.6 * (width || 2))));
  return marksIn(ink, ink.noise, boxes + lines);
}

/** Before ruled lines are looked for: of a box that is nearly as wide as the picture they would leave the walls. Gives the number of boxes. */
function eraseBoxes(ink: Inked): number {
  const { data, columns } = ink;
  const labelled = componentsOf(ink, thresholdOf(ink));
  const boxes = formBoxes(labelled, ink);
  for (const { label, left, top, right, bottom } of boxes) {
    const { labels } = labelled;
    for (let row = top; row < bottom; row++) {
      for (let at = row * columns + left; at < row * columns + right; at++) {
        if (labels[at] !== label) continue;
        // The blurred edges of its sides, too.
        for (let r = Math.max(0, row - BLUR); r <= Math.min(ink.rows - 1, row + BLUR); r++) {
          for (let k = -BLUR; k <= BLUR; k++) {
            const beside = at + (r - row) * columns + k;
            if (labels[beside] === 0 || labels[beside] === label) data[beside] = 0;
          }
        }
      }
    }
  }
  return boxes.size;
}

/** The marks of ink whose paper has this noise. */
export function marksIn(ink: Plane<Float32Array>, noise: number, lines = 0): Marks {
  const threshold = thresholdOf({ ...ink, noise });
  const labelled = componentsOf(ink, threshold);
  const rules = uprightRules(labelled, ink);
  const components = labelled.components.filter((component) => !rules.has(component));
  const height = typicalHeight(components, ink);
  const extent = (c: Component): number => Math.max(c.right - c.left, c.bottom - c.top);
  const fitting = components.filter(
    (component) =>
      extent(component) >= SPECK * height &&
      component.bottom - component.top <= HUGE * height &&
      !(touchesEdge(component, ink) && component.right - component.left > 2 * HUGE * height),
  );
  const kept =
    fitting.length <= MOST_MARKS
      ? fitting
      : fitting.sort((a, b) => b.area - a.area || a.label - b.label).slice(0, MOST_MARKS);
  return {
    ...{ ink, noise, threshold, labels: labelled.labels, components: kept, height },
    lines: lines + rules.size,
    floor: Math.max(FAINT_DEVIATIONS * noise, FAINT * threshold),
    passedOver: fitting.length - kept.length,
  };
}

/** Above the noise, and a share of what the strongest twentieth of all that is above it has. */
function thresholdOf({ data, noise }: Pick<Inked, 'data' | 'noise'>): number {
  const least = Math.max(DEVIATIONS * noise, LEAST_CONTRAST);
  const bins = new Uint32Array(1024);
  let count = 0;
  const last = bins.length - 1;
  for (let i = 0; i < data.length; i++) {
    const value = data[i];
    if (!(value > least)) continue;
    bins[Math.min(last, Math.floor(value * last))]++;
    count++;
  }
  let bin = last;
  for (let left = 0.05 * count; bin > 0 && left > bins[bin]; bin--) left -= bins[bin];
  return Math.max(least, (STRENGTH * bin) / (bins.length - 1));
}

/** By length of the strokes; 0 without any. Marks at the edge of the picture, such as shadows, count where there are no others. */
function widthOfStrokes(ink: Inked): number {
  const { components } = componentsOf(ink, thresholdOf(ink));
  const inner = components.filter((component) => !touchesEdge(component, ink));
  const some = inner.length > 0 ? inner : components;
  return weightedMedian(some.map((component) => ({ value: strokeWidth(component), weight: component.edge })));
}

/** Height of the marks in which half of the ink is, those aside that fill the picture's edge. */
function typicalHeight(components: readonly Component[], plane: Plane): number {
  const inner = components.filter((component) => !touchesEdge(component, plane));
  const some = inner.length > 0 ? inner : components;
  return weightedMedian(some.map(({ top, bottom, area }) => ({ value: bottom - top, weight: area })));
}
