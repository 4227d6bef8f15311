import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DactylError } from './errors.ts';
import { decodeSafetensors, encodeSafetensors } from './safetensors.ts';
import type { Tensor } from './tensor.ts';

const text = new TextEncoder();

/** A file with any header and any values, its length field true unless given. */
function fileOf(header: string | Uint8Array, values = 0, length?: bigint): Uint8Array {
  const body = typeof header === 'string' ? text.encode(header) : header;
  const bytes = new Uint8Array(8 + body.length + values);
  new DataView(bytes.buffer).setBigUint64(0, length ?? BigInt(body.length), true);
  bytes.set(body, 8);
  return bytes;
}

function reasonOf(bytes: Uint8Array): string {
  try {
    decodeSafetensors(bytes, 'f');
  } catch (error) {
    if (error instanceof DactylError && error.code === 'E_FORMAT') return error.message;
    throw error;
  }
  throw new Error('nothing was thrown');
}

test('the bytes of a small file, written out by hand', () => {
  const bytes = encodeSafetensors({ b: { data: Float32Array.of(1, -2), shape: [2, 1] } }, { k: 'ü' });
  const header = '{"__metadata__":{"k":"ü"},"b":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]}}';
  const padded = text.encode(header + ' '.repeat(88 - text.encode(header).length));
  expect(bytes).toEqual(
    Uint8Array.from([88, 0, 0, 0, 0, 0, 0, 0, ...padded, 0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0]),
  );
});

test('every type comes back bit for bit: −0, infinities, NaN with its payload, a scalar, an empty tensor', () => {
  const odd = new Float32Array(Uint32Array.of(0x7f800001, 0xffc12345, 0x80000000, 0x7f800000).buffer);
  const tensors: Record<string, Tensor> = {
    bytes: { data: Uint8Array.of(0, 255, 7), shape: [3] },
    doubles: { data: Float64Array.of(Math.PI, -0, NaN, -Infinity), shape: [2, 2] },
    odd: { data: odd, shape: [4] },
    'a name with "quotes" and ü': { data: Int32Array.of(-1, 2 ** 31 - 1), shape: [1, 2] },
    scalar: { data: Float32Array.of(0.5), shape: [] },
    empty: { data: new Float32Array(0), shape: [0, 5] },
  };
  const { tensors: found, metadata } = decodeSafetensors(encodeSafetensors(tensors, { a: '1' }), 'f');
  expect([...found.keys()]).toEqual(Object.keys(tensors));
  for (const [name, { data, shape }] of Object.entries(tensors)) {
    expect(found.get(name)!.shape).toEqual(shape);
    expect(found.get(name)!.data.constructor).toBe(data.constructor);
    expect(bitsOf(found.get(name)!)).toEqual(bitsOf({ data, shape }));
  }
  expect([...metadata]).toEqual([['a', '1']]);
});

function bitsOf({ data }: Tensor): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

test('a file without tensors, a view at an odd offset, and shared memory are read', () => {
  const empty = encodeSafetensors({});
  expect(empty.length).toBe(16);
  expect(decodeSafetensors(empty, 'f').tensors.size).toBe(0);
  const bytes = encodeSafetensors({ w: { data: Float64Array.of(1, 2), shape: [2] } });
  const shifted = new Uint8Array(new SharedArrayBuffer(bytes.length + 3));
  shifted.set(bytes, 3);
  expect(decodeSafetensors(shifted.subarray(3), 'f').tensors.get('w')!.data).toEqual(Float64Array.of(1, 2));
});

test('names that JavaScript objects treat specially are names like others', () => {
  const header =
    '{"__proto__":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"__metadata__":{"__proto__":"x"}}';
  const { tensors, metadata } = decodeSafetensors(fileOf(header, 1), 'f');
  expect([...tensors.keys()]).toEqual(['__proto__']);
  expect([...metadata]).toEqual([['__proto__', 'x']]);
});

const U8 = (begin: number, end: number, shape = `[${end - begin}]`): string =>
  `{"dtype":"U8","shape":${shape},"data_offsets":[${begin},${end}]}`;

test.each<[string, Uint8Array, RegExp]>([
  ['no header length', new Uint8Array(7), /8 bytes of the header length, received 7/],
  ['a header longer than the file', fileOf('{}', 0, 3n), /header of at most 2 bytes, received the length 3/],
  ['a header of 2⁶⁴ − 1 bytes', fileOf('{}', 0, 2n ** 64n - 1n), /received the length 18446744073709551615/],
  ['a header above 1 MiB', fileOf(`{${' '.repeat(1 << 20)}}`), /header of at most 1048576 bytes/],
  ['an empty header', fileOf('', 4), /starts with \{/],
  ['a header that starts with space', fileOf(' {}'), /starts with \{/],
  ['a header that is not UTF-8', fileOf(Uint8Array.of(0x7b, 0xff, 0x7d)), /not UTF-8/],
  ['a header that is not JSON', fileOf('{"a":}'), /not JSON/],
  [
    'deep nesting',
    fileOf(`{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`),
    /not JSON|expected the keys/,
  ],
  ['an entry that is no object', fileOf('{"a":[1]}'), /expected the keys dtype, shape and data_offsets/],
  ['an extra key', fileOf(`{"a":{"x":1,${U8(0, 0).slice(1)}}`), /and no others/],
  [
    'an unknown dtype',
    fileOf('{"a":{"dtype":"toString","shape":[0],"data_offsets":[0,0]}}'),
    /dtype of F32, F64, U8, I32/,
  ],
  ['a negative extent', fileOf(`{"a":${U8(0, 1, '[-1,-1]')}}`, 1), /shape of at most 32 whole numbers/],
  ['a fraction of an extent', fileOf(`{"a":${U8(0, 1, '[0.5,2]')}}`, 1), /whole numbers/],
  ['an extent beyond all integers', fileOf(`{"a":${U8(0, 1, '[1e300]')}}`, 1), /whole numbers/],
  ['too high a rank', fileOf(`{"a":${U8(0, 1, `[${new Array(33).fill(1).join()}]`)}}`, 1), /at most 32/],
  [
    'a product of extents that overflows',
    fileOf(`{"a":${U8(0, 1, '[4294967296,4294967296,4294967296]')}}`, 1),
    /needs 7\.9.*e\+28 bytes/,
  ],
  [
    'offsets of three numbers',
    fileOf('{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0,0]}}'),
    /two data_offsets/,
  ],
  ['offsets backwards', fileOf(`{"a":${U8(1, 0, '[1]')}}`, 1), /span -1/],
  [
    'a shape that is not the span',
    fileOf(`{"a":${U8(0, 4, '[3]')}}`, 4),
    /needs 3 bytes, its data_offsets span 4/,
  ],
  [
    'a hole',
    fileOf(`{"a":${U8(0, 1)},"b":${U8(2, 3)}}`, 3),
    /"b": expected data_offsets that begin at 1, received 2/,
  ],
  [
    'an overlap',
    fileOf(`{"a":${U8(0, 2)},"b":${U8(1, 3)}}`, 3),
    /"b": expected data_offsets that begin at 2, received 1/,
  ],
  ['a gap in front', fileOf(`{"a":${U8(1, 2)}}`, 2), /begin at 0, received 1/],
  [
    'missing values',
    fileOf(`{"a":${U8(0, 4)}}`, 3),
    /expected 4 bytes of values after the header, received 3/,
  ],
  [
    'surplus values',
    fileOf(`{"a":${U8(0, 4)}}`, 5),
    /expected 4 bytes of values after the header, received 5/,
  ],
  ['a tensor twice', fileOf(`{"a":${U8(0, 1)},"\\u0061":${U8(0, 1)}}`, 1), /occurs twice/],
  ['a shape twice', fileOf(`{"a":{"shape":[7],${U8(0, 1).slice(1)}}`, 1), /occurs twice/],
  ['metadata twice', fileOf(`{"__metadata__":{"a":"1"},"__metadata__":{"a":"2"}}`), /occurs twice/],
  ['metadata that is no text', fileOf('{"__metadata__":{"a":1}}'), /expected text for "a"/],
])('%s is refused', (_, bytes, reason) => {
  const message = reasonOf(bytes);
  expect(message).toMatch(reason);
  expect(message).toMatch(/^f is not a well-formed safetensors file: /);
  expect(message.length).toBeLessThan(400);
});

test('strings with quotes, braces and colons do not count as keys', () => {
  const metadata = { 'a":"b': '{"x": 1, \\" :', c: '"' };
  const found = decodeSafetensors(encodeSafetensors({}, metadata), 'f').metadata;
  expect(Object.fromEntries(found)).toEqual(metadata);
});

test('any truncation is refused, and any changed byte is refused or read, never another error', () => {
  const bytes = encodeSafetensors({
    a: { data: Float32Array.of(1, 2, 3), shape: [3] },
    b: { data: Uint8Array.of(9), shape: [1] },
  });
  for (let length = 0; length < bytes.length; length++) reasonOf(bytes.subarray(0, length));
  fc.assert(
    fc.property(fc.nat({ max: bytes.length - 1 }), fc.integer({ min: 1, max: 255 }), (offset, flip) => {
      try {
        decodeSafetensors(bytes.with(offset, bytes[offset] ^ flip), 'f');
      } catch (error) {
        expect(error).toBeInstanceOf(DactylError);
      }
    }),
    { numRuns: 1000 },
  );
});

test('tensors that cannot be written are refused', () => {
  const data = Float32Array.of(1, 2);
  expect(() => encodeSafetensors({ w: { data, shape: [3] } })).toThrow(
    /The tensor w: shape \(3,\) needs 3 values/,
  );
  expect(() => encodeSafetensors({ __metadata__: { data, shape: [2] } })).toThrow(/reserved/);
  expect(() => encodeSafetensors({}, { long: 'x'.repeat(1 << 20) })).toThrow(
    /header of at most 1048576 bytes/,
  );
});
