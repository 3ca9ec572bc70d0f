import eslintPlugin from 'eslint-plugin-eslint-plugin';
import tseslint from 'typescript-eslint';
import borrowck from './rules/dist/index.js';

export default tseslint.config(
  { ignores: ['**/dist/', '**/fixtures/', '**/coverage/', 'tests/corpus/.packages/', 'tests/bench/.packages/', 'tests/editor/.packages/', 'tests/packaging/.packages/', 'tests/fuzz/failures/', 'tests/oracle/kept/', 'tests/oracle/failures/', 'docs/*.js', 'docs/rules/'] },
  {
    files: ['rules/**/*.ts', 'lib/**/*.ts', 'tests/**/*.ts', 'docs/examples/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked, borrowck.configs.strict],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // A count in a template literal reads well.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true, ignoreVoidOperator: true }],
      '@typescript-eslint/no-meaningless-void-operator': 'off',
      // The compiler says the same, and knows the underscore.
      '@typescript-eslint/no-unused-vars': 'off',
      // Compiler enums of an injected TypeScript are numbers here, and what the checker calls needless helps a reader of an opaque handle.
      '@typescript-eslint/no-unsafe-enum-assignment': 'off',
      '@typescript-eslint/no-unsafe-enum-comparison': 'off',
      // Broken code lacks nodes that the syntax tree's types promise; TypeScript 5.4 lacks what 6 puts in a deprecated name's place.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/no-deprecated': 'off',
      // Tables of handlers name functions that use no `this`; Object.fromEntries of literals is checked against the schema.
      '@typescript-eslint/unbound-method': 'off',
      // A walk up a chain starts at `this`.
      '@typescript-eslint/no-this-alias': 'off',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    },
  },
  {
    files: ['rules/no-*.ts'],
    extends: [eslintPlugin.configs.recommended],
    rules: {
      'eslint-plugin/require-meta-docs-description': 'error',
      'eslint-plugin/require-meta-docs-url': 'error',
      'eslint-plugin/require-meta-schema-description': 'error',
      'eslint-plugin/require-meta-default-options': 'error',
      // The adapter reports for the rules, with suggestions.
      'eslint-plugin/require-meta-has-suggestions': 'off',
    },
  },
  {
    files: ['lib/**/*.ts'],
    rules: {
      // The reason of an abort and the cause of a failure are the caller's, whatever they are.
      '@typescript-eslint/prefer-promise-reject-errors': ['error', { allowThrowingAny: true, allowThrowingUnknown: true }],
    },
  },
  { files: ['rules/catalog/**/*.ts'], rules: { '@typescript-eslint/no-unsafe-assignment': 'off' } },
  {
    files: ['rules/eslint/**/*.ts'],
    rules: {
      // Node types are compared as the strings of ESTree: their enum would have to be loaded.
      '@typescript-eslint/no-unsafe-enum-comparison': 'off',
    },
  },
  {
    files: ['rules/cli/**/*.ts'],
    // A command has one job: nothing waits while it reads a file.
    rules: { 'borrowck/no-blocking-in-async': 'off' },
  },
  {
    files: ['tests/**/*.ts'],
    rules: {
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/no-unnecessary-type-assertion': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      // Tests show the bugs.
      'borrowck/no-blocking-in-async': 'off',
      'borrowck/no-borrowed-yield': 'off',
      'borrowck/no-borrowed-return': 'off',
      'borrowck/no-use-after-transfer': 'off',
      'borrowck/no-stale-view': 'off',
      'borrowck/no-unbounded-channel': 'off',
      'borrowck/no-unreleased-ref': 'off',
      'borrowck/no-unsendable-message': 'off',
      'borrowck/no-unbounded-spawn': 'off',
      'borrowck/no-borrowed-capture': 'off',
      'borrowck/no-overwrite-in-flight': 'off',
      'borrowck/no-ignored-backpressure': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
);
