import picocolors from 'picocolors';

/** How the parts of a report are coloured. */
export interface Style {
  error(text: string): string;
  warning(text: string): string;
  title(text: string): string;
  gutter(text: string): string;
  /** The marks and the label of the place that is reported. */
  primary(text: string): string;
  /** Those of the other places. */
  secondary(text: string): string;
}

export function createStyle(isColored: boolean): Style {
  const colors = picocolors.createColors(isColored);
  const both = (outer: (text: string) => string) => (text: string) => colors.bold(outer(text));
  return {
    error: both(colors.red),
    warning: both(colors.yellow),
    title: colors.bold,
    gutter: both(colors.blue),
    primary: both(colors.red),
    secondary: both(colors.cyan),
  };
}
