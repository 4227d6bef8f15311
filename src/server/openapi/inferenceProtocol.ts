import { Type } from 'typebox';

/** Of routes that are answered without going through a schema, for speed: what stands in the document about them. By path. */
const tags = ['inference'];
const Failure = Type.Object({ error: Type.String() });
const Parameters = Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()]));
const RequestParameters = Type.Record(
  Type.String(),
  Type.Union([Type.String(), Type.Number(), Type.Boolean()]),
  {
    description:
      'coverage (0.9, 0.95, 0.99); binary_data_output; to have the images kept: consent (training, review, research), consent_days, consent_under_age (true: a child’s, never trained with), consent_restrict (true: used for nothing until that is lifted), or the headers Dactyl-Consent, Dactyl-Consent-Days, Dactyl-Consent-Under-Age, Dactyl-Consent-Restrict. The answer’s parameters have consent_token',
  },
);

const Tensor = Type.Object({
  name: Type.String(),
  shape: Type.Array(Type.Integer({ minimum: 0 })),
  datatype: Type.String({ description: 'BOOL, UINT8 … UINT64, INT8 … INT64, FP16, FP32, FP64 or BYTES' }),
  parameters: Type.Optional(Parameters),
  data: Type.Optional(
    Type.Array(Type.Unknown(), { description: 'flat or nested, row by row; absent of binary tensors' }),
  ),
});

const InferBody = Type.Object({
  id: Type.Optional(Type.String()),
  parameters: Type.Optional(RequestParameters),
  inputs: Type.Array(Tensor, { minItems: 1 }),
  outputs: Type.Optional(
    Type.Array(Type.Object({ name: Type.String(), parameters: Type.Optional(Parameters) })),
  ),
});

const InferAnswer = Type.Object({
  model_name: Type.String(),
  model_version: Type.Optional(Type.String()),
  id: Type.Optional(Type.String()),
  parameters: Type.Optional(Parameters),
  outputs: Type.Array(Tensor),
});

const TensorAbout = Type.Object({
  name: Type.String(),
  datatype: Type.String(),
  shape: Type.Array(Type.Integer()),
});

const ModelMetadata = Type.Object({
  name: Type.String(),
  versions: Type.Array(Type.String()),
  platform: Type.String(),
  inputs: Type.Array(TensorAbout),
  outputs: Type.Array(TensorAbout),
});

const ModelReady = Type.Object({ name: Type.String(), ready: Type.Boolean() });
const failures = { 400: Failure, 404: Failure, 503: Failure };
const named = Type.Object({ model: Type.String() });
const versioned = Type.Object({ model: Type.String(), version: Type.String() });

const metadata = {
  tags,
  summary: 'Tells what a model takes and gives',
  response: { 200: ModelMetadata, 404: Failure },
};
const ready = {
  tags,
  summary: 'Says whether a model answers',
  response: { 200: ModelReady, 404: Failure, 503: ModelReady },
};
const infer = {
  tags,
  summary: 'Infers',
  description:
    'JSON, or JSON with binary tensors behind it (the binary extension). The first output is the probabilities of the classes; the decision’s id and doubts stand in the parameters and further outputs.',
  body: InferBody,
  response: { 200: InferAnswer, ...failures },
};

export const INFERENCE_PROTOCOL: Readonly<Record<string, object>> = {
  '/v2': {
    tags,
    summary: 'Tells what this server is',
    response: {
      200: Type.Object({
        name: Type.String(),
        version: Type.String(),
        extensions: Type.Array(Type.String()),
      }),
    },
  },
  '/v2/health/live': {
    tags,
    summary: 'Says that the server runs',
    response: { 200: Type.Object({ live: Type.Boolean() }) },
  },
  '/v2/health/ready': {
    tags,
    summary: 'Says whether requests may be sent',
    response: {
      200: Type.Object({ ready: Type.Boolean(), live: Type.Boolean() }),
      503: Type.Object({ ready: Type.Boolean(), live: Type.Boolean() }),
    },
  },
  '/v2/models': {
    tags,
    summary: 'Lists the names of the models',
    response: { 200: Type.Object({ models: Type.Array(Type.String()) }) },
  },
  '/v2/repository/index': {
    tags,
    summary: 'Lists all versions of the models, as clients of Triton ask for them',
    reads: Type.Object({}, { examples: [{}], description: 'not read' }),
    response: {
      200: Type.Array(
        Type.Object({
          name: Type.String(),
          version: Type.String(),
          state: Type.String(),
          reason: Type.String(),
        }),
      ),
    },
  },
  '/v2/models/:model': { ...metadata, params: named },
  '/v2/models/:model/versions/:version': { ...metadata, params: versioned },
  '/v2/models/:model/ready': { ...ready, params: named },
  '/v2/models/:model/versions/:version/ready': { ...ready, params: versioned },
  '/v2/models/:model/infer': { ...infer, params: named },
  '/v2/models/:model/versions/:version/infer': { ...infer, params: versioned },
};
