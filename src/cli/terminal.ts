import { randomInt } from 'node:crypto';
import { styleText } from 'node:util';
import { printable } from '../util/printable.ts';

type Style = Parameters<typeof styleText>[0];

/** Stands for the escape of our own styles until `print` has cleaned the line; no file can know it, and so none can style. */
const OWN_ESCAPE = String.fromCodePoint(randomInt(0xf0000, 0xffff0));

/** Writes a line to standard error, which `--json` and `--quiet` do not silence. */
export function warn(line: string): void {
  process.stderr.write(`dactyl: ${printable(line).replaceAll('\n', ' ')}\n`);
}

/** Writes a line to standard output, or several; control codes that stand in the text are written out (`printable`). */
export function print(line = ''): void {
  process.stdout.write(`${printable(line).replaceAll(OWN_ESCAPE, '\x1b')}\n`);
}

/** For `print`. Styled only where standard output is a terminal with colours and neither NO_COLOR nor --no-color is given. */
export function styled(style: Style, text: string): string {
  const { stdout } = process;
  const colours = stdout.isTTY && stdout.hasColors() && !process.argv.includes('--no-color');
  return colours
    ? styleText(style, printable(text), { validateStream: false }).replaceAll('\x1b', OWN_ESCAPE)
    : text;
}

/** Lines of a paragraph, broken between words at the width of the terminal or at 100; one line where the output is piped. */
export function wrapped(text: string): string {
  if (!process.stdout.isTTY) return text;
  const width = Math.min(process.stdout.columns || 80, 100);
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines[lines.length - 1];
    if (last === '') lines[lines.length - 1] = word;
    else if (last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.join('\n');
}

/** Columns aligned: the first to the left, the others to the right. */
export function alignColumns(cells: readonly (readonly string[])[]): string[] {
  const rows = cells.map((row) => row.map(printable));
  const widths = rows[0].map((_, c) => Math.max(...rows.map((row) => row[c].length)));
  return rows.map((row) =>
    row
      .map((text, c) => (c === 0 ? text.padEnd(widths[c]) : text.padStart(widths[c])))
      .join('  ')
      .trimEnd(),
  );
}
