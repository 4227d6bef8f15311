/** `dactyl/reading`: reads what people write, strokes and pictures, from one digit to a page. Runs in Node and in a page. */
export { readDigits } from './reading/readDigits.ts';
export { readStrokes } from './reading/readStrokes.ts';
export type { ReadingOptions } from './reading/readingOptions.ts';
export type { Box, DigitReading, NumberReading, Reading } from './reading/answer.ts';
export { encodeReader, readerOf } from './reading/reader.ts';
export type { Reader, ReaderFacts, ReaderOptions, ReaderSets } from './reading/reader.ts';
export type { SureFrom } from './reading/sureFrom.ts';
export type { Picture } from './images/scale.ts';
export type { PenStroke } from './images/rasterize.ts';

export { DactylError, ERROR_CODES } from './util/errors.ts';
export type { ErrorCode } from './util/errors.ts';
