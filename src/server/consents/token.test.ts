import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { isSecret, newToken, partsOf } from './token.ts';

test('a token is the identifier of its consent and 256 random bits, of which the SHA-256 alone is kept', () => {
  const { consent, token, digest } = newToken();
  const parts = partsOf(token)!;
  expect(parts.consent).toBe(consent);
  expect(Buffer.from(parts.secret, 'base64url')).toHaveLength(32);
  expect(Buffer.from(digest).toString('hex')).toBe(createHash('sha256').update(parts.secret).digest('hex'));
  expect(isSecret(parts.secret, digest)).toBe(true);
  expect(new Set(Array.from({ length: 1000 }, () => newToken().token)).size).toBe(1000);
});

test('another secret is not it, nor is any with an empty digest', () => {
  const { token, digest } = newToken();
  const { secret } = partsOf(token)!;
  const other = (secret.startsWith('A') ? 'B' : 'A') + secret.slice(1);
  expect(isSecret(other, digest)).toBe(false);
  expect(isSecret('', digest)).toBe(false);
  expect(isSecret(secret, new Uint8Array())).toBe(false);
});

test.each([
  '',
  'a',
  `${'0'.repeat(20)}.`,
  `${'0'.repeat(20)}.${'A'.repeat(44)}`,
  `${'G'.repeat(20)}.${'A'.repeat(43)}`,
  `../${'A'.repeat(60)}`,
])('no token: %j', (text) => {
  expect(partsOf(text)).toBeUndefined();
});
