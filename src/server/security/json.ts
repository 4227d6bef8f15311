import type { FastifyInstance } from 'fastify';
import { badRequest } from '../errors.ts';

export interface JsonLimits {
  /** Of arrays and objects in each other. */
  readonly depth: number;
  /** Of all objects together. */
  readonly keys: number;
  /** And objects. 4,096 images of 28 rows are 118,785 nested; half a million take a tenth of a second to parse, several million seconds and gigabytes. */
  readonly arrays: number;
}

const JSON_LIMITS: JsonLimits = { depth: 16, keys: 2000, arrays: 500_000 };

const [QUOTE, BACKSLASH, COLON] = [0x22, 0x5c, 0x3a];
const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [0x7b, 0x7d, 0x5b, 0x5d];
/** By byte: whether the structure of JSON hangs on it. Most bytes of a tensor are digits and commas, which are passed over at once. */
const IS_STRUCTURE = new Uint8Array(256);
for (const byte of [QUOTE, COLON, OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET])
  IS_STRUCTURE[byte] = 1;

/**
 * Throws E_ARGUMENT (400) for JSON that is deeper, has more keys or more arrays and objects than the limits, or a key that objects inherit from, before it is parsed: parsing takes time and memory
 * by them, and whoever walks through a value may then do so by recursion. Says nothing of whether it is JSON.
 */
export function requireShallow(text: Uint8Array, { depth, keys, arrays }: JsonLimits = JSON_LIMITS): void {
  let open = 0;
  let opened = 0;
  let named = 0;
  let start = 0;
  let end = 0;
  for (let at = 0; at < text.length; at++) {
    const byte = text[at];
    if (IS_STRUCTURE[byte] === 0) continue;
    if (byte === QUOTE) {
      start = at;
      for (at++; at < text.length && text[at] !== QUOTE; at++) if (text[at] === BACKSLASH) at++;
      end = at + 1;
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      if (++open > depth) throw badRequest(`Expected JSON of at most ${depth} levels, received more.`);
      if (++opened > arrays) {
        throw badRequest(
          `Expected JSON of at most ${arrays} arrays and objects, received more. Numbers may stand in one flat array.`,
        );
      }
    } else if (byte === COLON) {
      if (++named > keys) throw badRequest(`Expected JSON of at most ${keys} keys, received more.`);
      requireOwn(text, start, end);
    } else open--;
  }
}

/** Names by which an object's inheritance could be changed where values are merged. */
const INHERITED = ['__proto__', 'constructor', 'prototype'];
/** In bytes, with two quotes: as they are, and with each letter as an escape of six. */
const SHORTEST = 9 + 2;
const LONGEST = 11 * 6 + 2;

/** `start` to `end`: a key with its quotes. */
function requireOwn(text: Uint8Array, start: number, end: number): void {
  if (end - start < SHORTEST || end - start > LONGEST) return;
  const quoted = String.fromCharCode(...text.subarray(start, end));
  let key: unknown = quoted.slice(1, -1);
  if (quoted.includes('\\')) {
    try {
      key = JSON.parse(quoted);
    } catch {
      // Not JSON, which is said where it is parsed.
      return;
    }
  }
  if (INHERITED.includes(key as string)) {
    throw badRequest(`Expected keys of JSON that name values, received ${String(key)}.`);
  }
}

/** Bodies are JSON within the limits, and those of no other type are read, unless a part of the application has parsers of its own. */
export function parseOnlyJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
    try {
      done(null, body.length === 0 ? undefined : parseJson(body as Buffer));
    } catch (error) {
      done(error as Error);
    }
  });
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** What a text of JSON says, within the limits. Throws E_ARGUMENT (400) for what is none, and for an object with a key that objects inherit from. */
export function parseJson(text: Uint8Array, limits: JsonLimits = JSON_LIMITS): unknown {
  requireShallow(text, limits);
  try {
    return JSON.parse(UTF8.decode(text));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) {
      throw badRequest('Expected JSON in UTF-8, received something else.');
    }
    throw error;
  }
}
