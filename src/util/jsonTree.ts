/** A value in a JSON text (RFC 8259), at `offset`, in UTF-16 code units. */
export type JsonNode =
  | { readonly kind: 'object'; readonly offset: number; readonly members: readonly JsonMember[] }
  | { readonly kind: 'array'; readonly offset: number; readonly items: readonly JsonNode[] }
  | { readonly kind: 'plain'; readonly offset: number; readonly value: string | number | boolean | null };

/** `offset` is that of the key. A key may stand in several members. */
export interface JsonMember {
  readonly key: string;
  readonly offset: number;
  readonly value: JsonNode;
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /[A-Za-z]+/y;
const WORDS: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null };

/**
 * The places of all values of a JSON text, which `JSON.parse` does not tell. It takes exactly the texts that `JSON.parse` takes; of others `fail` is told where
 * and why, and has to throw. Recurses as deep as the text is nested: ask `placeBelow` before.
 */
export function jsonTree(text: string, fail: (offset: number, reason: string) => never): JsonNode {
  let at = 0;
  const root = value();
  space();
  if (at < text.length) unexpected('the end of the file');
  return root;

  function value(): JsonNode {
    space();
    const offset = at;
    if (text[at] === '{') return { kind: 'object', offset, members: list('}', member) };
    if (text[at] === '[') return { kind: 'array', offset, items: list(']', value) };
    return { kind: 'plain', offset, value: text[at] === '"' ? string() : numberOrWord() };
  }

  function member(): JsonMember {
    space();
    const offset = at;
    if (text[at] !== '"') unexpected('a key in double quotes');
    const key = string();
    space();
    if (text[at] !== ':') unexpected('a colon after the key');
    at++;
    return { key, offset, value: value() };
  }

  /** From the opening bracket to behind the closing one. */
  function list<T>(end: string, next: () => T): T[] {
    const found: T[] = [];
    at++;
    space();
    if (text[at] === end) {
      at++;
      return found;
    }
    for (;;) {
      found.push(next());
      space();
      const mark = text[at];
      if (mark !== ',' && mark !== end) unexpected(`a comma or ${end}`);
      at++;
      if (mark === end) return found;
    }
  }

  function string(): string {
    const from = at;
    for (at++; text[at] !== '"'; at++) {
      if (at >= text.length || text[at] < ' ') fail(from, 'a text in double quotes does not end on its line');
      if (text[at] === '\\') at++;
    }
    at++;
    try {
      return JSON.parse(text.slice(from, at)) as string;
    } catch {
      return fail(from, 'a backslash that starts nothing known, or a control character in a text');
    }
  }

  function numberOrWord(): number | boolean | null {
    const number = match(NUMBER);
    if (number !== undefined) return Number(number);
    const from = at;
    const word = match(WORD);
    if (word !== undefined && Object.hasOwn(WORDS, word)) return WORDS[word];
    at = from;
    return unexpected('a value');
  }

  function match(pattern: RegExp): string | undefined {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    at += found?.length ?? 0;
    return found;
  }

  function space(): void {
    while (text[at] === ' ' || text[at] === '\n' || text[at] === '\r' || text[at] === '\t') at++;
  }

  function unexpected(what: string): never {
    return fail(at, `expected ${what}, received ${received()}`);
  }

  function received(): string {
    if (at >= text.length) return 'the end of the file';
    if (/^\/[/*]/.test(text.slice(at, at + 2))) return 'a comment';
    const word = match(WORD);
    return word ?? JSON.stringify(String.fromCodePoint(text.codePointAt(at)!));
  }
}

/** The value at this path of keys and positions, and where its key stands if it has one; undefined where there is none. */
export function jsonNodeAt(
  root: JsonNode,
  path: readonly string[],
): { readonly node: JsonNode; readonly keyOffset: number | undefined } | undefined {
  let node = root;
  let keyOffset: number | undefined;
  for (const part of path) {
    const next = childOf(node, part);
    if (next === undefined) return undefined;
    node = next.value;
    keyOffset = next.offset;
  }
  return { node, keyOffset };
}

function childOf(
  node: JsonNode,
  part: string,
): { readonly value: JsonNode; readonly offset: number | undefined } | undefined {
  if (node.kind === 'object') return node.members.find(({ key }) => key === part);
  if (node.kind !== 'array' || !/^\d+$/.test(part)) return undefined;
  const value = node.items.at(Number(part));
  return value && { value, offset: undefined };
}
