import { EventEmitter } from 'node:events';
import { randomBytes } from 'node:crypto';

/**
 * How to run each fixture: a driver gives how long the event loop stands still, in milliseconds. What is read comes from a pipe that
 * another process fills late, what is written goes to one that is read late, and folders are on a disk that answers late: so the code
 * decides about the pause, not the machine.
 */

const reading = (run) => (fixture, strain) => strain.pauseWhileReading(() => run(fixture, strain.pipe));
/** Of code that names its file itself, below the working directory. */
const readingBelow = (path, run) => (fixture, strain) => {
  const pipe = strain.pipeAt(path);
  return strain.pauseWhileReading(() => run(fixture), pipe);
};
const big = () => randomBytes(32_000_000);

export const flagged = {
  'async-function.ts': reading(({ loadTemplate }, pipe) => loadTemplate(pipe)),
  'async-generator.ts': ({ walk }, strain) =>
    strain.pauseOnSlowDisk('readdirSync', async () => {
      for await (const path of walk(strain.folder)) if (path === '') break;
    }),
  'async-in-name-only.ts': reading(({ readConfig }, pipe) => readConfig(pipe)),
  'atomics-wait.ts': ({ pause }, strain) => strain.pauseOf(() => pause(300)),
  'awaited-sync-call.cjs': ({ save }, strain) => strain.pauseWhileWriting(() => save(strain.pipe, 'text')),
  'before-an-exception.ts': readingBelow('settings.json', ({ load }) => load()),
  'busy-wait-helper.cjs': async (poll, strain) => {
    // Each turn of its loop waits 50 ms: the sum of six.
    let checks = 0;
    return 6 * (await strain.pauseOf(() => poll(async () => ++checks > 6)));
  },
  'busy-wait.ts': async ({ retry }, strain) => {
    let tries = 0;
    return 3 * (await strain.pauseOf(() => retry(() => (++tries < 2 ? Promise.reject(new Error('once more')) : Promise.resolve()))));
  },
  'callback-of-this-caller.ts': reading(({ handle }, pipe) => handle([pipe], Promise.resolve(''))),
  'chain-across-files/service.ts': readingBelow('config/pipe.json', ({ handle }) => handle('pipe')),
  'closure-in-map.ts': reading(({ readAll }, pipe) => readAll([pipe])),
  'connection-listener.ts': ({ server }, strain) => strain.pauseWhileWriting(() => server.emit('connection', { remotePort: 1 }), strain.pipeAt('connections.log')),
  'constant-alias.ts': reading(({ load }, pipe) => load(pipe)),
  'commonjs-default/main.cjs': readingBelow('page.html', ({ page }) => page()),
  'dispatch-table.mjs': reading(({ read }, pipe) => read('text', pipe)),
  'dynamic-import.mjs': ({ list }, strain) => strain.pauseOnSlowDisk('readdirSync', () => list(strain.folder)),
  'event-listener.ts': ({ logTo }, strain) =>
    strain.pauseWhileWriting(() => {
      const emitter = new EventEmitter();
      logTo(strain.pipe, emitter);
      emitter.emit('request', 'line');
    }),
  'http-handler.ts': readingBelow('public/pipe', ({ server }) => server.emit('request', { url: '/pipe' }, { end: () => undefined })),
  'injected-function.ts': reading(({ fromOptions }, pipe) => fromOptions(pipe)),
  'injected-object/app.mjs': ({ app }, strain) => {
    app.store.folder = strain.folder;
    return strain.pauseWhileReading(() => app.show('pipe'));
  },
  'interop.cjs': ({ size }, strain) => strain.pauseOnSlowDisk('statSync', () => size(strain.folder)),
  'log-that-is-turned.mjs': ({ turn }, strain) => strain.pauseOnSlowDisk('statSync', () => turn(strain.folder, Infinity)),
  'method-chain.ts': ({ Cache }, strain) => strain.pauseWhileReading(() => new Cache(strain.folder).get('pipe')),
  'missing-options.cjs': readingBelow('connect.json', ({ listen }) => listen().emit('connection', {})),
  'named-like-an-api.ts': readingBelow('settings.json', ({ load }) => load()),
  'not-every-case.ts': readingBelow('kinds.txt', ({ describe }) => describe('table')),
  'not-the-last-words.ts': ({ crash }, strain) => {
    strain.replace(process, 'exit', () => undefined);
    return strain.pauseWhileWriting(() => crash(new Error('gone'), async () => undefined), strain.pipeAt('crash.log'));
  },
  'promise-executor.ts': ({ pack }, strain) => {
    const data = big();
    return strain.pauseOf(() => pack(data));
  },
  'read-once-a-key.mjs': reading(({ handle }, pipe) => handle(pipe, Promise.resolve(''))),
  'read-once-a-process.mjs': reading(({ handle }, pipe) => handle(pipe, Promise.resolve(''))),
  're-export/page.ts': readingBelow('page.html', ({ render }) => render()),
  'renamed-import.ts': reading(({ first }, pipe) => first(pipe)),
  'returns-a-promise.ts': ({ isFolder }, strain) => strain.pauseOnSlowDisk('statSync', () => isFolder(strain.folder, () => true)),
  'singleton.ts': readingBelow('app/secret', ({ secret }) => secret()),
  'state-file.ts': ({ save }, strain) => {
    const pipe = strain.pipeAt('state.json');
    return strain.pauseWhileWriting(() => save({}), pipe);
  },
  'tells-an-event.ts': reading(({ onSubmit }, pipe) => onSubmit({ preventDefault: () => undefined }, pipe)),
  'then-callback.ts': ({ download }, strain) => {
    strain.replace(globalThis, 'fetch', strain.task);
    return strain.pauseWhileWriting(() => download('https://example.org/', strain.pipe));
  },
  'told-by-a-member.cjs': reading(({ upload }, pipe) => upload(async () => undefined, '', pipe)),
  'told-by-an-argument.cjs': reading(({ read }, pipe) => read('{}', pipe)),
  'told-by-an-argument-handed-on.cjs': reading(({ read }, pipe) => read(pipe, (value) => value)),
  'transform-stream.ts': ({ Pack }, strain) => {
    const data = big();
    return strain.pauseOf(() => new Promise((resolve) => new Pack({ highWaterMark: 1e9 }).once('data', resolve).write(data)));
  },
  'until-the-last-line.ts': ({ follow }, strain) => {
    strain.replace(process, 'exit', () => {
      throw new Error('exit');
    });
    return strain.pauseWhileWriting(() => follow(strain.pipe, () => '').catch(() => undefined));
  },
  'web-stream.mjs': ({ blocks }, strain) => strain.pauseWhileReading(() => blocks(strain.pipe).getReader().read()),
};

/** Why some are not run. */
export const notRun = {
  'timer.cjs': 'asking for a file\'s time takes a moment, which nothing here can stretch',
  'express-middleware.cjs': 'express is not installed here',
  'glob-package.mjs': 'glob is not installed here',
  'koa-handler.mjs': 'koa is not installed here',
  'salted-hash.cjs': 'bcryptjs is not installed here',
  'shell.cjs': 'shelljs is not installed here',
};

export const clean = {
  'await-sleep-loop.ts': ({ until }, strain) => strain.pauseOf(() => until(() => false, 300)),
  'promises-api.ts': reading(({ load }, pipe) => load(pipe)),
};
