/** `?` as PostgreSQL's `$1`, `$2` …, but for those within quotes. Kept by text: the server has a few dozen. */
export function numbered(sql: string): string {
  let own = kept.get(sql);
  if (own === undefined) {
    let n = 0;
    own = sql.replace(/'[^']*'|"[^"]*"|\?/g, (part) => (part === '?' ? `$${++n}` : part));
    kept.set(sql, own);
  }
  return own;
}

const kept = new Map<string, string>();
