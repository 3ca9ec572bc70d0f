import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import picocolors from 'picocolors';
import { FORMATS } from '../report/index.js';
import type { Format } from '../report/index.js';
import { EXIT, check } from './check.js';
import type { Terminal } from './check.js';
import { readContracts } from './contracts-file.js';
import { explain } from './explain.js';
import { FORMS, type MigrateOptions } from './migrate-options.js';
import { loadToolchain, ownVersion } from './toolchain.js';
import { UsageError, oneLine } from './usage-error.js';

interface CheckFlags {
  readonly format: Format;
  readonly fix?: boolean;
  readonly report?: 'certain' | 'potential';
  readonly rule?: readonly string[];
  readonly contracts?: string;
  readonly maxWarnings: number;
  readonly color: boolean;
}

interface MigrateFlags {
  readonly to: MigrateOptions['to'];
  readonly dryRun?: boolean;
  readonly write?: boolean;
  readonly exports?: boolean;
  readonly maybe?: boolean;
  readonly contracts?: string;
  readonly color: boolean;
}

function count(value: string): number {
  if (!/^\d+$/.test(value)) {
    throw new InvalidArgumentError('It must be a whole number.');
  }
  return Number(value);
}

const CONTRACTS = 'what your functions do with bytes, as JSON';

/** In a pipe there is no width to keep to, but a minified line of a megabyte must not be drawn whole either. */
const DEFAULT_WIDTH = 120;

function terminal(flags: Pick<CheckFlags, 'color'>): Terminal {
  return {
    cwd: process.cwd(),
    isColored: flags.color && picocolors.isColorSupported && (process.stdout.isTTY || isForced()),
    width: process.stdout.isTTY ? process.stdout.columns : DEFAULT_WIDTH,
    isWatched: process.stderr.isTTY,
    out: (text) => void process.stdout.write(text),
    error: (text) => void process.stderr.write(text),
  };
}

function isForced(): boolean {
  const value = process.env['FORCE_COLOR'];
  return value !== undefined && value !== '0' && value !== 'false';
}

function createProgram(finish: (code: number) => void): Command {
  const program = new Command('borrowck')
    .description('A borrow checker for bytes and async TypeScript.')
    .version(ownVersion(), '--version', 'print the version')
    .helpOption('--help', 'print this help')
    .exitOverride();
  program
    .command('check')
    .description('Check files and folders. Needs no configuration.')
    .argument('[paths...]', 'files, folders or glob patterns; a package inside node_modules when named', ['.'])
    .addOption(new Option('--format <format>', 'how to print the findings').choices([...FORMATS]).default('pretty'))
    .option('--fix', 'apply the fixes that change nothing but the bug')
    .addOption(new Option('--report <certainty>', 'potential: also what may go wrong, as warnings').choices(['certain', 'potential']))
    .option('--rule <name>', 'only this rule (repeatable)', (name: string, names: readonly string[] | undefined) => [...(names ?? []), name])
    .option('--contracts <file>', CONTRACTS)
    .option('--max-warnings <number>', 'how many warnings still count as clean', count, 0)
    .option('--no-color', 'no colours')
    .helpOption('--help', 'print this help')
    .addHelpText('after', '\nExit codes: 0 clean; 1 findings, or files that cannot be parsed; 2 wrong usage or configuration.')
    .action(async (paths: string[], flags: CheckFlags) => {
      const toolchain = await loadToolchain();
      finish(
        await check(
          { paths, format: flags.format, fix: flags.fix ?? false, report: flags.report, rules: flags.rule ?? [], contracts: readContracts(flags.contracts, process.cwd()), maxWarnings: flags.maxWarnings },
          toolchain,
          terminal(flags),
        ),
      );
    });
  program
    .command('migrate')
    .description('Rewrite code to another form, across files: all of a chain of functions, or nothing of it.')
    .argument('[paths...]', 'files, folders or glob patterns whose findings are migrated', ['.'])
    .addOption(new Option('--to <form>', 'what to rewrite to').choices([...FORMS]).makeOptionMandatory())
    .addOption(new Option('--dry-run', 'show the changes and write nothing; the default where git could not undo them').conflicts('write'))
    .option('--write', 'write, whatever git says')
    .option('--exports', 'change functions that the package exports, too')
    .option('--maybe', 'rewrite as well what rests on something that could not be proven')
    .option('--contracts <file>', CONTRACTS)
    .option('--no-color', 'no colours')
    .helpOption('--help', 'print this help')
    .addHelpText('after', '\nExit codes: 0 all was rewritten, or nothing had to be; 1 something was left as it is; 2 wrong usage or configuration.')
    .action(async (paths: string[], flags: MigrateFlags) => {
      // Its compiler is large: only who migrates waits for it.
      const { runMigration } = await import('./migrate.js');
      const isWriting = flags.write === true ? true : flags.dryRun === true ? false : undefined;
      finish(runMigration({ paths, to: flags.to, isWriting, exports: flags.exports ?? false, maybe: flags.maybe ?? false, contracts: readContracts(flags.contracts, process.cwd()) }, terminal(flags)));
    });
  program
    .command('explain')
    .description('Say what the analysis makes of one line: loans, contracts, and why something is reported or not.')
    .argument('<place>', 'FILE:LINE')
    .helpOption('--help', 'print this help')
    .addHelpText('after', '\nExit codes: 0 whatever is reported there; 2 wrong usage or configuration.')
    .action(async (place: string) => {
      finish(await explain(place, await loadToolchain(), terminal({ color: true })));
    });
  return program;
}

/**
 * Runs the command line.
 *
 * @param args without the interpreter and the script
 * @returns the exit code
 */
export async function main(args: readonly string[]): Promise<number> {
  let code: number = EXIT.clean;
  // A reader that has seen enough (`| head`) is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') {
      throw error;
    }
  });
  try {
    await createProgram((result) => (code = result)).parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) {
      return error.exitCode === 0 ? EXIT.clean : EXIT.failure;
    }
    if (error instanceof UsageError) {
      process.stderr.write(`error: ${error.message}\n`);
    } else {
      process.stderr.write(`error: borrowck failed (${oneLine(error)}): run with DEBUG=borrowck for details, and please report it.\n`);
      if (process.env['DEBUG']?.includes('borrowck') === true) {
        console.error(error);
      }
    }
    return EXIT.failure;
  }
}
