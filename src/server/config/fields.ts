import type { TSchema } from 'typebox';
import { ServerConfig } from './schema.ts';

/** One value that may be set. */
export interface Field {
  /** Such as ['limits', 'bodyBytes']. */
  readonly path: readonly string[];
  /** Such as DACTYL_LIMITS_BODY_BYTES. */
  readonly variable: string;
  readonly type: 'integer' | 'number' | 'boolean' | 'string' | 'array';
  readonly description: string;
  /** Undefined where it may be left out. */
  readonly default: unknown;
  readonly isOptional: boolean;
  readonly schema: TSchema;
}

interface Described {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, TSchema>>;
  readonly required?: readonly string[];
  readonly description?: string;
  readonly default?: unknown;
}

/** All of them, in the order of the schema. */
export const FIELDS: readonly Field[] = fieldsOf(ServerConfig, [], false);

function fieldsOf(schema: TSchema, path: readonly string[], isOptional: boolean): Field[] {
  const { type, properties, required = [], description = '', default: usual } = schema as Described;
  if (type === 'object') {
    return Object.entries(properties!).flatMap(([name, own]) =>
      fieldsOf(own, [...path, name], !required.includes(name)),
    );
  }
  const variable = ['DACTYL', ...path.map(upperSnake)].join('_');
  return [
    {
      path,
      variable,
      type: (type ?? 'string') as Field['type'],
      description,
      default: usual,
      isOptional,
      schema,
    },
  ];
}

function upperSnake(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}
