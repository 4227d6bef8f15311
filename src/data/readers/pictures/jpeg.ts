import { ANEW, refuse } from '../refuse.ts';
import { exifOrientation, MOST_PIXELS, requireSize } from './picture.ts';

/** What a JPEG's markers say, found before it is decoded. */
export interface JpegHeader {
  readonly rows: number;
  readonly columns: number;
  /** EXIF's. */
  readonly orientation: number;
}

/** A progressive JPEG has ten or so. Each takes ten bytes, and as much time as all of the pixels: hundreds of them are made to take long. */
const MOST_SCANS = 100;

/** Throws E_DATA for the four components of CMYK, which the decoder does not read. */
function requireColours(components: number, file: string): void {
  if (components !== 4) return;
  refuse(file, {
    expected: 'a JPEG of one component (grey) or three (colours)',
    received: 'four (CMYK), which is not read',
    remedy: 'Convert it to RGB.',
  });
}

/**
 * Size and orientation of a JPEG from its markers (ITU-T T.81), which are followed to the end: decoders fill what is cut off with grey and say nothing. Throws
 * E_DATA, with the byte.
 */
export function jpegHeader(bytes: Uint8Array, file: string, most = MOST_PIXELS): JpegHeader {
  let at = 2;
  let size: { rows: number; columns: number } | undefined;
  let orientation = 1;
  let scans = 0;
  const cut = (): never =>
    refuse(file, {
      at: `byte ${bytes.length}`,
      expected: 'more of the JPEG, up to its end marker',
      received: 'the end of the file',
      remedy: ANEW,
    });
  for (;;) {
    if (at + 2 > bytes.length) return cut();
    if (bytes[at] !== 0xff) {
      refuse(file, {
        at: `byte ${at}`,
        expected: 'a marker',
        received: `0x${bytes[at].toString(16)}`,
        remedy: ANEW,
      });
    }
    const marker = bytes[at + 1];
    if (marker === 0xff) {
      at++;
      continue;
    }
    at += 2;
    if (marker === 0xd9) break;
    if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) continue;
    if (at + 2 > bytes.length) return cut();
    const length = (bytes[at] << 8) | bytes[at + 1];
    if (length < 2 || at + length > bytes.length) return cut();
    const content = bytes.subarray(at + 2, at + length);
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      requireColours(content[5], file);
      size = { rows: (content[1] << 8) | content[2], columns: (content[3] << 8) | content[4] };
    }
    if (marker === 0xe1 && String.fromCharCode(...content.subarray(0, 6)) === 'Exif\0\0') {
      orientation = exifOrientation(content.subarray(6));
    }
    at += length;
    if (marker !== 0xda) continue;
    if (++scans > MOST_SCANS) {
      refuse(file, {
        at: `byte ${at - length - 2}`,
        expected: `a JPEG of at most ${MOST_SCANS} scans`,
        received: 'more',
        remedy: 'The file is damaged or made to take long: save the image anew.',
      });
    }
    // Coded data end at a marker that is neither a stuffed byte nor a restart.
    for (;;) {
      at = bytes.indexOf(0xff, at);
      if (at < 0 || at + 1 >= bytes.length) return cut();
      if (bytes[at + 1] !== 0 && !(bytes[at + 1] >= 0xd0 && bytes[at + 1] <= 0xd7)) break;
      at += 2;
    }
  }
  if (size === undefined || size.rows === undefined) {
    return refuse(file, { expected: 'the size of the image', received: 'none', remedy: ANEW });
  }
  // A block of 8 × 8 takes at least two bits; sampling spreads it over at most sixteen.
  requireSize(file, 'JPEG', size.rows, size.columns, bytes.length * 4096, most);
  return { ...size, orientation };
}
