/** The signed note in a line of a server's log; undefined where it has none. */
export function checkpointOf(line: string): string | undefined {
  if (!line.startsWith('{')) return undefined;
  const { checkpoint } = JSON.parse(line) as { checkpoint?: string };
  return checkpoint;
}
