import { appendFileSync, existsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Callback } from '../../nn/callbacks.ts';
import { DactylError } from '../../util/errors.ts';
import { checkOptions, requireFlag, requireText, requireType } from '../../util/options.ts';
import { ensureWritableFolder, writeFileAtomic } from '../atomic.ts';
import { fileError } from '../fileError.ts';
import { readFile } from '../readFile.ts';

export interface CSVLoggerOptions {
  /** One character; `','` by default. */
  readonly separator?: string;
  /** true: keeps what the file holds; false by default. */
  readonly append?: boolean;
}

/**
 * Keras' CSVLogger, for `fit`'s callbacks: a line with names, then one line an epoch, ended by CR LF: `epoch` (from 0) and the logs in the order of their
 * names; without validation, `NA` in a column for each. Numbers have the fewest digits that read back the same. Where `fit` resumes after some
 * epochs, the file is gone on with: lines at its end of epochs that come again are taken away. Throws E_ARGUMENT, E_FILE, and E_FORMAT where it goes on
 * with a file of other columns.
 */
export function CSVLogger(path: string, options: CSVLoggerOptions = {}): Callback {
  requireText('CSVLogger: path', path);
  checkOptions('CSVLogger', ['separator', 'append'], options);
  const { separator = ',', append = false } = options;
  requireType(
    'CSVLogger',
    'separator: one character that is in no number and no name, such as a comma',
    typeof separator === 'string' && /^[^\w\s"+.-]$|^[\t ]$/.test(separator),
    separator,
  );
  requireFlag('CSVLogger: append', append);
  let columns: readonly string[] | undefined;
  return {
    onTrainBegin() {
      columns = undefined;
      ensureWritableFolder(dirname(path));
    },
    onEpochEnd(epoch, logs) {
      const values = logs as unknown as Readonly<Record<string, number | undefined>>;
      if (columns === undefined) {
        columns = columnsOf(values);
        const head = line(['epoch', ...columns]);
        const before = (append || epoch > 0) && existsSync(path) ? keptOf(path, epoch) : '';
        if (before !== '' && !before.startsWith(head)) {
          throw new DactylError(
            'E_FORMAT',
            `CSVLogger: cannot go on with ${path}: expected its first line to be ${head.trim()}; received ${before.split(/\r?\n/)[0]}. Move it away or choose another path.`,
          );
        }
        writeFileAtomic(path, before === '' ? head : before);
      }
      const cells = columns.map((name) => (values[name] === undefined ? 'NA' : String(values[name])));
      try {
        appendFileSync(path, line([String(epoch), ...cells]));
      } catch (error) {
        throw fileError(error, 'write', path);
      }
    },
  };

  function line(cells: readonly string[]): string {
    const quoted = cells.map((cell) =>
      cell.includes(separator) || /["\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell,
    );
    return `${quoted.join(separator)}\r\n`;
  }

  /** What stays of the file. Where training goes on from `epoch`, lines at the end that are of it or a later one, or not whole, go. */
  function keptOf(file: string, epoch: number): string {
    const text = new TextDecoder().decode(readFile(file));
    if (epoch === 0) return text === '' || text.endsWith('\n') ? text : `${text}\r\n`;
    const lines = text.split('\n').slice(0, -1);
    while (lines.length > 1 && Number(lines.at(-1)!.split(separator)[0]) >= epoch) lines.pop();
    return lines.map((each) => `${each}\n`).join('');
  }
}

function columnsOf(logs: Readonly<Record<string, number | undefined>>): string[] {
  const names = Object.keys(logs)
    .filter((name) => logs[name] !== undefined)
    .sort();
  return names.some((name) => name.startsWith('val_'))
    ? names
    : [...names, ...names.map((name) => `val_${name}`)];
}
