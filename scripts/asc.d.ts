/**
 * What the scripts use of `assemblyscript/asc`, in place of its own types: those declare AssemblyScript's globals (another
 * `Array`, another `Math`) for the whole project. See `paths` in tsconfig.json.
 */
interface Output {
  toString(): string;
}

declare const asc: {
  main(options: readonly string[]): Promise<{ error: Error | null; stdout: Output; stderr: Output }>;
};

export default asc;
