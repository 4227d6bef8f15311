import { ANEW, hexOf, refuse } from '../refuse.ts';
import { exifOrientation, MOST_PIXELS, requireSize } from './picture.ts';
import type { JpegHeader } from './jpeg.ts';

/** Size and orientation of a WebP from its chunks (RFC 9649), whose lengths have to fit the file. Throws E_DATA, with the byte. */
export function webpHeader(bytes: Uint8Array, file: string, most = MOST_PIXELS): JpegHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fail = (at: number, expected: string, received: string): never =>
    refuse(file, { at: `byte ${at}`, expected, received, remedy: ANEW });
  if (bytes.length < 20) return fail(bytes.length, 'the header of a WebP', 'the end of the file');
  const end = 8 + view.getUint32(4, true);
  if (end > bytes.length) return fail(4, `a WebP of ${end} bytes`, `the end of the file at ${bytes.length}`);
  let size: { rows: number; columns: number } | undefined;
  let orientation = 1;
  for (let at = 12; at + 8 <= end;) {
    const type = String.fromCharCode(...bytes.subarray(at, at + 4));
    const length = view.getUint32(at + 4, true);
    if (at + 8 + length > end) return fail(at, `${length} bytes of ${type}`, `${end - at - 8}`);
    const content = bytes.subarray(at + 8, at + 8 + length);
    if (type === 'ANIM') return fail(at, 'a single image', 'an animation');
    if (type === 'EXIF') {
      const named = String.fromCharCode(...content.subarray(0, 6)) === 'Exif\0\0';
      orientation = exifOrientation(named ? content.subarray(6) : content);
    }
    size ??= sizeOf(type, content);
    at += 8 + length + (length & 1);
  }
  if (size === undefined) return fail(12, 'a chunk with the image', hexOf(bytes.subarray(12)));
  // An image of one colour takes next to nothing, whatever its size; a large one of a few bytes is for no use but harm.
  requireSize(file, 'WebP', size.rows, size.columns, bytes.length * 65_536, most);
  return { ...size, orientation };
}

function sizeOf(type: string, content: Uint8Array): { rows: number; columns: number } | undefined {
  if (type === 'VP8X' && content.length >= 10) {
    return {
      columns: 1 + (content[4] | (content[5] << 8) | (content[6] << 16)),
      rows: 1 + (content[7] | (content[8] << 8) | (content[9] << 16)),
    };
  }
  if (type === 'VP8L' && content.length >= 5) {
    const bits = content[1] | (content[2] << 8) | (content[3] << 16) | (content[4] << 24);
    return { columns: 1 + (bits & 0x3fff), rows: 1 + ((bits >>> 14) & 0x3fff) };
  }
  if (type === 'VP8 ' && content.length >= 10) {
    return {
      columns: (content[6] | (content[7] << 8)) & 0x3fff,
      rows: (content[8] | (content[9] << 8)) & 0x3fff,
    };
  }
  return undefined;
}
