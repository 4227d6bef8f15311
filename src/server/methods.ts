import type { FastifyInstance } from 'fastify';

/** The methods that a path is answered for, in alphabetical order; none where it is unknown. */
export type Methods = (path: string) => readonly string[];

/** Of the routes that are registered after this. */
export function methodsIn(app: FastifyInstance): Methods {
  const routes: { readonly path: RegExp; readonly methods: readonly string[] }[] = [];
  app.addHook('onRoute', ({ url, method }) => {
    routes.push({ path: patternOf(url), methods: [method].flat() });
  });
  return (path) => {
    const fitting = routes.filter((route) => route.path.test(path));
    return [...new Set(fitting.flatMap(({ methods }) => methods))].sort();
  };
}

/** Of a path as it was registered, such as `/v1/cards/:id`; a slash at the end counts for nothing. */
function patternOf(url: string): RegExp {
  const parts = url.replace(/\/$/, '').split('/');
  const pattern = parts.map((part) =>
    part.startsWith(':') ? '[^/]+' : part === '*' ? '.*' : part.replaceAll(/[^\w-]/g, '\\$&'),
  );
  return new RegExp(`^${pattern.join('/')}/?$`);
}
