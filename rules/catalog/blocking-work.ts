import type { ApiData, ContractData, ModuleData, TypeData } from '../engine/contracts/catalog-format.js';
import type { BlockedOn } from '../engine/contracts/contract.js';
import { blocking, each, gives, instance, primitive, reads, self, unknown } from './shorthand.js';

/** Packages and platforms that compute, wait for a process or for a person, and return only then. */

const methods = (names: string, on: BlockedOn): { readonly [name: string]: ContractData } => Object.fromEntries(Object.entries(blocking(names, on)).map(([name, { call }]) => [name, call ?? reads]));

const module = (name: string, exports: { readonly [name: string]: ApiData }, whole: ApiData = {}): ModuleData => ({ module: name, default: { ...whole, members: { ...exports, ...whole.members } }, exports });

/** The function that a package is. */
const callable = (on: BlockedOn): ApiData => ({ call: { result: unknown, blocks: { on } } });

const processes: readonly ModuleData[] = [
  module('execa', { ...blocking('execaSync execaCommandSync', 'process'), $: { members: blocking('sync s', 'process') } }, { members: blocking('sync commandSync', 'process') }),
  module('cross-spawn', blocking('sync', 'process')),
  module('zx', { $: { members: blocking('sync', 'process') } }),
  module('username', blocking('sync usernameSync', 'process')),
  module('passwd-user', blocking('sync passwdUserSync', 'disk')),
  module('os-locale', blocking('sync osLocaleSync', 'process')),
  module('default-gateway', { ...blocking('gateway4sync gateway6sync', 'process'), ...each('v4 v6', { members: blocking('sync', 'process') }) }),
  module('detect-libc', blocking('familySync versionSync isNonGlibcLinuxSync', 'process')),
  module('clipboardy', { ...blocking('readSync writeSync', 'process') }),
];

const hashing: readonly ModuleData[] = [
  ...['bcrypt', 'bcryptjs', '@node-rs/bcrypt'].map((name) => module(name, blocking('hashSync compareSync verifySync', 'computation'))),
  module('@node-rs/argon2', blocking('hashSync hashRawSync verifySync', 'computation')),
  module('argon2', blocking('hashSync', 'computation')),
  module('pbkdf2', blocking('pbkdf2Sync', 'computation')),
  module('scryptsy', {}, callable('computation')),
  module('scrypt-js', blocking('syncScrypt', 'computation')),
  ...['libsodium-wrappers', 'libsodium-wrappers-sumo', 'sodium-native'].map((name) => module(name, blocking('crypto_pwhash crypto_pwhash_str crypto_pwhash_str_verify crypto_pwhash_scryptsalsa208sha256', 'computation'))),
];

const compilers: readonly ModuleData[] = [
  module('esbuild', blocking('buildSync transformSync formatMessagesSync analyzeMetafileSync', 'computation')),
  module('@babel/core', blocking('transformSync transformFileSync transformFromAstSync parseSync loadPartialConfigSync loadOptionsSync', 'computation')),
  module('@swc/core', blocking('transformSync transformFileSync parseSync parseFileSync printSync minifySync bundleSync', 'computation')),
  module('sass', blocking('compile compileString renderSync', 'computation')),
  module('node-sass', blocking('renderSync', 'computation')),
];

const asking: readonly ModuleData[] = [
  module(
    'readline-sync',
    blocking('question prompt keyIn keyInPause keyInSelect keyInYN keyInYNStrict promptCL promptCLLoop promptLoop promptSimShell questionEMail questionFloat questionInt questionNewPassword questionPath', 'input'),
  ),
  module('deasync', { ...blocking('sleep loopWhile runLoopOnce', 'time') }),
];

/** Databases inside the process: every statement runs on the thread that calls it. */
const statement: TypeData = { methods: { ...methods('run get all iterate values', 'database'), ...each('bind columns expand pluck raw safeIntegers setReadBigInts setAllowBareNamedParameters', gives(self)) } };
function database(name: string, opens: string, more: { readonly aliases?: readonly string[] } = {}): ModuleData {
  const type = `${name}#Database`;
  const opening: ApiData = { type, construct: { result: instance(type), blocks: { on: 'database' } }, call: { result: instance(type), blocks: { on: 'database' } } };
  return {
    module: name,
    ...more,
    default: opening,
    exports: each(opens, opening),
    types: {
      Database: {
        methods: {
          ...methods('exec pragma', 'database'),
          ...each('prepare query', gives(instance(`${name}#Statement`))),
          transaction: gives(instance(`${name}#Transaction`)),
          ...each('aggregate close function loadExtension table', reads),
        },
      },
      DatabaseSync: { extends: 'Database' },
      Statement: statement,
      StatementSync: { extends: 'Statement' },
      Transaction: {},
    },
  };
}

const databases: readonly ModuleData[] = [
  database('node:sqlite', 'DatabaseSync'),
  database('better-sqlite3', 'Database'),
  database('libsql', 'Database'),
  database('bun:sqlite', 'Database'),
];

const electron: ModuleData = {
  module: 'electron',
  exports: {
    dialog: { members: blocking('showOpenDialogSync showSaveDialogSync showMessageBoxSync showCertificateTrustDialogSync', 'input') },
    ipcRenderer: { members: blocking('sendSync', 'process') },
    ipcMain: {
      members: {
        ...each('handle handleOnce on once addListener', { call: { parameters: [null, { keeps: 'forever' as const, callback: { when: 'later' as const, times: 'many' as const, arguments: [], entry: 'handler' as const } }], result: unknown } }),
      },
    },
  },
  types: {
    Dialog: { methods: methods('showOpenDialogSync showSaveDialogSync showMessageBoxSync showCertificateTrustDialogSync', 'input') },
    IpcRenderer: { methods: methods('sendSync', 'process') },
  },
};

/** Globals of the language, of browsers, Deno and Bun. */
const globals: ModuleData = {
  module: 'global',
  exports: {
    ...blocking('alert confirm prompt', 'input'),
    ...blocking('importScripts', 'network'),
    XMLHttpRequest: { type: 'XMLHttpRequest' },
    Deno: {
      members: {
        ...blocking(
          `chmodSync chownSync copyFileSync createSync linkSync lstatSync makeTempDirSync makeTempFileSync mkdirSync openSync
           readDirSync readFileSync readLinkSync readTextFileSync realPathSync removeSync renameSync statSync symlinkSync truncateSync
           utimeSync writeFileSync writeTextFileSync`,
          'disk',
        ),
        Command: { type: 'Deno.Command' },
        exit: { call: { result: primitive, endsProcess: true } },
      },
    },
    Bun: {
      members: {
        ...blocking('spawnSync', 'process'),
        ...blocking('gzipSync gunzipSync deflateSync inflateSync zstdCompressSync zstdDecompressSync', 'computation'),
        ...blocking('sleepSync', 'time'),
        password: { members: blocking('hashSync verifySync', 'computation') },
      },
    },
  },
  types: {
    XMLHttpRequest: { methods: { open: { result: unknown, blocks: { on: 'network', when: { argument: 2, is: 'false' } } } } },
    'Deno.Command': { methods: methods('outputSync', 'process') },
  },
};

const deno: readonly ModuleData[] = ['@std/fs', 'jsr:@std/fs'].map((name) =>
  module(name, blocking('existsSync ensureDirSync ensureFileSync ensureLinkSync ensureSymlinkSync emptyDirSync walkSync expandGlobSync copySync moveSync', 'disk')),
);

export const workPackages: readonly ModuleData[] = [
  globals,
  ...processes,
  ...hashing,
  ...compilers,
  ...asking,
  ...databases,
  ...deno,
  electron,
];
