import { dirname, join } from 'node:path';
import type ts from 'typescript';
import { isDescribed } from '../engine/present-modules.js';

/** Options for files that belong to no project: read as much as possible, complain about nothing. */
export function defaultOptions(instance: typeof ts): ts.CompilerOptions {
  const libraries = dirname(instance.getDefaultLibFilePath({}));
  const has = (library: string): boolean => instance.sys.fileExists(join(libraries, library));
  const language = has('lib.es2024.d.ts') ? 'lib.es2024.d.ts' : 'lib.esnext.d.ts';
  const wanted = [language, 'lib.dom.d.ts', 'lib.dom.iterable.d.ts', 'lib.dom.asynciterable.d.ts', 'lib.esnext.disposable.d.ts'];
  return {
    target: instance.ScriptTarget.ESNext,
    lib: wanted.filter(has),
    module: instance.ModuleKind.NodeNext,
    moduleResolution: instance.ModuleResolutionKind.NodeNext,
    allowJs: true,
    checkJs: false,
    strict: true,
    skipLibCheck: true,
    noEmit: true,
    jsx: instance.JsxEmit.Preserve,
    resolveJsonModule: true,
    allowImportingTsExtensions: true,
    maxNodeModuleJsDepth: 0,
    types: [],
  };
}

const JAVASCRIPT_OF: Readonly<Record<string, string>> = { '.d.ts': '.js', '.d.mts': '.mjs', '.d.cts': '.cjs' };

/**
 * Resolves imports between files that belong to no project. Three things differ from the compiler's own way:
 * imports without an extension resolve in ES modules too, as bundlers do; a relative import inside an installed package leads to
 * the JavaScript, whose body says what happens to the bytes, and not to the declarations beside it, unless the catalog says what happens;
 * and such a file counts as the program's own, so that it is read at all.
 */
export function looseResolution(instance: typeof ts, host: ts.CompilerHost): NonNullable<ts.CompilerHost['resolveModuleNameLiterals']> {
  const caches = new Map<boolean, ts.ModuleResolutionCache>();
  const cacheFor = (isBundler: boolean, options: ts.CompilerOptions): ts.ModuleResolutionCache => {
    let cache = caches.get(isBundler);
    if (cache === undefined) {
      cache = instance.createModuleResolutionCache(host.getCurrentDirectory(), host.getCanonicalFileName.bind(host), options);
      caches.set(isBundler, cache);
    }
    return cache;
  };
  return (literals, containingFile, redirect, options, sourceFile) =>
    literals.map((literal) => {
      const mode = instance.getModeForUsageLocation(sourceFile, literal, options);
      const strict = instance.resolveModuleName(literal.text, containingFile, options, host, cacheFor(false, options), redirect, mode);
      let resolution = strict;
      if (strict.resolvedModule === undefined) {
        const bundler = { ...options, module: instance.ModuleKind.ESNext, moduleResolution: instance.ModuleResolutionKind.Bundler };
        resolution = instance.resolveModuleName(literal.text, containingFile, bundler, host, cacheFor(true, bundler), redirect, mode);
      }
      const found = resolution.resolvedModule;
      if (found === undefined || !literal.text.startsWith('.') || (sourceFile.isDeclarationFile && isDescribed(containingFile))) {
        return resolution;
      }
      return { ...resolution, resolvedModule: asOwnSource(found, host) };
    });
}

function asOwnSource(found: ts.ResolvedModuleFull, host: ts.CompilerHost): ts.ResolvedModuleFull {
  const extension = JAVASCRIPT_OF[found.extension];
  const javascript = extension && found.resolvedFileName.slice(0, -found.extension.length) + extension;
  if (javascript !== undefined && host.fileExists(javascript)) {
    return { ...found, resolvedFileName: javascript, extension: extension ?? found.extension, isExternalLibraryImport: false };
  }
  return found.extension.startsWith('.d.') ? found : { ...found, isExternalLibraryImport: false };
}
