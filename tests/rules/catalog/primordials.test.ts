import { describe, expect, it } from 'vitest';
import { catalogModules } from '../../../rules/catalog/index.js';
import { linkCatalog } from '../../../rules/engine/contracts/link.js';

const catalog = linkCatalog(catalogModules);
const call = (name: string) => catalog.global('primordials')?.member(name)?.call;

describe('primordials', () => {
  it('have the receiver as their first argument', () => {
    expect(call('TypedArrayPrototypeSubarray')?.result).toEqual({ from: 'view', of: 0, range: { start: 1, end: 2 } });
    expect(call('TypedArrayPrototypeFill')).toMatchObject({ parameters: [{ writes: { range: { start: 2, end: 3 } } }], result: { from: 'place', of: 0 } });
    expect(call('TypedArrayPrototypeSet')?.parameters).toEqual([{ writes: { range: { start: 2 } } }]);
    expect(call('DataViewPrototypeSetUint32')?.parameters).toEqual([{ writes: { range: { start: 1, count: 4 } } }]);
    expect(call('TypedArrayPrototypeGetBuffer')?.result).toEqual({ from: 'view', of: 0, type: 'ArrayBuffer' });
    expect(call('ArrayPrototypePush')).toMatchObject({ parameters: [null], rest: { storedIn: 0 } });
    expect(call('ArrayPrototypeConcat')?.result).toEqual({ from: 'container', elementsOf: [0, 1, 2, 3, 4] });
    expect(call('ArrayPrototypeReduce')?.result).toMatchObject({ from: 'choice', of: 2 });
  });

  it('are what a runtime imports as well', () => {
    expect(catalog.module('ext:core/mod.js')?.member('primordials')?.member('TypedArrayPrototypeSubarray')?.call).toEqual(call('TypedArrayPrototypeSubarray'));
    expect(catalog.global('primordials')?.member('Uint8Array')?.instance).toBe(catalog.viewType('Uint8Array'));
  });
});
