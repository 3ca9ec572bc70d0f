import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { from } from 'rxjs';

/** How to run each fixture: a driver gives how many tasks run at the same time, of 300. */

const COUNT = 300;
const urls = () => Array.from({ length: COUNT }, (_, i) => `https://example.org/${i}`);
/** A folder with as many files, and a file that lists them. */
const files = ({ folder }) => {
  const directory = join(folder, 'files');
  mkdirSync(directory);
  const paths = Array.from({ length: COUNT }, (_, i) => join(directory, `${i}.txt`));
  for (const path of paths) writeFileSync(path, 'text');
  const list = join(folder, 'list');
  return { directory, paths, listed: (text) => (writeFileSync(list, text), list) };
};
const of = (run) => (fixture, strain) => strain.mostAtOnce(() => run(fixture, strain));
/** Of a function that takes addresses. */
const ofUrls = (name) => of((fixture) => fixture[name](urls()));

export const flagged = {
  'all-settled.ts': of(({ run }, { task }) => run([...urls().keys()], task)),
  'any.ts': ofUrls('first'),
  'arrow.ts': ofUrls('all'),
  'asked-for-all.ts': of(({ check }) => check({ query: async () => urls() })),
  'asked-for-some.ts': of(({ check }) => check({ page: { findMany: async () => urls() }, find: () => ({ limit: () => ({ toArray: async () => [] }) }), query: async () => [] })),
  'async-each.cjs': of(({ sizes }, strain) => {
    const { paths, listed } = files(strain);
    return sizes(listed(JSON.stringify(paths)));
  }),
  'collected-chains.ts': of(({ load }) => load(urls(), () => undefined)),
  'collected-from-a-stream.ts': of(({ importFile }, strain) => importFile(files(strain).listed(urls().join('\n')))),
  'collected-in-a-loop.ts': of(({ load }, strain) => load(files(strain).paths)),
  'commonjs.cjs': of(({ sizes }, strain) => sizes(files(strain).directory)),
  'counted-loop.ts': of(async (fixture) => (await fixture.load(urls()), await fixture.loadInPlace(urls()), fixture.warm(urls()))),
  'directory.ts': of(({ run }, strain) => run(files(strain).directory)),
  'distinct-names.ts': of(({ readOnce }, strain) => readOnce(files(strain).directory)),
  'entries.ts': of(({ all }) => all(Object.fromEntries(urls().map((url) => [url, url])))),
  'field.js': of(({ Registry }) => new Registry(urls()).check()),
  'field-mapper.ts': of(({ Site }) => new Site('').all(urls())),
  'filtered.ts': ofUrls('run'),
  'for-each.ts': of(({ publish }, strain) => publish(files(strain).paths, strain.task)),
  'from-iterable.ts': of(({ run }) => run(new Set(urls()))),
  'helper-waits-for-something-else.ts': of(({ later }) => later(urls())),
  'helper.ts': of(({ run }) => run([...urls().keys()])),
  'in-variable.ts': ofUrls('run'),
  'json.ts': of(({ run }) => run(JSON.stringify(urls()))),
  'keys-in-a-loop.ts': of(({ load }) => load(Object.fromEntries(urls().map((url) => [url, url])))),
  'keys-of-a-record.ts': of(({ run }) => run(Object.fromEntries(urls().map((url) => [url, url])))),
  'keys-of-few.ts': of(({ pack }, { task }) => pack(urls(), task)),
  'keys-of-many.ts': of(({ sign }, { task }) => sign(new Map(urls().map((url) => [url, url])), task)),
  'lines.ts': of(({ run }) => run(urls().join('\n'))),
  'listed-by-an-own-method.mjs': of(({ Bundle }, strain) => new Bundle().load(files(strain).directory)),
  'made-in-other-ways.ts': of(({ each }) => each(new Set(urls()))),
  'matches.js': of(({ all }) => all(urls().join('\n'))),
  'merge-map.ts': of(({ statuses }) => new Promise((resolve) => statuses(from(urls())).subscribe({ complete: resolve }))),
  'method-of-a-database.ts': of(({ run }, { task }) => run({ find: task }, urls())),
  'method.ts': of(({ Loader }) => new Loader().load(urls())),
  'method-by-type.ts': of(({ sections }, strain) => {
    const { directory } = files(strain);
    return sections(directory, [...urls().keys()].map((at) => `${at}.txt`));
  }),
  'named-mapper.ts': ofUrls('all'),
  'new-promise.cjs': of(({ readAll }, strain) => {
    const { readFile } = strain.fs;
    strain.replace(strain.fs, 'readFile', (path, done) => void strain.task(path).then(() => readFile(path, done)));
    return readAll(files(strain).paths);
  }),
  'own-function-in-a-loop.cjs': of(({ refreshAll }, strain) => refreshAll(files(strain).paths)),
  'p-map.ts': of(({ check }) => check(async () => urls())),
  'none-is-refused.ts': of(({ load }) => load(urls(), () => undefined)),
  'plain.js': ofUrls('load'),
  'promises.cjs': of(({ read }, strain) => read(files(strain).paths)),
  'query-result.ts': of(({ touchAll }, { task }) => touchAll({ rows: async () => urls().map((id) => ({ id })), touch: task })),
  'race.ts': ofUrls('race'),
  'read-by-name.ts': of(({ texts }, strain) => texts(files(strain).directory)),
  'retried.ts': of(async (fixture) => (await fixture.all(urls()), fixture.again(urls()))),
  'returned-fetch.ts': ofUrls('run'),
  'sorted.ts': ofUrls('all'),
  'spread.ts': of(({ run }) => run(new Set(urls()))),
  'started-in-a-loop.mjs': ofUrls('warm'),
  'table-of-anything.mjs': of(({ defaultsOf }, { task }) => defaultsOf(Object.fromEntries(urls().map((url) => [url, url])), task)),
  'table-that-grows.cjs': of(({ register, run }, { task }) => {
    for (const url of urls()) register(url, task);
    return run('subject');
  }),
  'task-elsewhere/site.mjs': async ({ all, named, warm }, strain) => {
    const most = [];
    for (const run of [all, named, warm]) most.push(await strain.mostAtOnce(() => run(urls())));
    return Math.min(...most);
  },
  'then-chain.js': ofUrls('load'),
  'token-first.ts': ofUrls('load'),
  'too-many-of-another.ts': of(({ load }) => load([], urls())),
  'urls.ts': ofUrls('fetchAll'),
  'walks-a-tree.ts': of(({ listFiles }, { folder }) => {
    for (let i = 0; i < COUNT; i++) mkdirSync(join(folder, 'tree', String(i)), { recursive: true });
    return listFiles(join(folder, 'tree'));
  }),
};

export const notRun = {};

/** A limiter of four tasks. */
const limiter = () => {
  let running = 0;
  const waiting = [];
  return async (task) => {
    if (running >= 4) await new Promise((resolve) => waiting.push(resolve));
    running++;
    try {
      return await task();
    } finally {
      running--;
      waiting.shift()?.();
    }
  };
};

export const clean = {
  'batches-of-a-caller.ts': ofUrls('all'),
  'commonjs-workers.cjs': of(({ all }) => all(urls(), 4)),
  'leaves-at-a-limit.mjs': of(({ schedule }, { task }) => schedule(urls().map(() => ({ start: task })))),
  'limited-jobs.mjs': of(({ load }, { task }) => load(urls(), limiter(), task)),
  'limiter-awaited.js': of(({ all }) => all(urls(), limiter())),
  'limiter-in-mapper.ts': of(({ all }) => all(urls(), limiter())),
  'mappers-with-limits.ts': of(({ checked }) => checked(urls())),
  'one-after-another.js': ofUrls('all'),
  'queue-add.js': of(({ all }) => all(urls(), { add: limiter() })),
  'sequence.ts': ofUrls('all'),
  'sliced.ts': ofUrls('some'),
  'spliced.ts': ofUrls('all'),
  'window-of-jobs.ts': of(({ load }, strain) => load(files(strain).paths)),
  'workers.ts': of(({ all }) => all(urls(), 4)),
};
