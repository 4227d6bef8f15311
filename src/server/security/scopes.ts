/** What a key may be allowed to do. */
export const SCOPES = ['infer', 'read', 'explain', 'review', 'metrics', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

/** What a route asks of a key: a scope, any key that is valid, or none. */
export type Wanted = Scope | 'any' | 'none';

/**
 * What each route asks, by how its path begins; the longest beginning counts. A path that stands nowhere here asks for `admin`: a route that was forgotten is closed, not open. Whoever
 * holds a consent's token needs no key: the token is the right, and the one who was asked has no other.
 */
const WANTED: readonly (readonly [beginning: string, wanted: Wanted])[] = [
  ['/', 'admin'],
  ['/v2', 'infer'],
  ['/v2/health', 'none'],
  ['/v1/read', 'read'],
  ['/v1/explain', 'explain'],
  ['/v1/models', 'any'],
  ['/v1/cards', 'any'],
  ['/v1/consents', 'none'],
  ['/v1/reviews', 'review'],
  ['/review', 'none'],
  ['/v1/monitor', 'metrics'],
  ['/metrics', 'metrics'],
  ['/documentation', 'none'],
];

/** What a route asks, by its path as it was registered, such as `/v1/cards/:id`. */
export function wantedBy(path: string): Wanted {
  if (path === '/' || path === '') return 'none';
  let [longest, wanted]: readonly [string, Wanted] = ['', 'admin'];
  for (const [beginning, own] of WANTED) {
    const fits = path === beginning || path.startsWith(beginning === '/' ? '/' : `${beginning}/`);
    if (fits && beginning.length > longest.length) [longest, wanted] = [beginning, own];
  }
  return wanted;
}
