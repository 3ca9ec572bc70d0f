/** The forms that `--to` takes. */
export const FORMS = ['async', 'channel', 'arena', 'snapshot'] as const;

export interface MigrateOptions {
  readonly paths: readonly string[];
  readonly to: (typeof FORMS)[number];
  /** True: write; false: only show; undefined: write where git could undo it. */
  readonly isWriting: boolean | undefined;
  /** Whether functions that the package exports may change. */
  readonly exports: boolean;
  /** Whether to rewrite as well what rests on something that could not be proven. */
  readonly maybe: boolean;
  /** What functions do with bytes, as `settings.borrowck.contracts` has it. */
  readonly contracts?: unknown;
}
