import { ACTIVATIONS } from '../engine/activations/activations.ts';
import '../nn/all.ts';
import { INITIALIZERS } from '../nn/initializers/initializers.ts';
import { LAYERS } from '../nn/layers/table.ts';

const count = { type: 'integer', minimum: 1 };
const pair = { anyOf: [count, { type: 'array', items: count, minItems: 2, maxItems: 2 }] };
const extents = { type: 'array', items: { type: 'integer' }, minItems: 1 };
const name = (examples: object) => ({ type: 'string', examples: Object.keys(examples) });
const regularizer = {
  type: 'object',
  properties: { l1: { type: 'number', minimum: 0 }, l2: { type: 'number', minimum: 0 } },
  additionalProperties: false,
  description: 'penalty l1 Σ|w| + l2 Σw²',
};

/** What fields of layers are, for editors; the layers' own functions check them. */
const FIELDS: Readonly<Record<string, object>> = {
  shape: { ...extents, description: 'of one image, without the batch: [28, 28] or [28, 28, 1]' },
  targetShape: { ...extents, description: 'without the batch; −1 at most once: what is left' },
  axis: {
    anyOf: [{ type: 'integer' }, extents],
    description: 'what is normalized together: −1, the last, or several of the last',
  },
  units: { ...count, description: 'outputs' },
  filters: { ...count, description: 'channels of the outputs' },
  depthMultiplier: { ...count, description: 'outputs for each channel' },
  kernelSize: { ...pair, description: 'a number, or [height, width]' },
  poolSize: { ...pair, description: 'a number, or [height, width]' },
  strides: { ...pair, description: 'a number, or [vertical, horizontal]' },
  padding: { enum: ['valid', 'same'] },
  activation: { ...name(ACTIVATIONS), description: 'linear where nothing is said' },
  parameter: { type: 'number', description: 'negative slope of leakyRelu, alpha of elu' },
  useBias: { type: 'boolean' },
  kernelInitializer: name(INITIALIZERS),
  depthwiseInitializer: name(INITIALIZERS),
  biasInitializer: name(INITIALIZERS),
  kernelRegularizer: regularizer,
  depthwiseRegularizer: regularizer,
  rate: { type: 'number', minimum: 0, exclusiveMaximum: 1 },
  scale: {
    type: ['number', 'boolean'],
    description: 'factor of Rescaling; of normalisations: whether there is a gamma',
  },
  offset: { type: 'number' },
};

const COMMON = {
  name: { type: 'string' },
  trainable: { type: 'boolean', description: 'false: training leaves its weights as they are' },
};

/** A recipe's layers with the fields that each type has. */
function layersSchema(): object {
  const definitions = Object.values(LAYERS).filter(({ type }) => type !== 'RandomDistortion');
  return {
    type: 'array',
    items: {
      type: 'object',
      required: ['type'],
      properties: { type: { type: 'string', examples: definitions.map(({ type }) => type) } },
      // Not `oneOf`: a type may be spelt as elsewhere.
      allOf: definitions.map(({ type, fields }) => ({
        if: { properties: { type: { const: type } } },
        then: {
          properties: {
            type: true,
            ...Object.fromEntries(Object.keys(fields).map((field) => [field, FIELDS[field] ?? true])),
            ...COMMON,
          },
          additionalProperties: false,
        },
      })),
    },
  };
}

/**
 * A schema as text, with the names that the code knows and the schema leaves open as examples: editors offer them, and other spellings, such
 * as Keras', are no error. What layers may have stands once, under `$defs`.
 */
export function publishedSchema(schema: object): string {
  const examples: Readonly<Record<string, string[]>> = {
    activation: Object.keys(ACTIVATIONS),
    initializer: Object.keys(INITIALIZERS),
  };
  const named = (key: string, value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    if (key === 'layers') return { ...value, items: undefined, $ref: '#/$defs/network' };
    if (!Object.hasOwn(examples, key)) return value;
    const { type, properties } = value as { type?: string; properties?: { values?: object } };
    if (type === 'string') return { ...value, examples: examples[key] };
    if (!properties?.values) return value;
    const values = { ...properties.values, items: { type: 'string', examples: examples[key] } };
    return { ...value, properties: { ...properties, values } };
  };
  const whole = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    ...schema,
    $defs: { network: layersSchema() },
  };
  return `${JSON.stringify(whole, named, 2)}\n`;
}
