import { formatShape } from '../util/tensor.ts';

export interface SummaryRow {
  /** `dense_1 (Dense)` */
  readonly layer: string;
  /** Without the batch. */
  readonly outputShape: readonly number[];
  /** All weights. */
  readonly parameters: number;
  /** Of these, what training changes. */
  readonly trainable: number;
}

/** Keras 3's table: layers, shapes, parameters; sizes count four bytes a parameter. */
export function formatSummary(name: string, rows: readonly SummaryRow[]): string {
  const header = ['Layer (type)', 'Output Shape', 'Param #'];
  const cells = rows.map(({ layer, outputShape, parameters }) => [
    layer,
    formatShape([null, ...outputShape]),
    parameters.toLocaleString('en-US'),
  ]);
  const least = [31, 22, 13];
  const widths = header.map((title, c) =>
    Math.max(least[c], title.length, ...cells.map((row) => row[c].length)),
  );
  const line = (left: string, fill: string, middle: string, right: string): string =>
    left + widths.map((width) => fill.repeat(width + 2)).join(middle) + right;
  const row = (values: string[], edge: string): string =>
    `${edge} ${values.map((text, c) => (c === 2 ? text.padStart(widths[c]) : text.padEnd(widths[c]))).join(` ${edge} `)} ${edge}`;
  const total = rows.reduce((sum, { parameters }) => sum + parameters, 0);
  const trainable = rows.reduce((sum, row) => sum + row.trainable, 0);
  const size = (count: number): string => `${count.toLocaleString('en-US')} (${formatBytes(4 * count)})`;
  return [
    `Model: "${name}"`,
    line('┏', '━', '┳', '┓'),
    row(header, '┃'),
    line('┡', '━', '╇', '┩'),
    cells.map((values) => row(values, '│')).join(`\n${line('├', '─', '┼', '┤')}\n`),
    line('└', '─', '┴', '┘'),
    ` Total params: ${size(total)}`,
    ` Trainable params: ${size(trainable)}`,
    ` Non-trainable params: ${size(total - trainable)}`,
  ].join('\n');
}

function formatBytes(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB'];
  let value = bytes;
  let unit = 0;
  for (; value >= 1024 && unit < units.length - 1; unit++) value /= 1024;
  return `${value.toFixed(2)} ${units[unit]}`;
}
