import cliProgress from 'cli-progress';

export interface Progress {
  advance(): void;
  stop(): void;
}

/**
 * A bar on the terminal's stderr; nothing in a pipe, where it would be noise in a log.
 *
 * @param doing what is done, in a word
 * @param things what it is done to
 * @param total the number of steps
 * @param isTerminal whether a person is looking
 */
export function startProgress(doing: string, things: string, total: number, isTerminal: boolean): Progress {
  if (!isTerminal) {
    return { advance: () => undefined, stop: () => undefined };
  }
  const bar = new cliProgress.SingleBar(
    { format: `${doing} {bar} {value}/{total} ${things}`, clearOnComplete: true, hideCursor: true, stream: process.stderr },
    cliProgress.Presets.shades_classic,
  );
  bar.start(total, 0);
  return { advance: () => bar.increment(), stop: () => bar.stop() };
}
