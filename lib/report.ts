/** What the platforms have for an error that nobody can catch. */
interface Reporters {
  readonly reportError?: (error: unknown) => void;
  readonly process?: { readonly emitWarning?: (warning: string | Error) => void };
}

/**
 * Calls back for each of several values, whatever happens to one of them: what a callback throws is reported afterwards, to
 * `reportError` where there is one, else as a process warning.
 */
export function reportAll<T>(values: readonly T[], callback: (value: T) => void): void {
  const errors: unknown[] = [];
  for (const value of values) {
    try {
      callback(value);
    } catch (error) {
      errors.push(error);
    }
  }
  for (const error of errors) report(error);
}

/** Says an error to `reportError` where there is one, else as a process warning. */
export function report(error: unknown): void {
  const { reportError, process } = globalThis as Reporters;
  if (reportError !== undefined) reportError(error);
  else process?.emitWarning?.(error instanceof Error ? error : String(error));
}
