/** Written by `npm run check:wide`: V8 and processor architecture, as `process` names them, where it has passed. */
export const WIDE_VERSIONS: readonly string[] = ['13.6.233.17-node.53 x64'];
