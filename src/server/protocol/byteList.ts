const KEY = '"data"';
const [TAB, FEED, RETURN, SPACE, COMMA, COLON] = [0x09, 0x0a, 0x0d, 0x20, 0x2c, 0x3a];
const [OPEN, CLOSE, ZERO] = [0x5b, 0x5d, 0x30];

/** A JSON text without its tensor. */
export interface WithoutBytes {
  /** The text with an empty list in its place. */
  readonly rest: Buffer;
  readonly bytes: Uint8Array;
}

/**
 * The tensor of a JSON text where it is a flat list of whole numbers from 0 to 255, the value of the only key `data`: the usual image, which is read so in half the time of `JSON.parse`. Undefined
 * of any other text, be it JSON or not; what is left says whether it is.
 */
export function withoutBytes(text: Buffer): WithoutBytes | undefined {
  const key = text.indexOf(KEY);
  if (key < 0 || text.includes(KEY, key + KEY.length)) return undefined;
  const colon = afterSpace(text, key + KEY.length);
  const open = afterSpace(text, colon + 1);
  const close = text.indexOf(CLOSE, open);
  if (text[colon] !== COLON || text[open] !== OPEN || close < 0) return undefined;
  const bytes = bytesBetween(text, open + 1, close);
  if (bytes === undefined) return undefined;
  return { rest: Buffer.concat([text.subarray(0, open + 1), text.subarray(close)]), bytes };
}

/** Numbers divided by commas, up to the bracket at `close`; undefined where it is anything else, also where there is none. */
function bytesBetween(text: Buffer, start: number, close: number): Uint8Array | undefined {
  const bytes = new Uint8Array((close - start + 1) >> 1);
  let count = 0;
  let at = start;
  for (;;) {
    // Most of a picture is paper.
    while (text[at] === ZERO && text[at + 1] === COMMA) {
      at += 2;
      count++;
    }
    if (text[at] <= SPACE) at = afterSpace(text, at);
    const first = at;
    let value = 0;
    for (let digit = text[at] - ZERO; digit >= 0 && digit <= 9; digit = text[++at] - ZERO) {
      // JSON has no zeros in front.
      if (value === 0 && at > first) return undefined;
      value = 10 * value + digit;
      if (value > 255) return undefined;
    }
    if (at === first) return undefined;
    bytes[count++] = value;
    if (text[at] <= SPACE) at = afterSpace(text, at);
    if (text[at] !== COMMA) return at === close ? bytes.subarray(0, count) : undefined;
    at++;
  }
}

/** From `at` on, where something else than white space stands. */
function afterSpace(text: Buffer, at: number): number {
  let place = at;
  while (text[place] === SPACE || text[place] === FEED || text[place] === RETURN || text[place] === TAB)
    place++;
  return place;
}
