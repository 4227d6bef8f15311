import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { fault, laterFault } from '../../../../test/support/faults.ts';
import { codec } from '../../../store/codec.ts';
import { type ImageKind, isImageKind, kindOf } from '../kind.ts';
import { readBmp } from './bmp.ts';
import { Codecs } from './codecs.ts';
import { jpegHeader } from './jpeg.ts';
import { readGif } from './gif.ts';
import { coloured, grey, isColoured, opaque, oriented } from './picture.ts';
import { readPng } from './png.ts';
import { readPicture } from './readPicture.ts';
import type { Picture } from '../../../images/scale.ts';

interface Sample {
  name: string;
  file: string;
  shape: number[];
  pixels: string;
  tolerance: number;
}

/** By Pillow and PyPNG: scripts/fixtures/pictures.py. */
const samples = JSON.parse(
  readFileSync(new URL('fixtures/pictures.json', import.meta.url), 'utf8'),
) as Sample[];
const bytesOf = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, 'base64'));
const fileOf = (name: string): Uint8Array => bytesOf(samples.find((sample) => sample.name === name)!.file);
const codecs = new Codecs(codec);

async function raw(bytes: Uint8Array): Promise<Picture> {
  const kind = kindOf(bytes.subarray(0, 4096));
  if (kind === 'PNG') return readPng(bytes, 'f');
  if (kind === 'BMP') return readBmp(bytes, 'f');
  if (kind === 'GIF') return readGif(bytes, 'f');
  if (kind === 'JPEG' || kind === 'WebP') return codecs.read(bytes, kind, 'f');
  throw new Error(`no image: ${kind}`);
}

test.each(samples)(
  '$name: every channel within $tolerance of Pillow’s',
  async ({ file, shape, pixels, tolerance }) => {
    let picture = await raw(bytesOf(file));
    const [rows, columns, channels = 1] = shape;
    if (channels === 3 && picture.channels === 1) picture = coloured(picture);
    if (channels === 1 && picture.channels === 3) picture = grey(picture);
    expect([picture.rows, picture.columns, picture.channels]).toEqual([rows, columns, channels]);
    const expected = bytesOf(pixels);
    let worst = 0;
    picture.data.forEach((value, i) => {
      worst = Math.max(worst, Math.abs(value - expected[i]));
    });
    expect(worst).toBeLessThanOrEqual(tolerance);
  },
);

test('every truncation of every file is refused, and never anything but E_DATA', async () => {
  // The first frame of an animation is whole before the file is.
  for (const { name, file } of samples.filter((one) => one.name !== 'GIF animated')) {
    const bytes = bytesOf(file);
    for (let k = 1; k <= 12; k++) {
      const cut = bytes.subarray(0, Math.floor((bytes.length * k) / 13));
      const kind = kindOf(cut);
      if (!isImageKind(kind)) continue;
      expect(await laterFault(readPicture(cut, kind, 'f.x', codecs)), `${name}, ${k}/13`).toMatch(/^f\.x/);
    }
  }
});

test('headers of 50,000 × 50,000 and dimensions of nothing allocate nothing', async () => {
  const set = (bytes: Uint8Array, at: number, value: number[]): Uint8Array => {
    const copy = bytes.slice();
    copy.set(value, at);
    return copy;
  };
  const gif = set(fileOf('GIF plain'), 6, [0x50, 0xc3, 0x50, 0xc3]);
  expect(fault(() => readGif(gif, 'f'))).toMatch(
    /expected an image of at most 67108864 pixels, received a header of 50000 × 50000/,
  );
  const bmp = set(fileOf('BMP RGB'), 18, [0x50, 0xc3, 0, 0, 0x50, 0xc3, 0, 0]);
  expect(fault(() => readBmp(bmp, 'f'))).toMatch(/received a header of 50000 × 50000/);
  const png = set(fileOf('PNG by Pillow: grey'), 16, [0, 0, 0xc3, 0x50, 0, 0, 0xc3, 0x50]);
  expect(fault(() => readPng(png, 'f'))).toMatch(/CRC-32/);
  const jpeg = fileOf('JPEG restarts');
  const at = jpeg.findIndex((byte, k) => byte === 0xff && jpeg[k + 1] === 0xc0);
  const big = set(jpeg, at + 5, [0xc3, 0x50, 0xc3, 0x50]);
  expect(await laterFault(codecs.read(big, 'JPEG', 'f'))).toMatch(/received a header of 50000 × 50000/);
  expect(fault(() => readGif(set(fileOf('GIF plain'), 6, [0, 0]), 'f'))).toMatch(/an image with pixels/);
});

test('fewer pixels may be asked for: every kind of more is refused before it is decoded, of as many is read', async () => {
  const firsts = ['PNG', 'BMP', 'GIF', 'JPEG', 'WebP'].map((kind) =>
    samples.find(({ name }) => name.startsWith(kind))!,
  );
  for (const { name, file, shape } of firsts) {
    const pixels = shape[0] * shape[1];
    const bytes = bytesOf(file);
    const read = (most: number): Promise<Picture> =>
      readPicture(bytes, kindOf(bytes.subarray(0, 4096)) as ImageKind, 'f', codecs, most);
    expect(await laterFault(read(pixels - 1)), name).toBe(
      `f: expected an image of at most ${pixels - 1} pixels, received a header of ${shape[1]} × ${shape[0]}. Make the image smaller.`,
    );
    const { rows, columns } = await read(pixels);
    expect([rows, columns], name).toEqual(shape.slice(0, 2));
  }
});

test('a PNG that inflates to more or less than its header says, or that is no zlib stream, is refused', () => {
  const deep = Buffer.from(fileOf('PNG by Pillow: grey'));
  // One row more in the header, with its checksum: the same data are too few.
  const changed = Uint8Array.from(deep);
  changed[23]++;
  const crc = (bytes: Uint8Array): number => {
    let sum = -1;
    for (const byte of bytes) {
      sum ^= byte;
      for (let k = 0; k < 8; k++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
    }
    return ~sum >>> 0;
  };
  new DataView(changed.buffer).setUint32(29, crc(changed.subarray(12, 29)));
  expect(fault(() => readPng(changed, 'f'))).toBe(
    'f: expected image data that become 450 bytes, received 432. The file is damaged: get it anew.',
  );
  changed[23] -= 2;
  new DataView(changed.buffer).setUint32(29, crc(changed.subarray(12, 29)));
  expect(fault(() => readPng(changed, 'f'))).toMatch(/become 414 bytes, received more/);
});

test('transparency: dark ink lies on white, light ink on black', () => {
  const ink = (value: number): Picture => ({
    data: Uint8Array.of(value, 255, 9, 0, value, 128),
    rows: 1,
    columns: 3,
    channels: 2,
  });
  expect([...opaque(ink(0)).data]).toEqual([0, 255, 127]);
  expect([...opaque(ink(255)).data]).toEqual([255, 0, 128]);
});

test('the eight orientations of a 1 × 2 picture, by hand', () => {
  const picture: Picture = { data: Uint8Array.of(1, 2), rows: 1, columns: 2, channels: 1 };
  const turned = [1, 2, 3, 4, 5, 6, 7, 8].map((k) => {
    const { data, rows, columns } = oriented(picture, k);
    return `${rows}×${columns}: ${data.join()}`;
  });
  expect(turned).toEqual([
    '1×2: 1,2',
    '1×2: 2,1',
    '1×2: 2,1',
    '1×2: 1,2',
    '2×1: 1,2',
    '2×1: 1,2',
    '2×1: 2,1',
    '2×1: 2,1',
  ]);
});

test('a JPEG of four components is no damaged one: CMYK is not read', async () => {
  // By Pillow: Image.new('CMYK', (8, 8), (10, 20, 30, 40)).save(file, quality=10, optimize=True)
  const cmyk = bytesOf(
    '/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwBQNzxGPDJQRkFGWlVQX3jIgnhubnj1r7mRyP///////////////////////////////////////////////////8AAFAgACAAIBEMRAE0RAFkRAEsRAP/EABQAAQAAAAAAAAAAAAAAAAAAAAT/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/9oADgRDAE0AWQBLAAA/AGFlEv/Z',
  );
  expect(await laterFault(codecs.read(cmyk, 'JPEG', 'f'))).toBe(
    'f: expected a JPEG of one component (grey) or three (colours), received four (CMYK), which is not read. Convert it to RGB.',
  );
});

test('blue ink on paper has no colours, a photograph has', () => {
  const paper = { data: new Uint8Array(300).fill(250), rows: 10, columns: 10, channels: 3 };
  paper.data.set([10, 20, 200, 10, 20, 200]);
  expect(isColoured(paper)).toBe(false);
  expect(isColoured({ ...paper, data: paper.data.map((_, i) => [200, 100, 40][i % 3]) })).toBe(true);
});

test('a JPEG of a hundred scans is looked at, one of more refused at once: each costs the time of all pixels', () => {
  // By ITU-T T.81: start, frame of 8 × 8 grey pixels, scans of one component, end.
  const frame = [0xff, 0xc0, 0, 11, 8, 0, 8, 0, 8, 1, 1, 0x11, 0];
  const scan = [0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0];
  const scans = (n: number) =>
    Uint8Array.from([0xff, 0xd8, ...frame, ...Array.from({ length: n }, () => scan).flat(), 0xff, 0xd9]);
  expect(jpegHeader(scans(100), 'f')).toMatchObject({ rows: 8, columns: 8 });
  expect(() => jpegHeader(scans(101), 'f')).toThrow(
    /^f, byte 1015: expected a JPEG of at most 100 scans, received more\. The file is damaged or made to take long/,
  );
});
