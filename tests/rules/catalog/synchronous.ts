import ts from 'typescript';
import { programOf, virtualPath } from '../fixes/program.js';

/** The modules of Node whose functions with `Sync` in their name are listed. */
export const modules = ['node:child_process', 'node:crypto', 'node:fs', 'node:zlib'] as const;

const header = '// Written from the declarations of @types/node by tests/rules/catalog/synchronous.test.ts (UPDATE=1): not to be edited.\n';

/**
 * The functions of Node's modules whose name ends with `Sync`, as its declarations have them, each with its asynchronous form.
 *
 * @returns by module and name: the path of the form with the same name, of `node:fs/promises` where that has one; empty where there is none
 */
export function synchronousFunctions(): Record<string, Record<string, string>> {
  const file = virtualPath('modules.ts');
  const all = [...modules, 'node:fs/promises'];
  const program = programOf({ [file]: all.map((name, index) => `import * as m${index} from '${name}';`).join('\n') });
  const checker = program.getTypeChecker();
  const namesOf = (module: string): Set<string> => {
    const literal = program.getSourceFile(file)?.statements.filter(ts.isImportDeclaration).find(({ moduleSpecifier }) => ts.isStringLiteral(moduleSpecifier) && moduleSpecifier.text === module);
    const symbol = literal && checker.getSymbolAtLocation(literal.moduleSpecifier);
    const isFunction = (each: ts.Symbol): boolean => (each.flags & (ts.SymbolFlags.Function | ts.SymbolFlags.Variable)) !== 0;
    return new Set(symbol === undefined ? [] : checker.getExportsOfModule(symbol).filter(isFunction).map(({ name }) => name));
  };
  const promised = namesOf('node:fs/promises');
  return Object.fromEntries(modules.map((module) => {
    const names = namesOf(module);
    const twinOf = (name: string): string => {
      const base = name.replace(/Sync$/, '');
      if (module === 'node:fs' && promised.has(base)) return `node:fs/promises#${base}`;
      return names.has(base) && module !== 'node:fs' ? `${module}#${base}` : '';
    };
    return [module, Object.fromEntries([...names].filter((name) => name.endsWith('Sync')).sort().map((name) => [name, twinOf(name)]))];
  }));
}

/** The text of `rules/catalog/node-synchronous.ts`. */
export function synchronousText(): string {
  const sections = Object.entries(synchronousFunctions()).map(([module, functions]) => {
    const lines = Object.entries(functions).map(([name, twin]) => `    ${name}: '${twin}',`);
    return `  '${module}': {\n${lines.join('\n')}\n  },`;
  });
  return `${header}\n/** Node's synchronous functions, and the asynchronous form of each where it has one. */\nexport const nodeSynchronous = {\n${sections.join('\n')}\n} as const;\n`;
}
