import Fastify from 'fastify';
import { expect, test } from 'vitest';
import { proxyProblem } from './proxies.ts';

test.each([
  '10.0.0.1',
  '10.0.0.0/8',
  '0.0.0.0/1',
  '10.0.0.1/32',
  'fd00::1',
  '::1',
  'fd00::/128',
  '::ffff:10.0.0.1',
])('%s is a proxy, and Fastify takes it', (text) => {
  expect(proxyProblem(text)).toBeUndefined();
  expect(() => Fastify({ trustProxy: [text] })).not.toThrow();
});

test.each([
  '',
  'proxy.example',
  'localhost',
  '10.0.0',
  '10.0.0.0/',
  '10.0.0.0/0',
  '10.0.0.0/33',
  '10.0.0.0/8/8',
  'fd00::/129',
  '10.0.0.0/x',
  ' 10.0.0.1',
])('%j is none', (text) => {
  expect(proxyProblem(text)).toMatch(/^expected addresses .* or CIDR ranges .*, received "/);
});
