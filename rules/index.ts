import { createRequire } from 'node:module';
import type { ESLint, Rule } from 'eslint';
import { configsOf, type Configs } from './configs.js';
import noBlockingInAsync from './no-blocking-in-async.js';
import noBorrowedCapture from './no-borrowed-capture.js';
import noBorrowedReturn from './no-borrowed-return.js';
import noBorrowedYield from './no-borrowed-yield.js';
import noStaleView from './no-stale-view.js';
import noUnreleasedRef from './no-unreleased-ref.js';
import noUnsendableMessage from './no-unsendable-message.js';
import noUseAfterTransfer from './no-use-after-transfer.js';
import noUnboundedChannel from './no-unbounded-channel.js';
import noOverwriteInFlight from './no-overwrite-in-flight.js';
import noUnboundedSpawn from './no-unbounded-spawn.js';
import noIgnoredBackpressure from './no-ignored-backpressure.js';
import noThrowInStream from './no-throw-in-stream.js';

// By the package's own name: the compiled file and its source lie at different depths.
const { name, version } = createRequire(import.meta.url)('eslint-plugin-borrowck/package.json') as { name: string; version: string };

/** The rules, by name without prefix. */
export const rules = {
  'no-blocking-in-async': noBlockingInAsync,
  'no-borrowed-capture': noBorrowedCapture,
  'no-borrowed-return': noBorrowedReturn,
  'no-borrowed-yield': noBorrowedYield,
  'no-stale-view': noStaleView,
  'no-unreleased-ref': noUnreleasedRef,
  'no-unsendable-message': noUnsendableMessage,
  'no-use-after-transfer': noUseAfterTransfer,
  'no-unbounded-channel': noUnboundedChannel,
  'no-overwrite-in-flight': noOverwriteInFlight,
  'no-unbounded-spawn': noUnboundedSpawn,
  'no-ignored-backpressure': noIgnoredBackpressure,
  'no-throw-in-stream': noThrowInStream,
} satisfies Record<string, Rule.RuleModule>;

/** The plugin, for `plugins: { borrowck }` or through one of its `configs`. */
interface Plugin extends ESLint.Plugin {
  readonly meta: { readonly name: string; readonly version: string; readonly namespace: string };
  readonly rules: typeof rules;
  readonly configs: Configs;
}

const base = { meta: { name, version, namespace: 'borrowck' }, rules };
const recommended = Object.entries(rules).flatMap(([rule, { meta }]) => (meta?.docs?.recommended === true ? [rule] : []));

// The configurations refer to the plugin they belong to; ESLint compares plugins by identity.
const plugin: Plugin = Object.assign(base, { configs: {} as Configs });
Object.assign(plugin.configs, configsOf(plugin, recommended));

export default plugin;
