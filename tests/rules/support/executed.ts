import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { MessageChannel, receiveMessageOnPort, type MessagePort } from 'node:worker_threads';
import type { ByteArena } from 'borrowck-runtime';
import ts from 'typescript';
import { Consumer } from './consumer.js';
import { fixturesRoot, repositoryRoot } from './fixtures.js';
import type { SourceText } from './markers.js';
import { Strain } from './strain.js';

/** What a driver of code that moves things may use: two ends of channels, and the bytes in the smallest message that came out at the other ends. */
export interface Ports {
  readonly port: MessagePort;
  readonly other: MessagePort;
  readonly arrived: () => number;
}

/** Runs a fixture's code: so that its consumer keeps what it is handed, or so that it gives what it found in the end. */
type Driver<Tools> = (fixture: unknown, tools: Tools) => unknown;

/** The drivers of a rule's fixtures, by name. */
export interface Drivers<Tools> {
  readonly flagged: Readonly<Record<string, Driver<Tools>>>;
  readonly clean: Readonly<Record<string, Driver<Tools>>>;
  /** Why flagged fixtures are not run, by name. */
  readonly notRun?: Readonly<Record<string, string>>;
}

/** Rules whose findings show in what a consumer keeps, and in what is found in the end. */
export const keepingRules = ['no-borrowed-yield', 'no-borrowed-return', 'no-borrowed-capture', 'no-overwrite-in-flight'] as const;
export const findingRules = ['no-use-after-transfer', 'no-stale-view', 'no-unsendable-message', 'no-unreleased-ref'] as const;

/** Rules whose findings show under strain, and how much of it sound code lets through: in values, chunks, tasks, errors and milliseconds. */
export const strainedRules = {
  'no-unbounded-channel': 1500,
  'no-ignored-backpressure': 200,
  'no-unbounded-spawn': 50,
  'no-throw-in-stream': 0,
  'no-blocking-in-async': 150,
} as const;
export type StrainedRule = keyof typeof strainedRules;

const looks = 4;

/**
 * The drivers of a rule.
 *
 * @param rule - the rule's name
 * @returns them by the fixtures' names
 */
export async function driversOf<Tools>(rule: string): Promise<Drivers<Tools>> {
  return (await import(new URL(`../execution/${rule}.mjs`, import.meta.url).href)) as Drivers<Tools>;
}

/**
 * Loads a module as its format asks for.
 *
 * @param file - its path
 * @returns what it exports
 */
export async function load(file: string): Promise<unknown> {
  return file.endsWith('.cjs') ? createRequire(import.meta.url)(file) : await import(pathToFileURL(file).href);
}

/** What a consumer kept: how many of its values have changed since, and what all of them are now. */
export interface Kept {
  readonly changed: number;
  readonly content: readonly string[];
}

/**
 * Runs code so that a consumer keeps what it is handed.
 *
 * @param fixture - what the code exports
 * @param driver - how it is run
 * @param data - a file with bytes that differ from block to block
 * @returns what was kept
 */
export async function kept(fixture: unknown, driver: Driver<Consumer>, data: string): Promise<Kept> {
  // A rewrite to refs exports the arena that they lead into.
  const consumer = new Consumer(data, (fixture as { readonly arena?: ByteArena }).arena);
  try {
    await driver(fixture, consumer);
    return { changed: consumer.changed, content: consumer.content };
  } finally {
    await consumer.close();
  }
}

/**
 * Runs code that looks for something in the end.
 *
 * @param fixture - what the code exports
 * @param driver - how it is run
 * @returns whether it ran to its end and found something
 */
export async function isFound(fixture: unknown, driver: Driver<Ports>): Promise<boolean> {
  const { port1, port2 } = new MessageChannel();
  const second = new MessageChannel();
  try {
    const found = await driver(fixture, { port: port1, other: second.port1, arrived: () => Math.min(...[port2, second.port2].flatMap(sizesAt)) });
    const size = typeof found === 'object' || typeof found === 'string' ? (found as ArrayLike<unknown>).length : Number(found);
    return size > 0;
  } catch {
    return false;
  } finally {
    for (const port of [port1, port2, second.port1, second.port2]) port.close();
  }
}

/**
 * Runs code under strain.
 *
 * @param rule - says what is measured
 * @param loaded - gives what the code exports
 * @param driver - how it is run
 * @returns whether more gets through than sound code lets through
 */
export async function isOverrun(rule: StrainedRule, loaded: () => Promise<unknown>, driver: Driver<Strain>): Promise<boolean> {
  const strain = new Strain((path) => load(join(fixturesRoot, path)));
  try {
    return Number(await driver(await loaded(), strain)) > strainedRules[rule];
  } finally {
    strain.close();
  }
}

/** A busy machine stands still for code that blocks nothing, too, but not every time. */
export async function isSound(rule: StrainedRule, loaded: () => Promise<unknown>, driver: Driver<Strain>): Promise<boolean> {
  for (let i = 0; i < (rule === 'no-blocking-in-async' ? looks : 1); i++) if (!(await isOverrun(rule, loaded, driver))) return true;
  return false;
}

function sizesAt(port: MessagePort): number[] {
  const sizes: number[] = [];
  for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port)) sizes.push((next as { readonly message: ArrayBuffer }).message.byteLength);
  return sizes;
}

/** A place to run rewritten fixtures in, with the packages of this repository. */
export class Bench {
  readonly #folder = mkdtempSync(join(tmpdir(), 'borrowck-'));
  /** A file with bytes that differ from block to block. */
  readonly data = join(this.#folder, 'data.bin');
  #count = 0;

  constructor() {
    writeFileSync(this.data, Uint8Array.from({ length: 150_000 }, (_, i) => (i * 31 + (i >> 8) * 7) % 251));
    writeFileSync(join(this.#folder, 'package.json'), '{ "type": "module" }');
    symlinkSync(join(repositoryRoot, 'node_modules'), join(this.#folder, 'node_modules'), 'junction');
  }

  /**
   * Loads a fixture anew, with nothing left of an earlier run.
   *
   * @param sources - all its files
   * @param replaced - another text for one of them
   * @returns what the fixture's main file exports
   */
  async load(sources: readonly SourceText[], replaced?: SourceText): Promise<unknown> {
    const folder = join(this.#folder, String(this.#count++));
    const [first] = sources;
    const main = sources.find(({ file }) => /^index\./.test(basename(file))) ?? first;
    if (main === undefined) throw new Error('a fixture has no files');
    const name = (file: string): string => join(folder, relative(dirname(main.file), file)).replace(/\.([cm]?)ts$/, '.$1js');
    for (const { file, text } of sources) {
      mkdirSync(dirname(name(file)), { recursive: true });
      writeFileSync(name(file), scriptOf(file, replaced?.file === file ? replaced.text : text));
    }
    return await load(name(main.file));
  }

  close(): void {
    rmSync(this.#folder, { recursive: true });
  }
}

function scriptOf(file: string, text: string): string {
  if (!/ts$/.test(file)) return text;
  return ts.transpileModule(text, { compilerOptions: { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true, rewriteRelativeImportExtensions: true } }).outputText;
}
