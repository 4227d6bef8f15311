import { DactylError } from '../util/errors.ts';

/** Keras' snake_case is accepted too: `leaky_relu` is `leakyRelu`. */
function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** Looks `name` up in a family (a table by name) or throws E_ARGUMENT with the family's names. */
export function resolveName<N extends string>(
  family: string,
  table: Readonly<Record<N, unknown>>,
  name: string,
): N {
  const key = camelCase(name);
  if (Object.hasOwn(table, key)) return key as N;
  const known = Object.keys(table).join(', ');
  throw new DactylError('E_ARGUMENT', `Unknown ${family}: expected one of ${known}; received '${name}'.`);
}
