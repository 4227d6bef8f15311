import type { Worded } from '../dataWords.ts';
import * as Plot from '@observablehq/plot';
import { escapeMarkup } from '../html.ts';
import type { Theme } from '../theme.ts';

/** A finished picture: `name` is its file name without ending, `alt` says in words what it shows. */
export interface Figure {
  readonly name: string;
  readonly title: string;
  readonly alt: string;
  readonly svg: string;
}

export interface FigureContext extends Worded {
  readonly document: Document;
  readonly theme: Theme;
  /** Stands before every subtitle, for example for runs that are no result. */
  readonly label?: string;
  /** Empty pixels around the picture, 16 where nothing is said. */
  readonly padding?: number;
}

/** A sample of a line, or squares from no to full opacity, with its text. */
export type LegendItem =
  | {
      readonly kind: 'line';
      readonly label: string;
      readonly colour: string;
      readonly width: number;
      readonly dash?: string;
      readonly opacity?: number;
    }
  | {
      readonly kind: 'mark';
      readonly label: string;
      readonly colour: string;
      readonly shape: 'dot' | 'diamond' | 'tick' | 'bar' | 'band';
      /** Of a dot. */
      readonly opacity?: number;
    }
  | {
      readonly kind: 'ramp';
      readonly label: string;
      readonly colour: string;
      readonly opacities: readonly number[];
    };

export interface FigureParts {
  readonly name: string;
  readonly title: string;
  readonly subtitle?: string;
  readonly alt: string;
  readonly width: number;
  readonly height: number;
  readonly legend?: readonly LegendItem[];
  readonly plot: Omit<Plot.PlotOptions, 'width' | 'height' | 'document'>;
}

const FONT = "Inter, 'Inter Variable', system-ui, sans-serif";
const TITLE_SIZE = 16;
export const TEXT_SIZE = 13;
/** Width of a figure that stands beside another one; on a phone it shrinks by a quarter. */
export const FIGURE_WIDTH = 440;
/** Mean width of a character of Inter, in units of the font size. */
const CHARACTER = 0.535;

/** Bold characters are broader, and broader still in the faces that stand in where Inter is not installed. */
const BOLD = 1.13;

/** Text width in pixels, near enough to lay out labels. */
export function textWidth(text: string, size = TEXT_SIZE): number {
  return text.length * size * CHARACTER;
}

/** Margin in which the longest of these labels has room, within bounds. */
export function labelMargin(labels: readonly string[], least: number, most = 200): number {
  return Math.min(most, Math.max(least, 18 + Math.max(...labels.map((label) => textWidth(label, 14.5)))));
}

/** Title, subtitle and legend above a plot, as one SVG that needs no style sheet. */
export function compose(context: FigureContext, parts: FigureParts): Figure {
  const { theme } = context;
  const { name, title, alt, width } = parts;
  const pieces: string[] = [];
  let y = TITLE_SIZE + 1;
  for (const line of wrap(title, width, TITLE_SIZE * BOLD)) {
    pieces.push(text(line, 0, y, `font-size="${TITLE_SIZE}" font-weight="600" fill="${theme.ink}"`));
    y += TITLE_SIZE + 4;
  }
  const subtitle = [context.label, parts.subtitle].filter((part) => part !== undefined).join('. ');
  for (const line of wrap(subtitle, width, TEXT_SIZE)) {
    pieces.push(text(line, 0, y, `font-size="${TEXT_SIZE}" fill="${theme.muted}"`));
    y += TEXT_SIZE + 4;
  }
  if (parts.legend !== undefined) {
    const legend = layLegend(parts.legend, width, y + 3, theme);
    pieces.push(legend.markup);
    y = legend.end;
  }
  const body = plotBody(context, parts);
  pieces.push(
    `<g transform="translate(0,${y})" font-size="${TEXT_SIZE}" fill="${theme.ink}" color="${theme.ink}" text-anchor="middle">${body}</g>`,
  );
  const padding = context.padding ?? 16;
  const outerWidth = width + 2 * padding;
  const outerHeight = y + parts.height + 2 * padding;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${-padding} ${-padding} ${outerWidth} ${outerHeight}" width="${outerWidth}" height="${outerHeight}" role="img" aria-label="${escapeMarkup(alt)}" font-family="${FONT}" class="figure">${pieces.join('')}</svg>`;
  return { name, title, alt, svg };
}

/** The inside of Plot's SVG element: without its style sheet, whose rules would reach other figures of the page. */
function plotBody({ document }: FigureContext, { width, height, plot }: FigureParts): string {
  const element = Plot.plot({ ...plot, document, width, height });
  element.querySelectorAll('style').forEach((style) => style.remove());
  return element.innerHTML
    .replaceAll('&nbsp;', '\u00a0')
    .replace(/ xmlns(:\w+)?="[^"]*"/g, '')
    .replace(GEOMETRY, shorten);
}

const GEOMETRY = /\b(?:d|x|y|x1|x2|y1|y2|cx|cy|r|width|height|transform|points)="[^"]*"/g;

/** Two decimals are a fiftieth of a pixel or less. */
function shorten(attribute: string): string {
  return attribute.replace(/-?\d+\.\d{3,}(?:e-?\d+)?/g, (number) =>
    String(Number(Number(number).toFixed(2))),
  );
}

function text(content: string, x: number, y: number, attributes: string): string {
  return `<text x="${x}" y="${y}" ${attributes}>${escapeMarkup(content)}</text>`;
}

function wrap(content: string, width: number, size: number): string[] {
  const lines: string[] = [];
  for (const word of content.split(' ').filter((part) => part !== '')) {
    const line = lines[lines.length - 1];
    if (line !== undefined && textWidth(`${line} ${word}`, size) <= width)
      lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}

const SWATCH = 22;

function layLegend(
  items: readonly LegendItem[],
  width: number,
  top: number,
  theme: Theme,
): { markup: string; end: number } {
  let x = 0;
  let y = top + 8;
  const markup = items.map((item) => {
    const swatch =
      item.kind === 'ramp'
        ? item.opacities.length * 13
        : item.kind === 'mark' && item.shape !== 'bar' && item.shape !== 'band'
          ? 12
          : SWATCH;
    const needed = swatch + 6 + textWidth(item.label);
    if (x > 0 && x + needed > width) {
      x = 0;
      y += TEXT_SIZE + 7;
    }
    const drawn = `${drawSwatch(item, x, y, theme)}${text(item.label, x + swatch + 6, y + 4, `font-size="${TEXT_SIZE}" fill="${theme.ink}"`)}`;
    x += needed + 16;
    return drawn;
  });
  return { markup: markup.join(''), end: y + 12 };
}

function drawSwatch(item: LegendItem, x: number, y: number, theme: Theme): string {
  switch (item.kind) {
    case 'line': {
      const dash = item.dash === undefined ? '' : ` stroke-dasharray="${item.dash}"`;
      return `<line x1="${x}" x2="${x + SWATCH}" y1="${y}" y2="${y}" stroke="${item.colour}" stroke-width="${item.width}" stroke-opacity="${item.opacity ?? 1}"${dash}/>`;
    }
    case 'ramp':
      return item.opacities
        .map(
          (opacity, i) =>
            `<rect x="${x + 13 * i}" y="${y - 6}" width="12" height="12" fill="${item.colour}" fill-opacity="${opacity}" stroke="${theme.rule}"/>`,
        )
        .join('');
    case 'mark':
      return drawMark(item, x, y);
  }
}

function drawMark(
  { shape, colour, opacity = 1 }: Extract<LegendItem, { kind: 'mark' }>,
  x: number,
  y: number,
): string {
  switch (shape) {
    case 'dot':
      return `<circle cx="${x + 6}" cy="${y}" r="4.5" fill="${colour}" fill-opacity="${opacity}"/>`;
    case 'diamond':
      return `<path d="M${x + 6},${y - 6}l6,6l-6,6l-6,-6z" fill="none" stroke="${colour}" stroke-width="1.5"/>`;
    case 'tick':
      return `<line x1="${x + 6}" x2="${x + 6}" y1="${y - 7}" y2="${y + 7}" stroke="${colour}" stroke-width="3"/>`;
    case 'bar':
      return `<line x1="${x}" x2="${x + SWATCH}" y1="${y}" y2="${y}" stroke="${colour}" stroke-width="3"/>`;
    case 'band':
      return `<rect x="${x}" y="${y - 6}" width="${SWATCH}" height="12" fill="${colour}"/>`;
  }
}

/**
 * Moves labels apart: positions at least `gap` from one another, in the order of the wanted ones, as near to them as a pass
 * downwards and one upwards bring them, within [low, high].
 */
export function spreadLabels(wanted: readonly number[], gap: number, low: number, high: number): number[] {
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a] - wanted[b] || a - b);
  const placed = wanted.slice();
  let floor = low;
  for (const i of order) {
    placed[i] = Math.max(placed[i], floor);
    floor = placed[i] + gap;
  }
  let ceiling = high;
  for (const i of order.toReversed()) {
    placed[i] = Math.min(placed[i], ceiling);
    ceiling = placed[i] - gap;
  }
  return placed;
}
