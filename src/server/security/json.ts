import type { FastifyInstance } from 'fastify';
import { badRequest } from '../errors.ts';

export interface JsonLimits {
  /** Of arrays and objects in each other. */
  readonly depth: number;
  /** Of all objects together. */
  readonly keys: number;
}

const JSON_LIMITS: JsonLimits = { depth: 16, keys: 2000 };

const [QUOTE, BACKSLASH, COLON] = [0x22, 0x5c, 0x3a];
const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [0x7b, 0x7d, 0x5b, 0x5d];

/**
 * Throws E_ARGUMENT (400) for JSON that is deeper or has more keys than the limits, before it is parsed: whoever walks through a value may then do so by recursion.
 * Says nothing of whether it is JSON.
 */
export function requireShallow(text: Uint8Array, { depth, keys }: JsonLimits = JSON_LIMITS): void {
  let open = 0;
  let named = 0;
  for (let at = 0; at < text.length; at++) {
    const byte = text[at];
    if (byte === QUOTE) {
      for (at++; at < text.length && text[at] !== QUOTE; at++) if (text[at] === BACKSLASH) at++;
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      if (++open > depth) throw badRequest(`Expected JSON of at most ${depth} levels, received more.`);
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) open--;
    else if (byte === COLON && ++named > keys) {
      throw badRequest(`Expected JSON of at most ${keys} keys, received more.`);
    }
  }
}

/** Names by which an object's inheritance could be changed where values are merged. */
const INHERITED = ['__proto__', 'constructor', 'prototype'];
/** A text without any of these has no such name, written out or in escapes. */
const SUSPICIOUS = /__proto__|constructor|prototype|\\u/;

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

/** What a text of JSON says, within the limits. Throws E_ARGUMENT (400) for what is none, and for an object with a key that objects inherit from. */
export function parseJson(text: Uint8Array, limits: JsonLimits = JSON_LIMITS): unknown {
  requireShallow(text, limits);
  let value: unknown;
  try {
    const json = new TextDecoder('utf-8', { fatal: true }).decode(text);
    value = SUSPICIOUS.test(json) ? JSON.parse(json, refuseInherited) : JSON.parse(json);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) {
      throw badRequest('Expected JSON in UTF-8, received something else.');
    }
    throw error;
  }
  return value;
}

function refuseInherited(key: string, value: unknown): unknown {
  if (INHERITED.includes(key)) throw badRequest(`Expected keys of JSON that name values, received ${key}.`);
  return value;
}
