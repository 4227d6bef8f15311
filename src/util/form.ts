import type { DactylError } from './errors.ts';

/**
 * What a value from parsed JSON has to be. For files that a page reads too: a library of schemas would weigh more than the training.
 * `problem` says what is wrong at the path `at`, undefined where nothing is.
 */
export interface Form<T> {
  readonly problem: (value: unknown, at: string) => string | undefined;
  readonly optional?: boolean;
  /** Never there: carries the type. */
  readonly type?: T;
}

export type TypeOf<F> = F extends Form<infer T> ? T : never;

type Fields = Readonly<Record<string, Form<unknown>>>;
type OptionalKey<F extends Fields> = { [K in keyof F]: F[K] extends { optional: true } ? K : never }[keyof F];
type Fielded<F extends Fields> = { [K in Exclude<keyof F, OptionalKey<F>>]: TypeOf<F[K]> } & {
  [K in OptionalKey<F>]?: TypeOf<F[K]>;
};

export const anything: Form<unknown> = { problem: () => undefined };
export const text = form('text', (value): value is string => typeof value === 'string');
export const flag = form('true or false', (value): value is boolean => typeof value === 'boolean');
export const finite = form('a number', (value): value is number => Number.isFinite(value));
export const positive = form('a number above 0', (value): value is number =>
  finiteFrom(value, Number.MIN_VALUE),
);
export const notNegative = form('a number of at least 0', (value): value is number => finiteFrom(value, 0));
export const integer = form('a whole number', (value): value is number => Number.isInteger(value));
export const count = form(
  'a whole number of at least 0',
  (value): value is number => Number.isInteger(value) && finiteFrom(value, 0),
);

function form<T>(expected: string, fits: (value: unknown) => value is T): Form<T> {
  return {
    problem: (value, at) =>
      fits(value) ? undefined : `${at || '/'}: expected ${expected}, received ${shorten(value)}`,
  };
}

export function oneOf<const T extends string>(...values: readonly T[]): Form<T> {
  return form(values.join(' or '), (value): value is T => (values as readonly unknown[]).includes(value));
}

export function list<T>(entry: Form<T>): Form<T[]> {
  return {
    problem(value, at) {
      if (!Array.isArray(value)) return `${at || '/'}: expected a list, received ${shorten(value)}`;
      return firstOf(value, (one, index) => entry.problem(one, `${at}/${index}`));
    },
  };
}

/** An object with any keys, all of whose values are of one form. */
export function record<T>(entry: Form<T>): Form<Record<string, T>> {
  return {
    problem(value, at) {
      if (!isObject(value)) return `${at || '/'}: expected an object, received ${shorten(value)}`;
      return firstOf(Object.entries(value), ([key, one]) => entry.problem(one, `${at}/${key}`));
    },
  };
}

export function orNull<T>(inner: Form<T>): Form<T | null> {
  return { problem: (value, at) => (value === null ? undefined : inner.problem(value, at)) };
}

export function optional<T>(inner: Form<T>): Form<T> & { optional: true } {
  return { ...inner, optional: true };
}

/** An object that has a name, and whatever else. */
export const named: Form<{ name: string }> = {
  problem(value, at) {
    if (!isObject(value)) return `${at || '/'}: expected an object, received ${shorten(value)}`;
    return text.problem(value.name, `${at}/name`);
  },
};

/** An object with these keys and no others. */
export function fields<const F extends Fields>(expected: F): Form<Fielded<F>> {
  return {
    problem(value, at) {
      if (!isObject(value)) return `${at || '/'}: expected an object, received ${shorten(value)}`;
      const unknown = Object.keys(value).find((key) => !Object.hasOwn(expected, key));
      if (unknown !== undefined)
        return `${at || '/'}: expected the keys ${Object.keys(expected).join(', ')}, received ${shorten(unknown)}`;
      return firstOf(Object.entries(expected), ([key, inner]) => {
        if (Object.hasOwn(value, key)) return inner.problem(value[key], `${at}/${key}`);
        return inner.optional ? undefined : `${at || '/'}: the key ${key} is missing`;
      });
    },
  };
}

/** Objects that the text under `key` tells apart; each variant's fields besides it. */
export function variants<K extends string, const V extends Readonly<Record<string, Fields>>>(
  key: K,
  expected: V,
): Form<{ [N in keyof V & string]: { [_ in K]: N } & Fielded<V[N]> }[keyof V & string]> {
  return {
    problem(value, at) {
      if (!isObject(value)) return `${at || '/'}: expected an object, received ${shorten(value)}`;
      const name = value[key];
      if (typeof name !== 'string' || !Object.hasOwn(expected, name))
        return oneOf(...Object.keys(expected)).problem(name, `${at}/${key}`);
      return fields({ [key]: text, ...expected[name] }).problem(value, at);
    },
  };
}

/** A value of this form from its JSON; anything else is thrown as what `refuse` makes of the reason. */
export function parseJson<T>(
  expected: Form<T>,
  json: string,
  refuse: (reason: string, options?: ErrorOptions) => DactylError,
): T {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw refuse('its description is not JSON', { cause });
  }
  const problem = expected.problem(value, '');
  if (problem !== undefined) throw refuse(`its description is wrong at ${problem}`);
  return value as T;
}

function firstOf<E>(
  entries: readonly E[],
  problemOf: (entry: E, index: number) => string | undefined,
): string | undefined {
  for (const [index, entry] of entries.entries()) {
    const problem = problemOf(entry, index);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function finiteFrom(value: unknown, least: number): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value >= least;
}

function shorten(value: unknown): string {
  return (JSON.stringify(value) ?? 'nothing').slice(0, 80);
}
