import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { contractsSchema } from '../../rules/engine/contracts/validate.js';
import { repositoryRoot } from '../rules/support/fixtures.js';

const page = readFileSync(join(repositoryRoot, 'docs/contracts.md'), 'utf8');
const typeFile = join(repositoryRoot, 'rules/engine/contracts/contract.ts');
const source = ts.createSourceFile(typeFile, readFileSync(typeFile, 'utf8'), ts.ScriptTarget.Latest, true);
/** What the engine fills in. */
const own: ReadonlySet<string> = new Set(['origin', 'isCertain', 'path']);

/** The names of the properties, and the strings, that a declared type allows. */
function wordsOf(name: string): readonly string[] {
  const declaration = source.statements.find((statement): statement is ts.InterfaceDeclaration | ts.TypeAliasDeclaration => (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)) && statement.name.text === name);
  const words = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isPropertySignature(node) && ts.isIdentifier(node.name)) {
      if (own.has(node.name.text)) return;
      words.add(node.name.text);
    }
    if (ts.isLiteralTypeNode(node) && ts.isStringLiteral(node.literal)) words.add(node.literal.text);
    // What stands in there is named under its own type.
    if (ts.isTypeReferenceNode(node) && node.typeName.getText(source) !== 'Pick') return;
    ts.forEachChild(node, visit);
  };
  if (declaration !== undefined) visit(declaration);
  return [...words];
}

/** Every word that the schema allows: names of properties, and choices. */
function wordsOfSchema(node: unknown, words = new Set<string>()): ReadonlySet<string> {
  if (Array.isArray(node)) for (const one of node) wordsOfSchema(one, words);
  else if (typeof node === 'object' && node !== null) {
    for (const [key, value] of Object.entries(node)) {
      if (key === 'properties') for (const name of Object.keys(value as object)) words.add(name);
      if (key === 'enum') for (const choice of value as readonly string[]) words.add(choice);
      if (key === 'const') words.add(value as string);
      wordsOfSchema(value, words);
    }
  }
  return words;
}

const types = ['Contract', 'ParameterEffect', 'Source', 'Until', 'EscapeHow', 'RangeRef', 'CallbackUse', 'Blocking', 'BlockedOn', 'SinkSignal'];

test.each(types)('the page names everything that a %s can say', (name) => {
  const words = wordsOf(name);
  expect(words.length).toBeGreaterThan(2);
  expect(words.filter((word) => !page.includes(`\`${word}\``) && !page.includes(`"${word}"`))).toEqual([]);
});

test.each(types)('the schema knows everything that a %s can say', (name) => {
  const known = wordsOfSchema(contractsSchema);
  expect(wordsOf(name).filter((word) => !known.has(word))).toEqual([]);
});

test('the schema that is published is the one that is checked', () => {
  const file = join(repositoryRoot, 'rules/contracts.schema.json');
  const text = `${JSON.stringify(contractsSchema, undefined, 2)}\n`;
  if (process.env['UPDATE'] === '1') writeFileSync(file, text);
  expect(readFileSync(file, 'utf8')).toBe(text);
});
