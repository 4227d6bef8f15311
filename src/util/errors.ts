/** Every error code of Dactyl with its meaning; `docs/errors.md` is held to this table by a test. */
export const ERROR_CODES = {
  E_ARGUMENT: 'an argument or option has a value outside what is allowed',
  E_SHAPE: 'an array has another shape or length than is needed',
  E_LABEL: 'a label is not one of the classes',
  E_NUMERIC: 'a loss, an answer of a network or a value given to it is NaN or infinite',
  E_MEMORY: 'the engine cannot get the memory that a network or a batch needs',
  E_THREAD: 'a thread that helps with training has ended before it was told to',
  E_BUNDLE: 'a part is used that the page’s bundle does not hold',
  E_STATE: 'a model is used before it was compiled, while it is being trained, or after it was disposed of',
  E_IDX: 'a file is not a well-formed IDX file',
  E_DATA: 'a file of images or labels is damaged, of an unknown kind, or does not fit the others',
  E_CHECKSUM: 'the content of a file is not what its checksum promises',
  E_FILE: 'a file or folder cannot be read or written',
  E_FORMAT: 'a saved model, record or result is not well formed',
  E_NOT_FOUND: 'something named does not exist',
  E_MISMATCH: 'a recomputed result differs from the recorded one',
  E_ERASED: 'data were erased at the wish of those whom they are of, or since their time was over',
  E_STORE: 'the database of a server cannot be reached or takes nothing',
  E_LOCKED: 'a folder is in use by another process',
  E_PACKAGE: 'a package that a command needs is not installed',
  E_UNSUPPORTED: 'a request asks for what its protocol has and this server does not',
  E_KEY: 'a request to a server has no API key that is valid, or one that may not do this',
  E_BUSY: 'a server has too much to do, or is not ready; the same request may be answered later',
  E_ABORTED: 'the work was stopped on request',
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

/** An error a user can act on: the message says what was expected, what was received and what to do. */
export class DactylError extends Error {
  override readonly name = 'DactylError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
