import { generateKeyPairSync, sign } from 'node:crypto';

/** A certificate that signs itself, for localhost and 127.0.0.1 and ten years around now (RFC 5280, version 3, ECDSA over P-256 with SHA-256), and its key; both PEM. */
export function selfSigned(name: string): { readonly cert: string; readonly key: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02));
  // Of one attribute, the common name.
  const named = sequence(node(0x31, sequence(oid(0x55, 0x04, 0x03), node(0x0c, Buffer.from(name)))));
  const names = sequence(node(0x82, Buffer.from('localhost')), node(0x87, Buffer.of(127, 0, 0, 1)));
  const extensions = sequence(sequence(oid(0x55, 0x1d, 0x11), node(0x04, names)));
  const year = new Date().getUTCFullYear();
  const content = sequence(
    node(0xa0, integer(2)),
    integer(1),
    algorithm,
    named,
    sequence(newYear(year - 1), newYear(year + 9)),
    named,
    publicKey.export({ type: 'spki', format: 'der' }),
    node(0xa3, extensions),
  );
  const signature = node(0x03, Buffer.of(0), sign('sha256', content, privateKey));
  const cert = sequence(content, algorithm, signature)
    .toString('base64')
    .match(/.{1,64}/g)!;
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${cert.join('\n')}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  };
}

/** In DER: tag, length, content. */
function node(tag: number, ...contents: Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  const sizes =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.of(tag, ...sizes), content]);
}

function sequence(...contents: Buffer[]): Buffer {
  return node(0x30, ...contents);
}

function oid(...bytes: number[]): Buffer {
  return node(0x06, Buffer.from(bytes));
}

function integer(value: number): Buffer {
  return node(0x02, Buffer.of(value));
}

/** UTCTime. */
function newYear(year: number): Buffer {
  return node(0x17, Buffer.from(`${String(year % 100).padStart(2, '0')}0101000000Z`));
}
