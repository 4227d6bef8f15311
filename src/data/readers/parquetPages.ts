import { parquetSchema, type ColumnMetaData, type FileMetaData, type SchemaTree } from 'hyparquet';
import { parquetHeader } from 'hyparquet/src/column.js';
import { readRleBitPackedHybrid } from 'hyparquet/src/encoding.js';
import {
  getMaxDefinitionLevel,
  getMaxRepetitionLevel,
  getTreePath,
  isFlatColumn,
} from 'hyparquet/src/schema.js';
import { requireDeltas, requireRuns } from './parquetRuns.ts';
import { type Fail, requireShortNumbers } from './parquetThrift.ts';
import type { Fault } from './refuse.ts';
import { unsnap } from './snappy.ts';

/** The length of the foot and four letters. */
const TAIL = 8;
/** Columns within columns. */
const DEEPEST = 32;
/** Snappy makes at most 64 bytes of two. */
const MOST_RATIO = 32;
const PLAIN = "Save it without special encodings, as pyarrow's write_table does by default.";

type Header = ReturnType<typeof parquetHeader>;

interface Column {
  readonly meta: ColumnMetaData;
  readonly schema: SchemaTree[];
  readonly fail: (expected: string, received: string, remedy?: string) => never;
}

/**
 * Refuses unless the pages of these columns lie within the file, hold no more values and bytes than they can, and have no run of equal values that is longer than
 * the page: hyparquet believes all of it. What refuses is handed in, for this file is loaded when it is needed, and a page's bundle pays for all that it shares with others.
 */
export function requirePages(
  metadata: FileMetaData,
  names: readonly string[],
  buffer: ArrayBuffer,
  refuse: (fault: Fault) => never,
): void {
  const rows = Number(metadata.num_rows);
  const inGroups = metadata.row_groups.reduce((sum, group) => sum + Number(group.num_rows), 0);
  if (inGroups !== rows || metadata.row_groups.some((group) => group.num_rows < 0)) {
    refuse({ expected: `${rows} rows in all groups`, received: String(inGroups) });
  }
  const tree = parquetSchema(metadata);
  for (const group of metadata.row_groups) {
    for (const { meta_data: meta } of group.columns) {
      if (meta === undefined || !names.includes(meta.path_in_schema[0])) continue;
      const { path_in_schema: path } = meta;
      const fail: Column['fail'] = (expected, received, remedy) =>
        refuse({
          at: `column ${path.join('.')}`,
          expected,
          received,
          ...(remedy !== undefined && { remedy }),
        });
      requireChunk({ meta, schema: getTreePath(tree, path), fail }, Number(group.num_rows), buffer);
    }
  }
}

/** Refuses a foot of the file whose numbers are longer than any. */
export function requireFoot(bytes: Uint8Array, refuse: (fault: Fault) => never): void {
  if (bytes.length < TAIL) return;
  const length = new DataView(bytes.buffer, bytes.byteOffset + bytes.length - TAIL).getUint32(0, true);
  const start = bytes.length - TAIL - length;
  if (start < 0) return;
  requireShortNumbers(bytes.subarray(0, bytes.length - TAIL), start, (expected, received) =>
    refuse({ expected, received }),
  );
}

/** Refuses columns nested deeper than any are: hyparquet keeps the whole path of each, in a memory that grows with the square of the depth. */
export function requireShallow({ schema }: FileMetaData, refuse: (fault: Fault) => never): void {
  /** How many elements each of those above still has. */
  const open: number[] = [];
  for (const { num_children: children = 0 } of schema) {
    while (open.length > 0 && open[open.length - 1] <= 0) open.pop();
    if (open.length > 0) open[open.length - 1]--;
    if (children > 0) open.push(Number(children));
    if (open.length > DEEPEST) {
      refuse({ expected: `columns at most ${DEEPEST} deep within each other`, received: 'more' });
    }
  }
}

function requireChunk(column: Column, rows: number, buffer: ArrayBuffer): void {
  const { meta, schema, fail } = column;
  const { codec } = meta;
  if (codec !== 'UNCOMPRESSED' && codec !== 'SNAPPY') {
    fail(
      'pages that are not packed, or by Snappy',
      `pages packed by ${codec}`,
      "Save it with compression='snappy'.",
    );
  }
  const start = Number(meta.dictionary_page_offset || meta.data_page_offset);
  const end = start + Number(meta.total_compressed_size);
  if (!(start >= 4 && end >= start && end <= buffer.byteLength)) {
    fail(`pages within ${buffer.byteLength} bytes`, `bytes ${start} to ${end}`);
  }
  const chunk = new Uint8Array(buffer, start, end - start);
  const view = new DataView(buffer, start, end - start);
  const reader = { view, offset: 0 };
  // As hyparquet does: a nested column's pages are all read, whatever they hold.
  const isFlat = isFlatColumn(schema);
  let values = 0;
  while ((!isFlat || values < rows) && reader.offset < view.byteLength - 1) {
    requireShortNumbers(chunk, reader.offset, fail);
    const header = parquetHeader(reader);
    const packed = Number(header.compressed_page_size);
    const size = Number(header.uncompressed_page_size);
    if (!(packed >= 0 && reader.offset + packed <= view.byteLength)) {
      fail(`a page within ${view.byteLength} bytes`, `one of ${packed} from ${reader.offset} on`);
    }
    if (!(size >= 0 && size <= (codec === 'SNAPPY' ? packed * MOST_RATIO : packed))) {
      fail(`a page that ${packed} bytes can hold`, `a promise of ${size} bytes`);
    }
    const isDictionary = header.type === 'DICTIONARY_PAGE';
    const most = isDictionary ? size : rows - values;
    const count = Number(contentOf(header)?.num_values);
    if (!(count >= 0 && count <= most)) fail(`at most ${most} values in a page`, String(count));
    if (!isDictionary) {
      requireValues(new Uint8Array(buffer, start + reader.offset, packed), header, count, column);
      values += count;
    }
    reader.offset += packed;
  }
  if (values !== rows) fail(`${rows} values`, String(values));
}

/** What the header says of the kind of page that it is, which alone is believed. */
function contentOf(header: Header): { readonly num_values: number } | undefined {
  if (header.type === 'DICTIONARY_PAGE') return header.dictionary_page_header;
  if (header.type === 'DATA_PAGE') return header.data_page_header;
  return header.type === 'DATA_PAGE_V2' ? header.data_page_header_v2 : undefined;
}

/** Throws unless the levels of a page and its values are in runs that it can hold. */
function requireValues(packed: Uint8Array, header: Header, count: number, column: Column): void {
  const { schema, fail } = column;
  const size = Number(header.uncompressed_page_size);
  const repetition = getMaxRepetitionLevel(schema);
  const definition = getMaxDefinitionLevel(schema);
  const second = header.type === 'DATA_PAGE_V2' ? header.data_page_header_v2 : undefined;
  if (second !== undefined) {
    const lengths = [second.repetition_levels_byte_length, second.definition_levels_byte_length].map(Number);
    const [nulls, rows] = [second.num_nulls, second.num_rows].map(Number);
    const fits = [...lengths, nulls, rows].every((one) => one >= 0) && nulls <= count && rows <= count;
    const levels = lengths[0] + lengths[1];
    if (!(fits && levels <= Math.min(packed.length, size))) {
      fail(`levels of ${count} values in ${packed.length} bytes`, [nulls, rows, ...lengths].join(', '));
    }
    if (repetition > 0) requireRuns(packed, 0, bits(repetition), count, fail);
    if (definition > 0) requireRuns(packed, lengths[0], bits(definition), count, fail);
    const rest = packed.subarray(levels);
    const isPacked = second.is_compressed !== false && size > levels;
    const page = isPacked ? unpacked(rest, size - levels, column) : rest;
    requireEncoding(page, 0, second.encoding, count - nulls, true, column);
    return;
  }
  const page = unpacked(packed, size, column);
  let at = 0;
  if (repetition > 0 && schema.length > 1) at = levelsOf(page, at, repetition, count, fail).end;
  let nulls = 0;
  if (definition > 0) {
    const { levels, end } = levelsOf(page, at, definition, count, fail);
    nulls = levels.reduce((sum, level) => sum + (level === definition ? 0 : 1), 0);
    at = end;
  }
  requireEncoding(page, at, header.data_page_header!.encoding, count - nulls, false, column);
}

/** The bytes of a page, as hyparquet gets them too. */
function unpacked(packed: Uint8Array, size: number, { meta, fail }: Column): Uint8Array {
  if (meta.codec === 'SNAPPY') return unsnap(packed, size);
  return packed.length === size ? packed : fail(`a page of ${packed.length} bytes`, String(size));
}

/** The levels of a page of the first version, which begin with their length in bytes. */
function levelsOf(
  page: Uint8Array,
  at: number,
  most: number,
  count: number,
  fail: Fail,
): { readonly levels: readonly number[]; readonly end: number } {
  requireRuns(page, at + 4, bits(most), count, fail);
  const reader = { view: new DataView(page.buffer, page.byteOffset, page.byteLength), offset: at };
  const levels = new Array<number>(count);
  readRleBitPackedHybrid(reader, bits(most), levels);
  return { levels, end: reader.offset };
}

/** Throws unless the values of a page from byte `at` on are in an encoding whose size can be known beforehand. */
function requireEncoding(
  page: Uint8Array,
  at: number,
  encoding: string,
  values: number,
  isSecond: boolean,
  { meta: { type }, fail }: Column,
): void {
  const isBoolean = type === 'BOOLEAN';
  if (encoding === 'PLAIN') return;
  if (encoding === 'RLE' && isBoolean) {
    requireRuns(page, at + 4, 1, values, fail);
  } else if ((encoding === 'RLE_DICTIONARY' || encoding === 'PLAIN_DICTIONARY') && !isBoolean) {
    const width = page[at];
    if (!(width <= 32)) fail('values of at most 32 bits', String(width));
    if (width > 0 || isSecond) requireRuns(page, at + 1, width, values, fail);
  } else if (encoding === 'DELTA_BINARY_PACKED' || encoding === 'DELTA_LENGTH_BYTE_ARRAY') {
    requireDeltas(page, at, values, fail);
  } else {
    fail('values as they are, numbers of a dictionary, or deltas', `${encoding} of ${type}`, PLAIN);
  }
}

function bits(value: number): number {
  return 32 - Math.clz32(value);
}
