/** A room imports only from rooms above it in this list, and from itself. */
const ROOMS = [
  'util',
  'stats',
  'images',
  'data',
  'engine',
  'nn',
  'reading',
  'analysis',
  'study',
  'report',
  'store',
  'queue',
  'server',
  'cli',
];
const PURE = ROOMS.slice(0, ROOMS.indexOf('report') + 1);
const TEST = '\\.test\\.ts$';

module.exports = {
  forbidden: [
    ...ROOMS.slice(0, -1).map((room, index) => ({
      name: `order-of-rooms:${room}`,
      comment: `${room} imports only from ${ROOMS.slice(0, index + 1).join(', ')}`,
      severity: 'error',
      from: { path: `^src/${room}/`, pathNot: TEST },
      to: { path: `^src/((${ROOMS.slice(index + 1).join('|')})/|[^/]+$)` },
    })),
    {
      name: 'pure-rooms-free-of-node',
      comment: 'these rooms run in the browser too',
      severity: 'error',
      from: { path: `^src/(${PURE.join('|')})/`, pathNot: TEST },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'library-of-a-page-free-of-node',
      comment: 'what these reach is bundled for browsers',
      severity: 'error',
      from: { path: '^src/[^/]+$', pathNot: '^src/(index|node)\\.ts$' },
      to: { path: `^src/((${ROOMS.slice(PURE.length).join('|')})/|index|node)` },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-unknown-room',
      severity: 'error',
      from: {},
      to: { path: '^src/[^/]+/', pathNot: `^src/(${ROOMS.join('|')})/` },
    },
    { name: 'not-resolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'default'] },
  },
};
