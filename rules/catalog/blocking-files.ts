import type { ApiData, ModuleData } from '../engine/contracts/catalog-format.js';
import { nodeSynchronous } from './node-synchronous.js';
import { blocking } from './shorthand.js';

/** Packages that work on files, and have a form that returns only when the work is done. */

/** A package that is a function, with a synchronous member and a synchronous export beside it. */
function globbing(module: string, members: string, names = ''): ModuleData {
  const exports = { ...blocking(`${members} ${names}`, 'disk') };
  return { module, default: { members: exports }, exports };
}

/** Node's own, and functions that do several things at once. */
const fsExtra: ModuleData = {
  module: 'fs-extra',
  exports: {
    ...blocking(Object.keys(nodeSynchronous['node:fs']).join(' '), 'disk'),
    ...blocking(
      `copySync createFileSync createLinkSync createSymlinkSync emptyDirSync emptydirSync ensureDirSync ensureFileSync ensureLinkSync
       ensureSymlinkSync mkdirpSync mkdirsSync moveSync outputFileSync outputJSONSync outputJsonSync pathExistsSync readJSONSync
       readJsonSync removeSync writeJSONSync writeJsonSync`,
      'disk',
    ),
  },
};

const jsonfile: ModuleData = { module: 'jsonfile', exports: blocking('readFileSync writeFileSync', 'disk') };

/** Every function waits for its command; the asynchronous form exists for `exec` alone. */
const shell: { readonly [name: string]: ApiData } = {
  ...blocking('cat chmod cp find grep head ln ls mkdir mv rm sed sort tail test touch uniq which', 'disk'),
  ...blocking('exec', 'process', { isAsyncWithCallback: true }),
  ...blocking('cmd', 'process'),
};

export const filePackages: readonly ModuleData[] = [
  fsExtra,
  jsonfile,
  { module: 'shelljs', exports: shell },
  globbing('glob', 'sync globSync globIterateSync iterateSync'),
  globbing('fast-glob', 'sync globSync'),
  globbing('globby', 'sync', 'globbySync isGitIgnoredSync'),
  globbing('tinyglobby', 'globSync'),
  globbing('dir-glob', 'sync'),
  globbing('find-up', 'sync', 'findUpSync findUpMultipleSync findDownSync'),
  globbing('find-up-simple', 'findUpSync'),
  globbing('locate-path', 'sync', 'locatePathSync'),
  globbing('path-exists', 'sync', 'pathExistsSync'),
  globbing('path-type', 'isFileSync isDirectorySync isSymlinkSync fileSync directorySync symlinkSync'),
  globbing('pkg-dir', 'sync', 'packageDirectorySync'),
  globbing('rimraf', 'sync', 'rimrafSync manualSync moveRemoveSync nativeSync posixSync windowsSync'),
  globbing('mkdirp', 'sync', 'mkdirpSync mkdirpManualSync mkdirpNativeSync nativeSync manualSync'),
  globbing('del', 'sync', 'deleteSync'),
  globbing('make-dir', 'sync', 'makeDirectorySync'),
  globbing('move-file', 'sync', 'moveFileSync renameFileSync'),
  globbing('write-file-atomic', 'sync'),
  globbing('load-json-file', 'sync', 'loadJsonFileSync'),
  globbing('write-json-file', 'sync', 'writeJsonFileSync'),
  globbing('read-pkg', 'sync', 'readPackageSync'),
  globbing('read-pkg-up', 'sync', 'readPackageUpSync'),
  globbing('read-package-up', 'readPackageUpSync'),
  globbing('resolve', 'sync'),
  globbing('which', 'sync'),
  globbing('tmp', 'dirSync fileSync tmpNameSync'),
  { module: 'cosmiconfig', exports: { cosmiconfigSync: { call: { result: { from: 'instance', type: 'SyncExplorer' } } } }, types: { ...explorer('SyncExplorer'), ...explorer('PublicExplorerSync') } },
  { module: 'lilconfig', exports: { lilconfigSync: { call: { result: { from: 'instance', type: 'SyncSearcher' } } } }, types: explorer('SyncSearcher') },
];

function explorer(name: string): NonNullable<ModuleData['types']> {
  const finds = blocking('search load', 'disk');
  return { [name]: { methods: Object.fromEntries(Object.entries(finds).map(([method, { call }]) => [method, call ?? {}])) } };
}
