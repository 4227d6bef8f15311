import { describe } from '../util/describe.ts';
import { DactylError } from '../util/errors.ts';
import { likelyMeant } from '../util/nearest.ts';

/** What others call what has another name here. */
const ALIASES = {
  swish: 'silu',
  logistic: 'sigmoid',
  identity: 'linear',
  lrelu: 'leakyRelu',
  acc: 'accuracy',
  categoricalAccuracy: 'accuracy',
  sparseCategoricalAccuracy: 'accuracy',
  binaryAccuracy: 'accuracy',
  topK: 'topKAccuracy',
  top5: 'topKAccuracy',
  top5Accuracy: 'topKAccuracy',
  topKCategoricalAccuracy: 'topKAccuracy',
  sparseTopKCategoricalAccuracy: 'topKAccuracy',
  balanced: 'balancedAccuracy',
  f1: 'f1Score',
  rocAuc: 'auc',
  roc: 'auc',
  mse: 'meanSquaredError',
  mae: 'meanAbsoluteError',
  rmse: 'rootMeanSquaredError',
  crossEntropy: 'sparseCategoricalCrossentropy',
  crossentropy: 'sparseCategoricalCrossentropy',
  nllLoss: 'sparseCategoricalCrossentropy',
  bce: 'binaryCrossentropy',
  adamw: 'adamW',
  rmsProp: 'rmsprop',
  xavier: 'glorotUniform',
  xavierUniform: 'glorotUniform',
  xavierNormal: 'glorotNormal',
  kaiming: 'heUniform',
  kaimingUniform: 'heUniform',
  kaimingNormal: 'heNormal',
} as const satisfies Record<string, string>;

/** Names that are known elsewhere and have no counterpart here. */
const LACKING = {
  hinge: 'loss',
  adamax: 'optimizer',
  adadelta: 'optimizer',
  nadam: 'optimizer',
  ftrl: 'optimizer',
} as const satisfies Record<string, string>;

/** Keras' snake_case is accepted too: `leaky_relu` is `leakyRelu`. */
function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** Looks `name` up in a family (a table by name) or throws E_ARGUMENT with the family's names, and what is called so elsewhere. */
export function resolveName<N extends string>(
  family: string,
  table: Readonly<Record<N, unknown>>,
  name: unknown,
): N {
  const key = typeof name === 'string' ? camelCase(name) : '';
  if (Object.hasOwn(table, key)) return key as N;
  const known = Object.keys(table);
  const received = typeof name === 'string' ? `'${name}'` : describe(name);
  throw new DactylError(
    'E_ARGUMENT',
    `Unknown ${family}: expected one of ${known.join(', ')}; received ${received}${adviceOn(key, family, known)}.`,
  );
}

function adviceOn(key: string, family: string, known: readonly string[]): string {
  if (key === '') return '';
  const alias = valueOf(ALIASES, key) ?? valueOf(ALIASES, key.toLowerCase());
  if (alias !== undefined && known.includes(alias)) return `, which is called ${alias} here`;
  if (valueOf(LACKING, key) === family) return `; there is no such ${family} yet`;
  const meant = likelyMeant(key, known);
  return meant === undefined ? '' : ` (nearest: ${meant})`;
}

function valueOf(table: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
