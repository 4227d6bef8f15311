import { Type } from 'typebox';

export const MonitorSettings = Type.Object(
  {
    imagesPerSecond: Type.Integer({
      minimum: 0,
      maximum: 1000,
      default: 100,
      description: 'that are looked at for drift, at most; 0: none',
    }),
    keepDays: Type.Integer({
      minimum: 1,
      maximum: 3650,
      default: 90,
      description: 'how long what the monitor saw is kept: numbers about images, no pixels',
    }),
  },
  { additionalProperties: false, default: {} },
);
