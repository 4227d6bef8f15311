/** C0 and C1 but for tab and line feed, DEL, separators of lines, marks that turn the direction of writing, halves of characters. */
const UNPRINTABLE =
  /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|\p{Surrogate}/gu;

/**
 * Text for a terminal or a pipe: what would command a terminal or hide what stands there (escape codes in the name of a file or a class,
 * text turned right to left) is written out as JSON does, `\u001b`, so that JSON stays what it is. Tabs and line feeds stay. The same text
 * again changes nothing.
 */
export function printable(text: string): string {
  return text.replace(
    UNPRINTABLE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
