import { parseArgs } from 'node:util';

/** The command line's `--name value`, over the defaults; a number where the default is one. */
export function argumentsOf<T extends Record<string, string | number>>(defaults: T): T {
  const options = Object.fromEntries(
    Object.keys(defaults).map((name) => [name, { type: 'string' as const }]),
  );
  const { values } = parseArgs({ options });
  const given = Object.entries(values as Record<string, string>);
  return {
    ...defaults,
    ...Object.fromEntries(given.map(([k, v]) => [k, typeof defaults[k] === 'number' ? Number(v) : v])),
  };
}
