import { Type } from 'typebox';

/** How pictures of clients are read. */
export const ReadingSettings = Type.Object(
  {
    threads: Type.Integer({
      minimum: 1,
      maximum: 64,
      default: 1,
      description: 'threads that read pictures, one each at a time',
    }),
    waiting: Type.Integer({
      minimum: 1,
      maximum: 10_000,
      default: 16,
      description: 'pictures that may wait for a thread; what comes then is answered with 503',
    }),
    seconds: Type.Number({
      minimum: 0.1,
      maximum: 600,
      default: 10,
      description: 'after which the reading of a picture is given up',
    }),
    pixels: Type.Integer({
      minimum: 784,
      maximum: 2 ** 26,
      default: 2 ** 24,
      description: 'of a picture, at most; looked at before it is decoded',
    }),
    heapMegabytes: Type.Integer({
      minimum: 64,
      maximum: 4096,
      default: 256,
      description: 'of a thread that reads, besides the pixels',
    }),
    pictures: Type.Integer({ minimum: 1, maximum: 1000, default: 16, description: 'in one request' }),
  },
  { additionalProperties: false, default: {} },
);
