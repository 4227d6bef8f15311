import { afterAll, expect, test } from 'vitest';
import { selfSigned } from '../../../test/support/selfSigned.ts';
import { errorOf } from '../../../test/support/models.ts';
import { createApp } from '../app.ts';
import { loadConfig } from '../config/load.ts';
import { temporaryFolder } from '../fixtures/serving.ts';
import { tlsOf } from './listener.ts';
import { secureAnswers } from './limits.ts';

const { folder, put, remove } = temporaryFolder();
afterAll(remove);
const [own, other] = [selfSigned('own'), selfSigned('other')];
const [cert, key] = [put('cert.pem', own.cert), put('key.pem', own.key)];

const tls = (tlsCert?: string, tlsKey?: string) =>
  tlsOf(loadConfig({ flags: { security: { tlsCert, tlsKey } } }));

test('a certificate and its key are taken, also where the certificates that signed it follow; none is no error', () => {
  expect(tls()).toBeUndefined();
  expect(tls(cert, key)).toMatchObject({ key: Buffer.from(own.key) });
  expect(tls(put('chain.pem', own.cert + other.cert), key)).toBeDefined();
});

test.each([
  [
    'the key of another certificate',
    cert,
    put('other.pem', other.key),
    'E_ARGUMENT',
    /expected the key of the first certificate in .*cert\.pem \(CN=own\), received in .*other\.pem the key of another/,
  ],
  [
    'a chain that begins with another',
    put('wrong.pem', other.cert + own.cert),
    key,
    'E_ARGUMENT',
    /begins with the server's own certificate/,
  ],
  [
    'the two the wrong way round',
    key,
    cert,
    'E_FORMAT',
    /key\.pem \(security\.tlsCert\): expected a certificate in PEM/,
  ],
  [
    'a certificate for a key',
    cert,
    cert,
    'E_FORMAT',
    /cert\.pem \(security\.tlsKey\): expected a private key in PEM without a passphrase/,
  ],
  [
    'a file that is cut',
    cert,
    put('cut.pem', own.key.slice(0, 100)),
    'E_FORMAT',
    /cut\.pem \(security\.tlsKey\)/,
  ],
  ['a file that is not there', cert, `${folder}/absent.pem`, 'E_FILE', /absent\.pem/],
  [
    'no key',
    cert,
    undefined,
    'E_ARGUMENT',
    /both security\.tlsCert and security\.tlsKey, received tlsCert alone/,
  ],
] as const)('%s is refused before anything listens', async (_, certificate, privateKey, code, message) => {
  const error = await errorOf(() => tls(certificate, privateKey));
  expect(error.code).toBe(code);
  expect(error.message).toMatch(message);
  expect(error.message).not.toContain('BEGIN PRIVATE KEY-----\n');
});

test('over TLS every answer says that the next has to be, too, for a year (HSTS); without it none does', async () => {
  for (const [security, expected] of [
    [{ tlsCert: cert, tlsKey: key }, 'max-age=31536000'],
    [{}, undefined],
  ] as const) {
    const config = loadConfig({ flags: { security } });
    const app = createApp(config);
    await secureAnswers(app, config);
    app.get('/', (_request, reply) => reply.send('here'));
    expect((await app.inject('/')).headers['strict-transport-security']).toBe(expected);
    await app.close();
  }
});
