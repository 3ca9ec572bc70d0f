import { describe, expect, it } from 'vitest';
import { catalogModules } from '../../../../rules/catalog/index.js';
import type { ContractData } from '../../../../rules/engine/contracts/catalog-format.js';
import { contractSchema, contractsSchema, moduleSchema, validateContract, validateModule } from '../../../../rules/engine/contracts/validate.js';

describe('validateContract', () => {
  it('accepts every part of a contract', () => {
    const whole: ContractData = {
      parameters: [
        null,
        {},
        { writes: { range: { start: 0, end: 1, length: 2, count: 4 }, until: 'settle' }, keeps: 'settle', escapes: 'push', transfers: true, releases: false },
        { storedIn: 'this', elements: { writes: {} }, properties: { buffer: { keeps: 'forever' } } },
        { callback: { when: 'later', times: 'many', arguments: [{ from: 'place', of: 0 }], returns: 'element' } },
      ],
      rest: { storedIn: 0 },
      completion: { when: 'later', times: 'once', arguments: [] },
      receiver: { releases: true },
      result: {
        from: 'object',
        properties: {
          a: { from: 'primitive' },
          b: { from: 'fresh', type: 'same' },
          c: { from: 'view', of: 'this', range: { start: 0 }, type: 'Buffer' },
          d: { from: 'element', of: 1 },
          e: { from: 'container', elementsOf: ['this'], holding: [0] },
          f: { from: 'lent', until: 'next call', type: 'Uint8Array' },
          g: { from: 'property', of: 0, name: 'buffer' },
          h: { from: 'instance', type: 'node:fs#ReadStream' },
          i: { from: 'promise', of: { from: 'unknown' } },
          j: { from: 'iterable', of: { from: 'place', of: 'this' }, isAsync: true },
          k: { from: 'choice', of: 0, when: { buffer: { from: 'view', of: 0 } }, otherwise: { from: 'fresh' } },
          l: { from: 'function', contract: { parameters: [null, { escapes: 'callback' }], result: { from: 'primitive' } } },
        },
      },
    };
    expect(validateContract(whole, 'c')).toEqual([]);
  });

  it.each([
    [4, 'c: expected an object, got 4'],
    [undefined, 'c: expected an object, got nothing'],
    [[], 'c: expected an object, got []'],
    [{ parameter: [] }, 'c: unknown property "parameter"; known are "parameters", "rest", "completion", "receiver", "result"'],
    [{ origin: 'settings' }, 'c: unknown property "origin"; known are "parameters", "rest", "completion", "receiver", "result"'],
    [{ parameters: {} }, 'c.parameters: expected a list, got {}'],
    [{ parameters: [4] }, 'c.parameters[0]: expected an effect or null, got 4'],
    [{ parameters: [{ writes: true }] }, 'c.parameters[0].writes: expected an object, got true'],
    [{ parameters: [{ writes: { range: { start: -1 } } }] }, 'c.parameters[0].writes.range.start: expected a whole number from 0, got -1'],
    [{ parameters: [{ transfers: 'yes' }] }, 'c.parameters[0].transfers: expected a boolean, got "yes"'],
    [{ rest: { storedIn: 'that' } }, 'c.rest.storedIn: expected "this" or the position of an argument, got "that"'],
    [{ result: {} }, 'c.result.from: expected one of "primitive", "fresh", "view", "place", "element", "container", "lent", "property", "object", "instance", "promise", "iterable", "choice", "function", "unknown", got nothing'],
    [{ result: { from: 'view' } }, 'c.result: "of" is missing'],
    [{ result: { from: 'property', of: 0, name: 4 } }, 'c.result.name: expected a string, got 4'],
    [{ result: { from: 'toString' } }, 'c.result.from: expected one of'],
    [{ result: { from: 'fresh', type: 'Bufer' } }, 'c.result.type: expected one of "Buffer"'],
    [{ result: { from: 'object', properties: { 'a-b': { from: 'fresh', x: 1 } } } }, 'c.result.properties["a-b"]: unknown property "x"; known are "from", "type"'],
    [{ completion: { when: 'later' } }, 'c.completion: "times" is missing'],
  ])('%j', (data, problem) => {
    const [first] = validateContract(data, 'c');
    expect(first).toContain(problem);
  });

  it('cuts long values short', () => {
    expect(validateContract('x'.repeat(200), 'c')[0]).toHaveLength('c: expected an object, got '.length + 58);
  });
});

describe('validateModule', () => {
  it.each(catalogModules.map((module) => [module.module, module] as const))('%s is sound', (name, module) => {
    expect(validateModule(module, name)).toEqual([]);
  });

  it('is data: it survives JSON', () => {
    for (const module of catalogModules) expect(JSON.parse(JSON.stringify(module))).toEqual(module);
  });

  it('says where a module is wrong', () => {
    const [problem] = validateModule({ module: 'm', exports: { f: { members: { g: { call: { result: 4 } } } } } }, 'm.ts');
    expect(problem).toBe('m.ts.exports.f.members.g.call.result: expected an object, got 4');
  });
});

describe('the JSON schemas', () => {
  it('define what they refer to', () => {
    for (const schema of [contractSchema, contractsSchema, moduleSchema]) {
      const refs = [...JSON.stringify(schema).matchAll(/"#\/definitions\/(\w+)"/g)].map(([, name]) => name);
      expect(refs.length).toBeGreaterThan(0);
      expect(Object.keys(schema['definitions'] as object)).toEqual(expect.arrayContaining(refs));
    }
  });

  it('close objects and list what is required', () => {
    const { definitions } = contractSchema as { definitions: Record<string, { oneOf: Record<string, unknown>[] }> };
    expect(definitions['source']?.oneOf).toContainEqual({
      type: 'object',
      properties: { from: { const: 'promise' }, of: { $ref: '#/definitions/source' }, joins: { anyOf: [{ type: 'integer', minimum: 0 }, { const: 'this' }] } },
      required: ['from', 'of'],
      additionalProperties: false,
    });
  });
});
