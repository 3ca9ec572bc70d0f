import type { BlockingFinding } from '../findings.js';
import type { Cause } from './reach.js';

/**
 * Tells a finding by one of its causes: the nearest, or the nearest that the project wants to hear of.
 *
 * @param finding - the finding, however it is told
 * @param cause - one of its causes
 * @returns the finding with the message, the trace and the advice that fit the cause
 */
export function toldBy(finding: Omit<BlockingFinding, 'certainty' | 'form' | 'trace' | 'advice' | 'words'>, cause: Cause): BlockingFinding {
  // A function without a name is known by what it is called.
  const links = cause.links.map((link, index) => (link.name === '' && index === 0 ? { ...link, name: lastWordOf(finding.callee) } : link));
  const calls = links.slice(0, -1).map((link, index) => ({ at: link.at, label: `${link.name} calls ${links[index + 1]?.name ?? ''}` }));
  const chain = [...links.map(({ name }) => name), cause.name].filter((name) => name !== '').join(' → ');
  return {
    ...finding,
    certainty: cause.isOnce ? 'potential' : 'certain',
    form: formOf(finding, cause),
    words: { call: `${finding.callee}()`, chain, place: cause.at, function: finding.functionName === '' ? 'this function' : `\`${finding.functionName}\``, where: places[finding.context], advice: sentence(adviceFor(cause, links)) },
    advice: adviceFor(cause, links),
    trace: [...calls, ...(links.length > 0 ? [{ at: cause.at, label: `${cause.name} blocks` }] : [])],
  };
}

const places: Readonly<Record<BlockingFinding['context'], string>> = {
  async: 'in async code',
  coroutine: 'in a coroutine',
  event: 'in a callback of the event loop',
  extension: 'in the extension host',
  handler: 'while it handles a request',
  promise: 'in a promise callback',
  stream: 'inside a stream',
  timer: 'in a timer callback',
};

function formOf({ callee, isNominal }: Pick<BlockingFinding, 'callee' | 'isNominal'>, { links }: Cause): string {
  if (callee === '') return 'wait';
  if (links.length > 0) return 'chain';
  return isNominal ? 'nominal' : 'direct';
}

/** What to do where no fix says so. */
function adviceFor({ on, blocks }: Cause, links: Cause['links']): string {
  const last = links.at(-1);
  if (on === 'time') return 'wait with `await setTimeout(ms)` of `node:timers/promises`';
  if (blocks?.twin !== undefined) {
    const twin = blocks.twin.slice(blocks.twin.indexOf('#') + 1);
    if (last === undefined || last.name === '') return `await the asynchronous \`${twin}\` instead`;
    switch (last.is) {
      case 'constructor':
        return `await the asynchronous \`${twin}\` first, and hand the constructor what it gives`;
      case 'generator':
        return `make \`${last.name}\` an asynchronous generator with \`${twin}\`, and go through it with \`for await\``;
      case 'function':
        return `make \`${last.name}\` asynchronous with \`${twin}\`, and await it`;
    }
  }
  switch (on) {
    case 'process':
      return 'start the process with `spawn` or `execFile`, and await its end';
    case 'database':
      return 'run the statement in a worker thread';
    case 'computation':
      return 'compute in a worker thread, or with the asynchronous form';
    case 'input':
      return 'ask with `node:readline/promises`';
    default:
      return 'await the asynchronous form instead';
  }
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/** `load` of `config.load`. */
function lastWordOf(callee: string): string {
  return /[\w$#]+$/.exec(callee)?.[0] ?? callee;
}
