import type { Figure, FigureContext } from '../figures/figure.ts';
import type { Html } from '../html.ts';
import type { Table } from '../table.ts';

/** The paper's points of critical evaluation. */
export type Point = `E${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13}`;

/** One point's page of the critical evaluation. */
export interface EvaluationPage {
  readonly point: Point;
  readonly title: string;
  /** The paper's point, in one sentence. */
  readonly paper: string;
  /** 'built' where the feature exists and there is nothing to measure about these networks; 'not measured' where it was not run here. */
  readonly status: 'measured' | 'not measured' | 'built';
  /** What was measured, on how many images, with which settings. */
  readonly measured: string;
  /** Figures and tables in reading order; null where nothing was measured. */
  readonly body: Html | null;
  /** What follows, each sentence written from the numbers. */
  readonly follows: readonly string[];
  readonly unknown: readonly string[];
}

/** A part of the evaluation as the report shows it. */
export interface PartReport {
  /** Drawn once for the page and once for files; each name is unique in the whole evaluation and does not change. */
  figures(context: FigureContext): Figure[];
  readonly tables: readonly Table[];
  /** One or more pages; `figure` and `table` place a figure or a table by its name. */
  pages(figure: (name: string) => Html, table: (name: string) => Html): EvaluationPage[];
  /** Numbers and risks for the page of those who decide, most important first. */
  readonly highlights: readonly Highlight[];
}

export interface Highlight {
  readonly label: string;
  /** With its interval where there is one. */
  readonly value: string;
  /** One plain sentence on what it means for use; written from the number. */
  readonly meaning: string;
  readonly kind: 'number' | 'risk';
}
