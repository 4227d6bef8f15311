import { Type } from 'typebox';

export const ConsentSettings = Type.Object(
  {
    mostDays: Type.Integer({
      minimum: 1,
      maximum: 3650,
      default: 365,
      description: 'the longest that images are kept under a consent',
    }),
    notice: Type.String({
      minLength: 1,
      maxLength: 200,
      default: 'docs/privacy.md, notice 1',
      description:
        'name or address of the wording that people are shown when they consent; kept as a part of the proof',
    }),
  },
  { additionalProperties: false, default: {} },
);
