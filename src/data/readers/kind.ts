import { looksLikeCsv } from './csv.ts';
import { isIdx } from './idx.ts';
import { isNpy } from './npy.ts';
import { hexOf, refuse } from './refuse.ts';

export type ImageKind = 'PNG' | 'JPEG' | 'WebP' | 'BMP' | 'GIF';
export type Kind =
  ImageKind | 'gzip' | 'bzip2' | 'zip' | 'NPY' | 'IDX' | 'Parquet' | 'strokes' | 'libsvm' | 'CSV';

/** How many bytes `kindOf` looks at. */
export const HEAD = 4096;

const MAGICS: readonly (readonly [Kind, string])[] = [
  ['PNG', '\x89PNG'],
  ['JPEG', '\xff\xd8\xff'],
  ['BMP', 'BM'],
  ['GIF', 'GIF8'],
  ['gzip', '\x1f\x8b'],
  ['bzip2', 'BZh'],
  ['zip', 'PK\x03\x04'],
  ['zip', 'PK\x05\x06'],
  ['Parquet', 'PAR1'],
];

/** Pictures that are often tried and not read: their magic, their name, what to do. */
const FOREIGN_PICTURES: readonly (readonly [string, string, string])[] = [
  ['II*\0', 'a TIFF image', 'Convert it to PNG.'],
  ['MM\0*', 'a TIFF image', 'Convert it to PNG.'],
  ['II+\0', 'a TIFF image', 'Convert it to PNG.'],
  ['MM\0+', 'a TIFF image', 'Convert it to PNG.'],
  ['\0\0\0\x0cjP', 'a JPEG 2000 image', 'Convert it to PNG.'],
  ['\0\0\0\x0cJXL', 'a JPEG XL image', 'Convert it to PNG.'],
  ['\xff\x0a', 'a JPEG XL image', 'Convert it to PNG.'],
  ['8BPS', 'an image of Photoshop', 'Save it as PNG.'],
];
const FOREIGN_NAMES = /\.(?:tiff?|hei[cf]|avif|jp2|jxl|psd)$/i;
const FOREIGN_BRANDS = /^(?:hei[cfmsx]|hev[cx]|mif1|msf1|avi[fs])$/;

/** What else is often tried and not read. */
const FOREIGN: readonly (readonly [string, string, string])[] = [
  ...FOREIGN_PICTURES,
  ['\xff\xfe', 'a text in UTF-16', 'Save it as UTF-8 (in Excel: CSV UTF-8).'],
  ['\xfe\xff', 'a text in UTF-16', 'Save it as UTF-8 (in Excel: CSV UTF-8).'],
  ['\x89HDF', 'an HDF5 file', 'Save images and labels from it with numpy.savez.'],
  ['MATLAB', 'a MATLAB file', 'Load it with scipy.io.loadmat and save it with numpy.savez.'],
  ['\x80\x02', "a file of Python's pickle", 'Load it in Python and save it with numpy.savez.'],
  ['\x80\x03', "a file of Python's pickle", 'Load it in Python and save it with numpy.savez.'],
  ['\x80\x04', "a file of Python's pickle", 'Load it in Python and save it with numpy.savez.'],
  ['\x80\x05', "a file of Python's pickle", 'Load it in Python and save it with numpy.savez.'],
  ['%PDF', 'a PDF', 'Convert its pages to PNG.'],
  ['\xfd7zXZ', 'a file packed by xz', 'Unpack it first.'],
  ['\x28\xb5\x2f\xfd', 'a file packed by zstd', 'Unpack it first.'],
  ['7z\xbc\xaf', 'a 7z archive', 'Unpack it and give the folder.'],
  ['Rar!', 'a RAR archive', 'Unpack it and give the folder.'],
  ['ARROW1', 'an Arrow file', 'Save it as Parquet.'],
  ['SQLite', 'an SQLite database', 'Export it as CSV.'],
  [
    '<',
    'a page of HTML or XML',
    'A download often gives such a page in the place of the file: look at it, and get the file anew.',
  ],
];

/** What a file is by its first bytes, or undefined. */
export function kindOf(head: Uint8Array): Kind | undefined {
  if (isNpy(head)) return 'NPY';
  const found = MAGICS.find(([, magic]) => startsWith(head, magic));
  if (found !== undefined && !(found[0] === 'BMP' && !isBmp(head))) return found[0];
  if (startsWith(head, 'RIFF') && startsWith(head.subarray(8), 'WEBP')) return 'WebP';
  if (isIdx(head)) return 'IDX';
  if (FOREIGN.some(([magic]) => startsWith(head, magic))) return undefined;
  if (isText(head)) {
    const text = new TextDecoder()
      .decode(head)
      .replace(/^\ufeff/, '')
      .trimStart();
    if (/^\{/.test(text)) return 'strokes';
    if (/^[+-]?\d+(?:\.\d+)?(?:[ \t]+\d+:[^\s:]+)+/.test(text)) return 'libsvm';
    if (looksLikeCsv(head)) return 'CSV';
  }
  return undefined;
}

export function isImageKind(kind: Kind | undefined): kind is ImageKind {
  return kind === 'PNG' || kind === 'JPEG' || kind === 'WebP' || kind === 'BMP' || kind === 'GIF';
}

/** Whether a file is a picture of a kind that is not read, such as TIFF, by its first bytes or its name. */
export function isForeignPicture(head: Uint8Array, name: string): boolean {
  if (FOREIGN_NAMES.test(name) || FOREIGN_PICTURES.some(([magic]) => startsWith(head, magic))) return true;
  return (
    startsWith(head.subarray(4), 'ftyp') && FOREIGN_BRANDS.test(String.fromCharCode(...head.subarray(8, 12)))
  );
}

/** Throws E_DATA for a file that is of no kind that is read; what it is, where that is known. */
export function refuseKind(head: Uint8Array, file: string): never {
  const expected =
    'IDX, NPY, NPZ, CSV, Parquet, strokes (NDJSON), or a folder of images (PNG, JPEG, WebP, BMP, GIF)';
  refuse(file, { expected, ...foreignKind(head) });
}

/** Throws E_DATA for a file that is no picture; what it is, where that is known. */
export function refusePicture(head: Uint8Array, file: string): never {
  const kind = kindOf(head);
  refuse(file, {
    expected: 'an image: PNG, JPEG, WebP, BMP or GIF',
    ...(kind === undefined
      ? foreignKind(head)
      : { received: kind === 'CSV' ? 'a text' : `a file of the kind ${kind}` }),
  });
}

/** What a file is that is not read, and what to do. */
function foreignKind(head: Uint8Array): { received: string; remedy: string } {
  if (head.length === 0) return { received: 'an empty file', remedy: 'Is it another file than meant?' };
  if (startsWith(head.subarray(257), 'ustar')) {
    return { received: 'a tar archive', remedy: 'Unpack it and give the folder.' };
  }
  if (startsWith(head.subarray(4), 'ftyp')) {
    return { received: 'a HEIC or AVIF image, or a film', remedy: 'Convert it to JPEG or PNG.' };
  }
  const foreign = FOREIGN.find(([magic]) => startsWith(head, magic));
  return {
    received: foreign?.[1] ?? `something that begins with ${hexOf(head)}`,
    remedy: foreign?.[2] ?? 'Is it another file than meant?',
  };
}

function startsWith(bytes: Uint8Array, magic: string): boolean {
  for (let k = 0; k < magic.length; k++) if (bytes[k] !== magic.charCodeAt(k)) return false;
  return true;
}

/** 'BM' also begins texts: the sizes of known headers follow in a bitmap. */
function isBmp(head: Uint8Array): boolean {
  return head.length >= 26 && [12, 40, 52, 56, 64, 108, 124].includes(head[14]) && head[15] === 0;
}

function isText(head: Uint8Array): boolean {
  return head.length > 0 && !head.some((byte) => byte < 9 || (byte > 13 && byte < 32));
}
