declare module 'fastify' {
  interface FastifySchema {
    /** Body of a request that the route itself reads and checks, as the document tells it: a schema of JSON, or `content` by media type. */
    reads?: unknown;
  }
}

interface Single {
  readonly const: unknown;
  readonly type?: string;
}

/** The schema of a route as it stands in the document: with the body that the route reads, and one of several values as `enum`. */
export function documented({ reads, ...schema }: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const body = reads === undefined ? {} : { body: reads };
  return withEnums({ ...schema, ...body }) as Record<string, unknown>;
}

/** Pages show but the first of `anyOf` single values, and all of an `enum`. */
function withEnums(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withEnums);
  if (typeof schema !== 'object' || schema === null) return schema;
  const { anyOf, ...rest } = schema as { readonly anyOf?: unknown };
  if (isSingles(anyOf)) {
    const types = [...new Set(anyOf.map(({ type, const: value }) => type ?? typeof value))];
    return { ...rest, type: types.length === 1 ? types[0] : types, enum: anyOf.map((one) => one.const) };
  }
  return Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, withEnums(value)]));
}

function isSingles(anyOf: unknown): anyOf is readonly Single[] {
  return (
    Array.isArray(anyOf) &&
    anyOf.length > 0 &&
    anyOf.every((one) => typeof one === 'object' && one !== null && 'const' in one)
  );
}
