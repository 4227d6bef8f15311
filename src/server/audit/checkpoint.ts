import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { sha256 } from '../../store/sha256.ts';
import type { Head } from './chain.ts';

/**
 * How long a chain was and what its last hash was, in the text form of C2SP's tlog-checkpoint: three lines, origin, size and hash in base64, signed as a
 * signed note (an empty line, then `— NAME SIGNATURE`). The hash is that of the chain's last entry, not the root of a tree.
 */
export interface Checkpoint {
  readonly chain: string;
  readonly size: number;
  /** Hexadecimal. */
  readonly hash: string;
  /** What is signed. */
  readonly text: string;
  readonly signatures: readonly {
    readonly name: string;
    readonly id: string;
    readonly signature: Uint8Array;
  }[];
}

/** An Ed25519 key under a name, as in Go's sumdb/note. */
export interface NamedKey {
  readonly name: string;
  /** First four bytes of SHA-256 of the name, a line feed, 0x01 and the key's 32 bytes; hexadecimal. */
  readonly id: string;
  readonly key: KeyObject;
}

const ORIGIN = 'dactyl-audit/';
const ED25519 = 1;
const RAW_BYTES = 32;

/** Of the notes of one chain. Names hold neither white space nor `+`. */
export function originOf(chain: string): string {
  return `${ORIGIN}${chain}`;
}

/** The chain to which `dactyl keys` writes beside an instance: a commit of its own, which the instance signs with its key. */
export function keysChain(chain: string): string {
  return `${chain}-keys`;
}

/** The chain whose notes have this origin. */
export function chainOf(origin: string): string {
  return origin.startsWith(ORIGIN) ? origin.slice(ORIGIN.length) : origin;
}

/** The public half of a key, named. */
export function namedKey(name: string, key: KeyObject): NamedKey {
  const raw = rawOf(key);
  return { name, id: keyId(name, raw), key: key.type === 'private' ? createPublicKey(key) : key };
}

/** `NAME+ID+KEY`, by which others can check the signatures. */
export function verifierText({ name, id, key }: NamedKey): string {
  return `${name}+${id}+${Buffer.concat([Buffer.of(ED25519), rawOf(key)]).toString('base64')}`;
}

/** Undefined where the text is none. */
export function parseVerifier(text: string): NamedKey | undefined {
  const [, name, id, coded] = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text.trim()) ?? [];
  if (coded === undefined) return undefined;
  const bytes = Buffer.from(coded, 'base64');
  const raw = bytes.subarray(1);
  if (bytes[0] !== ED25519 || raw.length !== RAW_BYTES || keyId(name, raw) !== id) return undefined;
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') };
  return { name, id, key: createPublicKey({ key: jwk, format: 'jwk' }) };
}

/** The signed note of a chain that ends with `head`; the key is that of the instance `signer`. */
export function signCheckpoint(
  chain: string,
  { seq, hash }: Head,
  key: KeyObject,
  signer: string = chain,
): string {
  const name = originOf(signer);
  const text = `${originOf(chain)}\n${seq}\n${Buffer.from(hash, 'hex').toString('base64')}\n`;
  const signature = sign(null, Buffer.from(text), key);
  const coded = Buffer.concat([Buffer.from(keyId(name, rawOf(key)), 'hex'), signature]).toString('base64');
  return `${text}\n— ${name} ${coded}\n`;
}

/** Every note of this form in a text, such as a file of several one after the other. */
export function findCheckpoints(text: string): Checkpoint[] {
  const notes = text.matchAll(
    /^dactyl-audit\/([\w.-]{1,64})\n(0|[1-9]\d{0,15})\n([A-Za-z0-9+/]{43}=)\n(?:[^\n]+\n)*\n((?:— [^\s+]+ [A-Za-z0-9+/=]+(?:\n|$))+)/gm,
  );
  return [...notes].map(([note, chain, size, hash, signatures]) => ({
    chain,
    size: Number(size),
    hash: Buffer.from(hash, 'base64').toString('hex'),
    text: note.slice(0, note.length - signatures.length - 1),
    signatures: signatures
      .trim()
      .split('\n')
      .map((line) => {
        const [, name, coded] = line.split(' ');
        const bytes = Buffer.from(coded, 'base64');
        return { name, id: bytes.toString('hex', 0, 4), signature: new Uint8Array(bytes.subarray(4)) };
      }),
  }));
}

/** Whether one of `keys` signed it, under the name of the chain or of the instance that it belongs to. */
export function isSignedBy({ chain, text, signatures }: Checkpoint, keys: readonly NamedKey[]): boolean {
  return signatures.some(({ name, id, signature }) =>
    keys.some(
      (key) =>
        (key.name === originOf(chain) || keysChain(key.name) === originOf(chain)) &&
        key.name === name &&
        key.id === id &&
        verify(null, Buffer.from(text), key.key, signature),
    ),
  );
}

function keyId(name: string, raw: Uint8Array): string {
  return sha256(`${name}\n`, Uint8Array.of(ED25519), raw).slice(0, 8);
}

/** The 32 bytes of the public key. */
function rawOf(key: KeyObject): Buffer {
  const open = key.type === 'private' ? createPublicKey(key) : key;
  return Buffer.from(open.export({ format: 'jwk' }).x!, 'base64url');
}
