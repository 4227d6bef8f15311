import { type TSchema, Type } from 'typebox';
import { COVERAGES } from '../models/calibrate.ts';
import { EXPLAINERS } from './task.ts';

const closed = { additionalProperties: false } as const;
const Share = Type.Number({ minimum: 0, maximum: 1 });
const Name = Type.String({ pattern: '^[\\w.-]{1,100}$' });

export const MOST_STROKES = 2000;
/** Of a stroke: x and y of 100,000 points. */
export const MOST_NUMBERS = 200_000;

const Strokes = Type.Array(Type.Array(Type.Number(), { minItems: 2, maxItems: MOST_NUMBERS }), {
  minItems: 1,
  maxItems: MOST_STROKES,
  description: 'at most 2,000, each the x and y of its points (at most 100,000), y downwards, in any unit',
});
/** A one. */
const examples = [{ strokes: [[10, 6, 14, 2, 14, 22]] }];

export const StrokesBody = Type.Object(
  {
    strokes: Strokes,
    consent: Type.Optional(Type.String({ maxLength: 100 })),
    consent_days: Type.Optional(Type.Union([Type.Integer(), Type.String({ maxLength: 10 })])),
    consent_under_age: Type.Optional(Type.Union([Type.Boolean(), Type.String({ maxLength: 10 })])),
    consent_restrict: Type.Optional(Type.Union([Type.Boolean(), Type.String({ maxLength: 10 })])),
  },
  { ...closed, examples },
);

/** What a body is looked at for first; what is in them is told by what reads it. */
export const StrokesNames = Type.Object(
  {
    strokes: Type.Unknown(),
    consent: Type.Optional(Type.Unknown()),
    consent_days: Type.Optional(Type.Unknown()),
    consent_under_age: Type.Optional(Type.Unknown()),
    consent_restrict: Type.Optional(Type.Unknown()),
  },
  closed,
);

/** Of a digit that is explained nothing is kept. */
export const ExplainedStrokes = Type.Object({ strokes: Strokes }, { ...closed, examples });

const Picture = Type.String({ format: 'binary', description: 'a picture' });
const Form = Type.Object({ file: Picture });

/** What a request has as its body, by media type, as the OpenAPI document tells it. */
export function bodyOf(strokes: TSchema): object {
  return {
    content: {
      ...Object.fromEntries(
        ['png', 'jpeg', 'webp', 'bmp', 'gif'].map((type) => [`image/${type}`, { schema: Picture }]),
      ),
      'multipart/form-data': { schema: Form },
      'application/json': { schema: strokes },
    },
  };
}

const ModelQuery = {
  model: Type.Optional(Type.String({ maxLength: 100, description: 'a served model; by default the first' })),
  version: Type.Optional(Type.String({ maxLength: 64, description: 'of it; by default the newest' })),
};

export const ReadQuery = Type.Object(
  {
    ...ModelQuery,
    coverage: Type.Optional(
      Type.Union(
        COVERAGES.map((coverage) => Type.Literal(coverage)),
        { description: 'of the conformal sets; by default 0.99' },
      ),
    ),
    crops: Type.Optional(
      Type.Union([Type.Literal('0'), Type.Literal('1')], {
        description: '1: with each digit as it was cut out, a PNG in base64',
      }),
    ),
  },
  closed,
);

export const ExplainQuery = Type.Object(
  {
    ...ModelQuery,
    method: Type.Optional(
      Type.Union(
        EXPLAINERS.map((method) => Type.Literal(method)),
        { description: 'by default integratedBlank: integrated gradients from blank paper' },
      ),
    ),
    index: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 100_000,
        description: 'which of the digits that are found; by default the first, 0',
      }),
    ),
    class: Type.Optional(
      Type.String({ maxLength: 100, description: 'what is explained; by default the answer' }),
    ),
    against: Type.Optional(
      Type.String({
        maxLength: 100,
        description: 'what it is compared with; by default the next most probable',
      }),
    ),
  },
  closed,
);

const ModelName = Type.Object(
  { name: Name, version: Type.String(), hash: Type.String({ description: 'SHA-256 of its file' }) },
  closed,
);

const Box = Type.Object(
  { left: Type.Number(), top: Type.Number(), width: Type.Number(), height: Type.Number() },
  { ...closed, description: 'in pixels of the picture, or in the unit of the strokes' },
);

const Doubt = Type.Optional(Type.String({ description: 'why the answer is not sure; absent where it is' }));
const Set = Type.Optional(
  Type.Array(Type.String(), {
    description:
      'conformal set: of further images of the kind of those that it was calibrated on, the truth is among these as often as `coverage` says',
  }),
);

const Digit = Type.Object(
  {
    digit: Type.Integer({ minimum: 0, maximum: 9 }),
    confidence: Share,
    second: Type.Integer({ minimum: 0, maximum: 9 }),
    none: Type.Number({ minimum: 0, maximum: 1, description: 'probability that it is no digit' }),
    notSure: Doubt,
    probabilities: Type.Array(Share, { minItems: 10, maxItems: 10, description: 'of 0 to 9, calibrated' }),
    box: Box,
    set: Set,
    crop: Type.Optional(Type.String({ description: 'PNG in base64' })),
  },
  closed,
);

const Numbers = Type.Object(
  {
    width: Type.Number(),
    height: Type.Number(),
    numbers: Type.Array(
      Type.Object(
        {
          text: Type.String({ description: "such as 2026; '?' in place of digits that are not sure" }),
          confidence: Share,
          notSure: Doubt,
          line: Type.Integer({ minimum: 0 }),
          box: Box,
          digits: Type.Array(Digit),
        },
        closed,
      ),
    ),
    notes: Type.Array(Type.String()),
  },
  closed,
);

const ClassAnswer = Type.Object(
  {
    class: Type.String(),
    label: Type.Integer({ minimum: 0 }),
    confidence: Share,
    second: Type.String(),
    notSure: Doubt,
    probabilities: Type.Record(Type.String(), Share),
    set: Set,
  },
  closed,
);

export const Failure = Type.Object(
  {
    error: Type.String({ description: 'what was expected, what was received, what to do' }),
    code: Type.String({ description: 'of docs/errors.md' }),
  },
  closed,
);

const Consent = Type.Optional(
  Type.Union(
    [
      Type.Null(),
      Type.Object(
        { token: Type.String(), until: Type.String({ format: 'date-time' }), url: Type.String() },
        closed,
      ),
    ],
    {
      description:
        'of the pictures that were kept, as the request consented to: shows, exports and erases them; null where it consented and nothing was kept; absent where it did not consent',
    },
  ),
);

export const ReadAnswered = Type.Object(
  {
    model: ModelName,
    decision: Type.String({ description: 'opaque identifier of this answer in the audit log' }),
    coverage: Type.Optional(
      Type.Number({ description: 'of the sets; absent where the model was not calibrated' }),
    ),
    pictures: Type.Array(Type.Union([Numbers, ClassAnswer, Failure]), {
      description: 'in the order in which they were sent',
    }),
    consent: Consent,
    consentNote: Type.Optional(Type.String({ description: 'why nothing was kept, where consent is null' })),
  },
  closed,
);

const ExplainedMap = Type.Object(
  {
    values: Type.Array(Type.Number(), { description: 'pixel by pixel, row by row' }),
    png: Type.String({ description: 'the same as PNG in base64: blue speaks for, orange against' }),
  },
  closed,
);

export const Explained = Type.Object(
  {
    model: ModelName,
    decision: Type.String(),
    method: Type.String(),
    shape: Type.Array(Type.Integer(), {
      description: 'of image and maps: rows, columns, and channels where there are several',
    }),
    image: Type.String({ description: 'what the network saw, PNG in base64' }),
    class: Type.String(),
    against: Type.String(),
    scores: Type.Array(Type.Number(), { minItems: 2, maxItems: 2, description: 'of both, before softmax' }),
    maps: Type.Object(
      { class: ExplainedMap, against: ExplainedMap, contrast: ExplainedMap },
      {
        ...closed,
        description: 'what speaks for the one, for the other, and for the one rather than the other',
      },
    ),
    probabilities: Type.Record(Type.String(), Share),
  },
  closed,
);

const ModelAbout = Type.Object(
  {
    name: Name,
    version: Type.String(),
    hash: Type.String(),
    kind: Type.Union([Type.Literal('digits'), Type.Literal('classes')]),
    inputShape: Type.Array(Type.Integer()),
    classes: Type.Array(Type.String()),
    none: Type.Boolean({ description: 'whether it says, too, that an image is none of its classes' }),
    temperature: Type.Number(),
    sureFrom: Type.Union([Share, Type.Array(Share, { description: 'by digit' })]),
    calibration: Type.Union([
      Type.Null(),
      Type.Object(
        { on: Type.String(), images: Type.Integer(), coverages: Type.Array(Type.Number()) },
        {
          ...closed,
          description: 'labelled images that it was not trained on; null where none were at hand',
        },
      ),
    ]),
    trainedWith: Type.Integer({ description: 'consents with whose images it was trained' }),
    card: Type.String({ description: 'path of its card' }),
    infer: Type.String({ description: 'path of the Open Inference Protocol' }),
  },
  closed,
);

export const ModelList = Type.Object({ models: Type.Array(ModelAbout) }, closed);
export const ModelVersions = Type.Object({ name: Name, versions: Type.Array(ModelAbout) }, closed);
export const NamedModel = Type.Object({ name: Type.String({ maxLength: 100 }) });
export const CardId = Type.Object({
  id: Type.String({ maxLength: 100, description: 'name, version or hash of a model' }),
});
