import { DactylError } from '../util/errors.ts';
import { requireItems } from '../util/options.ts';
import { fileNameOf } from '../util/fileName.ts';
import { isNumberName } from './predictionColumns.ts';
import type { PredictionRun, PredictionTable } from './predictionTable.ts';

/** More than this are not compared at once: the pairs grow with the square. */
const MOST_MODELS = 10;

/** One trained model's answers. Classes by number in `AlignedPredictions.classes`. */
export interface ModelRun {
  readonly seed: string | null;
  readonly predicted: Uint16Array;
  /** 1 where the prediction is the true label, else 0. */
  readonly right: Uint8Array;
  readonly accuracy: number;
  readonly logLoss: number | null;
}

export interface PredictionModel {
  readonly name: string;
  /** Their names, without folders. */
  readonly files: readonly string[];
  readonly runs: readonly ModelRun[];
}

/** Models that answered the same images in the same order. */
export interface AlignedPredictions {
  /** By number where all are numbers, else by code point. */
  readonly classes: readonly string[];
  readonly labels: Uint16Array;
  /** A number for each image that it shares with the others of its group. */
  readonly groups: Uint32Array | null;
  readonly models: readonly PredictionModel[];
  /** The name of each file's model, in the order of the files. */
  readonly modelOf: readonly string[];
  /** What looks wrong in the files, a sentence each. */
  readonly warnings: readonly string[];
}

const SEED_IN_NAME = /^(.+?)[-_. ]+seed[-_ ]?([a-z0-9]+)$/i;

interface Named {
  readonly name: string;
  readonly seed: string | null;
}

/**
 * Names of the models in files: the file's name without folder and ending. 'cnn-seed3.csv' without a seed column is the
 * run 3 of the model 'cnn', together with 'cnn-seed4.csv'. Where two files would be one model and the same run, as much of their paths stands as
 * tells all apart.
 */
function nameModels(tables: readonly PredictionTable[]): Named[] {
  const named = tables.map(({ file, runs }): Named => {
    const stem = fileNameOf(file).replace(/(?<=.)\.[a-z0-9]+$/i, '');
    const match = runs.length === 1 && runs[0].seed === null ? SEED_IN_NAME.exec(stem) : null;
    return match === null
      ? { name: stem, seed: null }
      : { name: match[1], seed: String(/^\d{1,15}$/.test(match[2]) ? Number(match[2]) : match[2]) };
  });
  const keys = named.map(({ name, seed }) => `${name}\n${seed ?? ''}`);
  const clash = named.some(
    ({ name, seed }, i) =>
      keys.indexOf(keys[i]) !== i ||
      named.some((other) => other.name === name && (other.seed === null) !== (seed === null)),
  );
  return clash ? ends(tables.map(({ file }) => file)).map((name) => ({ name, seed: null })) : named;
}

/** The ends of paths, of as few parts as tell all apart: a page that is handed on says no more of a machine's folders. */
function ends(paths: readonly string[]): string[] {
  const parts = paths.map((path) => path.split(/[/\\]+/));
  for (let count = 1; ; count++) {
    const names = parts.map((part) => part.slice(-count).join('/'));
    if (new Set(names).size === names.length || parts.every((part) => part.length <= count)) return names;
  }
}

/**
 * Brings tables of predictions together, a model for each file (or for several that differ in '-seed3' at the end of their
 * names). Row r of every run is about the same image: all true labels, and groups where given, must agree row by row; one file's
 * groups serve all. Throws E_MISMATCH with file and line of the first difference, E_ARGUMENT for no file, the same file or the
 * same run twice, or more than ten models.
 */
export function alignPredictions(tables: readonly PredictionTable[]): AlignedPredictions {
  requireItems('alignPredictions: tables', ['file', 'classes', 'groups', 'runs'], tables);
  if (tables.length === 0) {
    throw new DactylError('E_ARGUMENT', 'Predictions: expected at least one file, received none.');
  }
  const twice = tables.find(({ file }, i) => tables.findIndex((other) => other.file === file) !== i);
  if (twice !== undefined) {
    throw new DactylError(
      'E_ARGUMENT',
      `Predictions: expected a file for each model, received ${twice.file} twice.`,
    );
  }
  const classes = ordered(new Set(tables.flatMap((table) => table.classes)));
  const numbers = new Map(classes.map((name, i) => [name, i]));
  const reference = { table: tables[0], run: tables[0].runs[0] };
  const numberOf = tables.map((table) => Uint16Array.from(table.classes, (name) => numbers.get(name)!));
  const labels = reference.run.labels.map((label) => numberOf[0][label]);
  const grouped = tables.find((table) => table.runs[0].groups !== null);

  const models = new Map<string, { files: string[]; runs: ModelRun[] }>();
  const names = nameModels(tables);
  tables.forEach((table, t) => {
    const model = models.get(names[t].name) ?? { files: [], runs: [] };
    models.set(names[t].name, model);
    model.files.push(fileNameOf(table.file));
    for (const run of table.runs) {
      requireSame(table, run, reference, 'label');
      if (grouped !== undefined && run.groups !== null) {
        requireSame(table, run, { table: grouped, run: grouped.runs[0] }, 'group');
      }
      const predicted = run.predicted.map((label) => numberOf[t][label]);
      const right = Uint8Array.from(predicted, (label, i) => (label === labels[i] ? 1 : 0));
      model.runs.push({
        seed: run.seed ?? names[t].seed,
        predicted,
        right,
        accuracy: right.reduce((sum, one) => sum + one, 0) / right.length,
        logLoss: run.logLoss,
      });
    }
  });
  if (models.size > MOST_MODELS) {
    throw new DactylError(
      'E_ARGUMENT',
      `Predictions: expected at most ${MOST_MODELS} models, received ${models.size}.`,
    );
  }
  return {
    classes,
    labels,
    groups: grouped?.runs[0].groups ?? null,
    models: [...models].map(([name, model]) => ({ name, ...model })),
    modelOf: names.map(({ name }) => name),
    warnings: tables.flatMap(({ warnings }) => warnings),
  };
}

function requireSame(
  table: PredictionTable,
  run: PredictionRun,
  reference: { readonly table: PredictionTable; readonly run: PredictionRun },
  what: 'label' | 'group',
): void {
  if (run === reference.run) return;
  const where = run.seed === null ? table.file : `${table.file}, seed ${run.seed}`;
  const n = reference.run.labels.length;
  if (run.labels.length !== n) {
    throw new DactylError(
      'E_MISMATCH',
      `${where}: expected ${n} rows, as in ${reference.table.file}, received ${run.labels.length}. All files and seeds must be about the same images in the same order.`,
    );
  }
  const names = what === 'label' ? table.classes : table.groups;
  const others = what === 'label' ? reference.table.classes : reference.table.groups;
  const values = what === 'label' ? run.labels : run.groups!;
  const expected = what === 'label' ? reference.run.labels : reference.run.groups!;
  for (let i = 0; i < n; i++) {
    if (names[values[i]] !== others[expected[i]]) {
      throw new DactylError(
        'E_MISMATCH',
        `${where}, line ${run.lines[i]} (image ${i + 1}): expected the ${what === 'label' ? 'true label' : 'group'} ${others[expected[i]]}, as in ${reference.table.file}, line ${reference.run.lines[i]}, received ${names[values[i]]}. All files and seeds must be about the same images in the same order.`,
      );
    }
  }
}

function ordered(names: ReadonlySet<string>): string[] {
  const list = [...names];
  return list.every(isNumberName) ? list.sort((a, b) => Number(a) - Number(b)) : list.sort();
}
