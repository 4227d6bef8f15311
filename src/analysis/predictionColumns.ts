import { DactylError } from '../util/errors.ts';

/** Names a column may have, in any case; spaces, points and hyphens count as underscores. The first is the documented one. */
const COLUMN_NAMES = {
  label: ['label', 'true', 'y_true', 'true_label', 'target', 'truth', 'actual', 'y'],
  predicted: ['predicted', 'y_pred', 'prediction', 'pred', 'predicted_label', 'pred_label', 'y_hat'],
  seed: ['seed', 'run', 'random_state'],
  group: ['group', 'writer', 'writer_id', 'subject', 'cluster'],
} as const;

/** What one file may have at most. */
const MOST_COLUMNS = 2_000;
export const MOST_CLASSES = 1_000;

export interface PredictionColumns {
  readonly label: number;
  /** −1 where there is none. */
  readonly predicted: number;
  readonly seed: number;
  readonly group: number;
  /** Columns of probabilities and the class each is of; none, or at least two. */
  readonly probabilities: readonly { readonly column: number; readonly className: string }[];
  readonly names: readonly string[];
}

/**
 * The name of a class, a seed or a group as it is compared: without spaces around it, and a whole number by its value, so that '7',
 * '07', the '7.0' of a table of floats and NumPy's '7.000000000000000000e+00' are one class.
 */
export function canonicalName(text: string): string {
  const trimmed = text.trim();
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?$/i.test(trimmed)) return trimmed;
  const value = Number(trimmed);
  return Number.isSafeInteger(value) ? String(value + 0) : trimmed;
}

/** Whether the name is a whole number, as `canonicalName` writes it. */
export function isNumberName(name: string): boolean {
  return /^-?\d+$/.test(name);
}

const PROBABILITY = /^(?:p|prob|proba|probability)(?:[ _.:-]*(\d+)|[ _.:-](.+)|\((.+)\))$/i;

/**
 * Finds the columns of a table of predictions by their names. Throws E_FORMAT where the true label or both of predicted
 * label and probabilities are missing, or a column is there twice.
 */
export function findColumns(header: readonly string[], file: string): PredictionColumns {
  const names = header.map((name) => name.trim());
  const fail = (text: string): never => {
    throw new DactylError('E_FORMAT', `${file}, line 1: ${text}`);
  };
  if (names.length > MOST_COLUMNS)
    fail(`expected at most ${MOST_COLUMNS} columns, received ${names.length}.`);
  const plain = names.map((name) => name.toLowerCase().replace(/[ .-]+/g, '_'));
  const find = (role: keyof typeof COLUMN_NAMES): number => {
    const found = plain.flatMap((name, i) => (COLUMN_NAMES[role].some((alias) => alias === name) ? [i] : []));
    if (found.length > 1) {
      const these = found.map((i) => `"${names[i]}"`).join(' and ');
      fail(`expected one column for the ${role}, received ${these}. Rename or remove one.`);
    }
    return found[0] ?? -1;
  };
  const received = `received the columns ${shown(names)}`;
  const label = find('label');
  if (label < 0) {
    fail(`expected a column with the true label, named ${COLUMN_NAMES.label.join(', ')}; ${received}.`);
  }
  const predicted = find('predicted');
  const probabilities = names.flatMap((name, column) => {
    const match = PROBABILITY.exec(name);
    if (match === null) return [];
    return [{ column, className: canonicalName(match[1] ?? match[2] ?? match[3]) }];
  });
  const seen = new Map<string, number>();
  for (const { column, className } of probabilities) {
    const before = seen.get(className);
    if (before !== undefined) {
      fail(
        `expected one column of probabilities for the class ${className}, received "${names[before]}" and "${names[column]}".`,
      );
    }
    seen.set(className, column);
  }
  // Beside a predicted label one column that looks like a probability, such as p_max, is just another column.
  if (probabilities.length === 1 && predicted < 0) {
    fail(
      `expected a column of probabilities for every class, received only "${names[probabilities[0].column]}". With two classes write p0 and p1.`,
    );
  }
  if (probabilities.length > MOST_CLASSES) {
    fail(`expected at most ${MOST_CLASSES} classes, received ${probabilities.length}.`);
  }
  if (predicted < 0 && probabilities.length === 0) {
    fail(
      `expected a column with the predicted label, named ${COLUMN_NAMES.predicted.join(', ')}, or columns of probabilities, such as p0 … p9 or prob_cat; ${received}.`,
    );
  }
  return { label, predicted, seed: find('seed'), group: find('group'), probabilities, names };
}

function shown(names: readonly string[]): string {
  const quoted = names.slice(0, 8).map((name) => `"${shortened(name)}"`);
  return `${quoted.join(', ')}${names.length > 8 ? ` and ${names.length - 8} more` : ''}`;
}

/** A field as an error shows it. */
export function shortened(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
