/** What is used of `d3-dsv`, which has no types of its own. */
declare module 'd3-dsv' {
  export function dsvFormat(delimiter: string): {
    /** Calls `row` with every row of fields in order; keeps what it returns, unless that is null. */
    parseRows<R>(text: string, row: (fields: string[], index: number) => R | null): R[];
  };
}
