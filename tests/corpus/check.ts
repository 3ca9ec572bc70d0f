import { realpathSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { domains, isBorrowFinding, placeOf, type Finding } from '../../rules/engine/findings.js';
import type { Origin } from '../../rules/engine/ir/index.js';
import { sessionFor } from '../../rules/engine/session.js';
import { engineFailures } from '../../rules/eslint/analysis.js';
import { findingFor, recordFindings, stopRecordingFindings } from '../../rules/eslint/reported.js';
import { discover } from '../../rules/cli/discover.js';
import { lintFiles } from '../../rules/cli/lint.js';
import { ProgramBuilder, planUnits } from '../../rules/cli/programs.js';
import { selectRules } from '../../rules/cli/rules.js';
import type { Toolchain } from '../../rules/cli/toolchain.js';
import type { CorpusPackage } from './packages.js';
import { folderOf } from './packages.js';
import type { RecordedFinding } from './record.js';

/** What the engine said about a package. */
export interface PackageCheck {
  readonly files: number;
  readonly lines: number;
  readonly findings: readonly RecordedFinding[];
  /** Exceptions and files that could not be checked, in a sentence each. */
  readonly failures: readonly string[];
  /** Analyses given up for taking too long. */
  readonly abandoned: number;
  /** All of it, with building programs. */
  readonly milliseconds: number;
  /** Of the engine, per file. */
  readonly fileTimes: readonly (readonly [file: string, milliseconds: number])[];
}

/**
 * Checks an installed package with every rule, as `borrowck check --report potential` does.
 *
 * @param corpusPackage the package
 * @param toolchain what to check with
 * @returns what was found
 */
export async function checkPackage(corpusPackage: CorpusPackage, toolchain: Toolchain): Promise<PackageCheck> {
  const begin = performance.now();
  const folder = realpathSync(folderOf(corpusPackage));
  const { files } = discover(corpusPackage.paths.map((path) => resolve(folder, path)), folder);
  const rules = selectRules(toolchain.plugin, Object.keys(toolchain.plugin.rules ?? {}), 'potential');
  const { units } = planUnits(toolchain.ts, files, folder);
  const findings: RecordedFinding[] = [];
  const failures: string[] = [];
  const fileTimes: [string, number][] = [];
  let lines = 0;
  let abandoned = 0;
  const failuresBefore = engineFailures().length;
  recordFindings();
  try {
    for (const unit of units) {
      const program = new ProgramBuilder(toolchain.ts, unit).program();
      const session = sessionFor({ ts: toolchain.ts, program, settings: { runtime: 'auto', contracts: undefined } });
      const sourceOf = (file: string): string => program.getSourceFile(file)?.text ?? '';
      const lineOf = ({ file, start }: { readonly file: string; readonly start: number }): string => {
        const line = sourceOf(file).slice(0, start).split('\n').length;
        return `${relative(folder, file)}:${line}`;
      };
      for (const file of unit.files) {
        const sourceFile = program.getSourceFile(file);
        if (sourceFile === undefined) continue;
        lines += sourceFile.text.split('\n').length;
        const start = performance.now();
        try {
          for (const domain of domains) session.findings(sourceFile, domain);
          abandoned += session.abandoned(sourceFile);
        } catch (error) {
          failures.push(`${relative(folder, file)}: the engine failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
        }
        fileTimes.push([relative(folder, file), performance.now() - start]);
      }
      const results = await lintFiles({ toolchain, program, rules, cwd: folder, onFile: () => undefined }, unit.files);
      for (const { result } of results) {
        for (const message of result.messages) {
          const { ruleId, line, column } = message;
          const finding = ruleId === null ? undefined : findingFor(result.filePath, ruleId, line, column);
          if (finding !== undefined) findings.push(recorded(finding, { file: relative(folder, result.filePath), line, column, rule: ruleId ?? '' }, sourceOf, lineOf));
          else if (message.fatal === true) failures.push(`${relative(folder, result.filePath)}:${line}: ${message.message}`);
        }
      }
    }
    failures.push(...engineFailures().slice(failuresBefore).map(({ file, error }) => `${relative(folder, file)}: the engine failed in a rule: ${String(error)}`));
  } finally {
    stopRecordingFindings();
  }
  return { files: files.length, lines, findings, failures, abandoned, milliseconds: performance.now() - begin, fileTimes };
}

function recorded(
  finding: Finding,
  at: Pick<RecordedFinding, 'file' | 'line' | 'column' | 'rule'>,
  sourceOf: (file: string) => string,
  lineOf: (at: Origin) => string,
): RecordedFinding {
  const place = placeOf(finding);
  const common = { ...at, rule: at.rule.replace(/^borrowck\//, ''), certainty: finding.certainty, code: sourceOf(place.file).slice(place.start, place.end) };
  if (!isBorrowFinding(finding)) {
    const steps = finding.trace.map((step) => `${step.label} ${lineOf(step.at)}`);
    return { ...common, how: finding.form, region: '', from: '', fate: steps.join(', ') };
  }
  const { escape, region, invalidation } = finding;
  return {
    ...common,
    how: escape.how,
    region: region.name,
    from: `${region.isLent ? 'lent' : 'allocated'} ${lineOf(region.at)}`,
    fate: `${invalidation.how} ${lineOf(invalidation.at)} by ${invalidation.by}`,
  };
}
