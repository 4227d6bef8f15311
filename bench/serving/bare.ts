/** A Fastify route that takes the same body and does nothing with it: what is left of the rate is ours. */
import Fastify from 'fastify';

const app = Fastify({ bodyLimit: 2 ** 26 });
app.addContentTypeParser('application/octet-stream', { parseAs: 'buffer' }, (_request, body, done) => {
  done(null, body);
});
app.post('/infer', () => ({ ok: true }));
console.log(await app.listen({ port: Number(process.argv[2]), host: '127.0.0.1' }));
