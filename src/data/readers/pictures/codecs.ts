import type { Picture } from '../../../images/scale.ts';
import { ANEW, refuse } from '../refuse.ts';
import { jpegHeader } from './jpeg.ts';
import { oriented } from './picture.ts';
import { webpHeader } from './webp.ts';

/** The formats that a WebAssembly decoder reads, the same in Node and in a page, so that one file gives the same pixels everywhere. */
export type Coded = 'JPEG' | 'WebP';

/** The compiled decoder of a format; without it, the decoder's own script fetches it, as bundlers of pages arrange. */
export type CodecSource = (format: Coded) => Promise<WebAssembly.Module>;

interface Decoded {
  readonly data: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}

type Decoder = (bytes: ArrayBuffer) => Promise<Decoded>;

/** Of @jsquash, which Squoosh's builds of MozJPEG and libwebp come from. */
interface Script {
  default: Decoder;
  init(module: WebAssembly.Module | undefined, options: object): Promise<void>;
}

/** A decoder of JPEG and WebP for one reading. */
export class Codecs {
  readonly #source: CodecSource | undefined;
  readonly #ready = new Map<Coded, Promise<Decoder>>();
  #said = '';

  constructor(source: CodecSource | undefined) {
    this.#source = source;
  }

  /** A JPEG as colours, or a WebP as colours and opacity, upright. Throws E_DATA for what is damaged. */
  async read(bytes: Uint8Array, format: Coded, file: string, most?: number): Promise<Picture> {
    const { rows, columns, orientation } =
      format === 'JPEG' ? jpegHeader(bytes, file, most) : webpHeader(bytes, file, most);
    const damaged = (received: string): never =>
      refuse(file, { expected: `a ${format} of ${columns} × ${rows} pixels`, received, remedy: ANEW });
    const decode = await this.#decoder(format);
    this.#said = '';
    let image;
    try {
      image = await decode(new Uint8Array(bytes).buffer);
    } catch {
      // After a fault the instance keeps what it had allocated, or has ended itself.
      this.#ready.delete(format);
      return damaged(`a fault of the decoder${this.#said === '' ? '' : ` (${this.#said.trim()})`}`);
    }
    if (this.#said !== '') return damaged(this.#said.trim());
    const { data, width, height } = image;
    if (width !== columns || height !== rows) return damaged(`one of ${width} × ${height}`);
    const rgba = new Uint8Array(data.buffer, data.byteOffset, data.length);
    return oriented(withoutOpacity({ data: rgba, rows, columns, channels: 4 }), orientation);
  }

  #decoder(format: Coded): Promise<Decoder> {
    const ready = this.#ready.get(format) ?? this.#made(format);
    this.#ready.set(format, ready);
    return ready;
  }

  async #made(format: Coded): Promise<Decoder> {
    const script = (format === 'JPEG'
      ? await import('@jsquash/jpeg/decode.js')
      : await import('@jsquash/webp/decode.js')) as unknown as Script;
    const module = await this.#source?.(format);
    const say = (text: string): void => {
      this.#said += `${text} `;
    };
    await script.init(module, { print: say, printErr: say });
    return script.default;
  }
}

/** Three channels where every pixel is opaque. */
function withoutOpacity(picture: Picture): Picture {
  const { data, rows, columns } = picture;
  const colours = new Uint8Array(rows * columns * 3);
  let opacity = 255;
  for (let from = 0, to = 0; from < data.length; from += 4, to += 3) {
    colours[to] = data[from];
    colours[to + 1] = data[from + 1];
    colours[to + 2] = data[from + 2];
    opacity &= data[from + 3];
  }
  return opacity === 255 ? { data: colours, rows, columns, channels: 3 } : picture;
}
