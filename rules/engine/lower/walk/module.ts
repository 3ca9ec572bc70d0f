import type ts from 'typescript';
import type { ModuleRecord } from '../model.js';
import { hasModifier } from '../syntax.js';
import { visitTable } from './table.js';
import { Walker } from './walker.js';

type TypeScript = typeof import('typescript');

/** Walks a file: afterwards the module has its scopes, headers and outlines. */
export function walkModule(tsc: TypeScript, module: ModuleRecord): void {
  const { sourceFile } = module;
  const isEsm = isEsModule(tsc, sourceFile);
  const walker = new Walker(tsc, module, isEsm || isStrictFile(tsc, sourceFile), visitTable(tsc));
  const at = walker.openFunction({ name: '<module>', kind: 'module', isAsync: false, isGenerator: false, node: sourceFile, ownerClass: undefined }, undefined);
  module.top = at.fn;
  walker.visitAll(sourceFile.statements, at);
  walker.finish();
  const isCommonJs = walker.usesCommonJs || /\.c[jt]sx?$/u.test(sourceFile.fileName);
  module.format = isEsm ? 'esm' : isCommonJs ? 'commonjs' : 'script';
}

function isEsModule(tsc: TypeScript, sourceFile: ts.SourceFile): boolean {
  const { SyntaxKind } = tsc;
  if (/\.m[jt]s$/u.test(sourceFile.fileName)) return true;
  return sourceFile.statements.some((statement) => {
    switch (statement.kind) {
      case SyntaxKind.ImportDeclaration:
      case SyntaxKind.ExportDeclaration:
      case SyntaxKind.ExportAssignment:
      case SyntaxKind.ImportEqualsDeclaration:
        return true;
      default:
        return hasModifier(statement, SyntaxKind.ExportKeyword);
    }
  });
}

/** TypeScript is checked as strict code; a script says so in its first statements. */
function isStrictFile(tsc: TypeScript, { fileName, statements }: ts.SourceFile): boolean {
  if (!/\.[cm]?jsx?$/u.test(fileName)) return true;
  for (const statement of statements) {
    if (!tsc.isExpressionStatement(statement) || !tsc.isStringLiteral(statement.expression)) return false;
    if (statement.expression.text === 'use strict') return true;
  }
  return false;
}
