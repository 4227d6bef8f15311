import { expect, test } from 'vitest';
import { errorOf } from '../../../test/support/models.ts';
import { webhooksSuite } from '../../../test/support/webhooksSuite.ts';
import { openDatabase } from '../store/openDatabase.ts';
import { endpointOf } from './endpoint.ts';
import { waitAfter } from './retries.ts';
import { secretKey, signatures } from './signature.ts';
import { createWebhooks } from './webhooks.ts';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

webhooksSuite(() => openDatabase(':memory:'));

test('the signature is that of the reference library of Standard Webhooks', () => {
  const message = {
    id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    timestamp: 1_614_265_330,
    body: '{"test": 2432232314}',
  };
  const one = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=';
  expect(signatures([secretKey(SECRET)], message)).toBe(one);
  expect(signatures([secretKey(SECRET), secretKey(SECRET)], message)).toBe(`${one} ${one}`);
});

test('waits by hand: 5 s, 15 s, 45 s …, within 20 %; ten tries in 14 hours', () => {
  expect([1, 2, 3].map((failed) => waitAfter(failed, 0.5))).toEqual([5_000, 15_000, 45_000]);
  expect([waitAfter(1, 0), waitAfter(1, 1)]).toEqual([4_000, 6_000]);
  const all = Array.from({ length: 9 }, (_, k) => waitAfter(k + 1, 0.5)).reduce((sum, one) => sum + one);
  expect(all / 3_600_000).toBeCloseTo(13.67, 2);
});

test.each([
  'http://example.org/',
  'http://localhost.example.org/',
  'ftp://localhost/',
  'https://user:word@example.org/',
  'file:///etc/passwd',
  'somewhere',
])('%s is no endpoint: E_ARGUMENT, without path or password', async (url) => {
  const error = await errorOf(() => endpointOf(url, false));
  expect(error.code).toBe('E_ARGUMENT');
  expect(error.message).not.toMatch(/passwd|word@/);
});

test('endpoints: https, this machine, and http elsewhere only where it is allowed', () => {
  expect(endpointOf('https://example.org/a?b', false)).toMatchObject({ origin: 'https://example.org' });
  expect(endpointOf('http://[::1]:8/x', false).origin).toBe('http://[::1]:8');
  expect(endpointOf('http://10.0.0.1/', true).origin).toBe('http://10.0.0.1');
});

test.each([
  '',
  'secret',
  'whsec_',
  'whsec_!!!!',
  `whsec_${Buffer.alloc(23).toString('base64')}`,
  'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS*',
])('a secret that is none: E_ARGUMENT, and it is not shown (%j)', async (secret) => {
  const error = await errorOf(() => secretKey(secret));
  expect(error.code).toBe('E_ARGUMENT');
  if (secret.length > 6) expect(error.message).not.toContain(secret);
});

test('URLs without a secret: E_ARGUMENT', async () => {
  const config = { webhooks: { urls: ['https://example.org/'], secrets: [], allowHttp: false } };
  const error = await errorOf(() => createWebhooks({ config } as never));
  expect(error.message).toMatch(/webhooks\.secrets/);
});
