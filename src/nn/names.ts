import { DactylError } from '../util/errors.ts';
import { likelyMeant } from '../util/nearest.ts';

/** Keras' snake_case is accepted too: `leaky_relu` is `leakyRelu`. */
function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** Looks `name` up in a family (a table by name) or throws E_ARGUMENT with the family's names. */
export function resolveName<N extends string>(
  family: string,
  table: Readonly<Record<N, unknown>>,
  name: unknown,
): N {
  const key = typeof name === 'string' ? camelCase(name) : '';
  if (Object.hasOwn(table, key)) return key as N;
  const known = Object.keys(table);
  const meant = key === '' ? undefined : likelyMeant(key, known);
  const guess = meant === undefined ? '' : ` (nearest: ${meant})`;
  throw new DactylError(
    'E_ARGUMENT',
    `Unknown ${family}: expected one of ${known.join(', ')}; received '${String(name)}'${guess}.`,
  );
}

/** Throws E_ARGUMENT for an option that is not in `known`: misspelt, it would leave the default in force. */
export function checkOptions(what: string, known: readonly string[], options: object): void {
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new DactylError(
    'E_ARGUMENT',
    `${what}: expected options of ${known.filter((name) => name !== 'name').join(', ')}; received '${unknown}'.`,
  );
}
