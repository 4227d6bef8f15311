import type { Metric } from 'prom-client';
import type { Tally } from './tally.ts';

export interface Value {
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
  readonly metricName?: string;
}

/** A family of metrics whose values are computed when they are asked for, so that nothing is spent on them while requests are served. */
export function family(
  type: 'counter' | 'gauge' | 'histogram',
  name: string,
  help: string,
  values: () => readonly Value[] | Promise<readonly Value[]>,
): Metric {
  const own = {
    name,
    async get() {
      return { name, help, type, values: await values(), aggregator: type === 'gauge' ? 'average' : 'sum' };
    },
    reset: () => undefined,
  };
  return own as unknown as Metric;
}

/** The lines of a histogram. */
export function histogramValues(name: string, labels: Value['labels'], tally: Tally): Value[] {
  const { ends, count, sum } = tally;
  return [
    ...tally
      .cumulative()
      .map((value, k) => ({ metricName: `${name}_bucket`, labels: { ...labels, le: ends[k] }, value })),
    { metricName: `${name}_bucket`, labels: { ...labels, le: '+Inf' }, value: count },
    { metricName: `${name}_sum`, labels, value: sum },
    { metricName: `${name}_count`, labels, value: count },
  ];
}
