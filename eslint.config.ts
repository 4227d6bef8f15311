import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** Rooms that run in Node and in the browser alike: neither runtime's own globals. */
const PURE_ROOMS = 'src/{util,stats,data,images,engine,nn,reading,analysis,study,report}/**/*.ts';
const RUNTIME_GLOBALS = [
  'process',
  'Buffer',
  'window',
  'document',
  'navigator',
  'require',
  '__dirname',
  'fetch',
];

export default defineConfig(
  globalIgnores([
    'assembly/',
    'dist/',
    'build/',
    'runs/',
    'coverage/',
    'bench/peers/',
    'bench/assembly/',
    '.dependency-cruiser.cjs',
    'src/engine/kernels.ts',
    'src/engine/imageKernels.ts',
    'src/engine/rareKernels.ts',
  ]),
  tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      eqeqeq: 'error',
      'no-console': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': 'error',
    },
  },
  {
    files: [PURE_ROOMS],
    ignores: ['**/*.test.ts'],
    rules: { 'no-restricted-globals': ['error', ...RUNTIME_GLOBALS] },
  },
);
