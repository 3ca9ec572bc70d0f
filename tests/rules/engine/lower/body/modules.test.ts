import { describe, expect, it } from 'vitest';
import { printed, text } from '../support.js';

describe('Modules', () => {
  it('binds imports first', () => {
    const code = "g(a); import d, { a, b as c, type T } from 'm'; import * as ns from 'n'; import r = require('q'); import type X from 'y'; import 'z';";
    expect(printed(code, '<module>')).toBe(
      text(`
        b0:
          d = import default from 'm'
          a = import a from 'm'
          c = import b from 'm'
          ns = import * from 'n'
          r = import * from 'q'
          %0 = global g
          %1 = call %0(a) unused
          return
      `),
    );
  });

  it('exports declarations, names and other modules', () => {
    const code = "import { b } from 'm'; export const { v, w: [x] } = b; export function g() {} export class C {} export { b, v as y }; export * from 'z'; export * as zz from 'z'; export { q as default, r } from 'w'; export type { T } from 't';";
    expect(printed(code, '<module>')).toBe(
      text(`
        b0:
          b = import b from 'm'
          %0 = function g
          g = %0
          %1 = b.v
          v = %1
          %2 = b.w
          %3 = %2.0
          x = %3
          export v = v
          export x = x
          export g = g
          %4 = class C
          C = %4
          export C = C
          export b = b
          export y = v
          export * * from 'z'
          export zz * from 'z'
          export default q from 'w'
          export r r from 'w'
          return
      `),
    );
  });

  it('exports defaults', () => {
    const code = 'export default function () {}';
    expect(printed(code, '<module>')).toBe(
      text(`
        b0:
          %0 = function default
          export default = %0
          return
      `),
    );
  });

  it('exports values', () => {
    const code = 'const a = 1; export default a;';
    expect(printed(code, '<module>')).toBe(
      text(`
        b0:
          %0 = 1
          a = %0
          export default = a
          return
      `),
    );
  });

  it('exports anonymous classes', () => {
    const code = 'export default class {}';
    expect(printed(code, '<module>')).toBe(
      text(`
        b0:
          %0 = class <anonymous>
          export default = %0
          return
      `),
    );
  });

  it('assigns to CommonJS exports like to any object', () => {
    const code = "const y = require('y'); module.exports = { y }; exports.z = function () { this.a = arguments[0]; };";
    expect(printed(code, '<module>')).toBe(
      text(`
        b0:
          %0 = global require
          %1 = "y"
          %2 = call %0(%1)
          y = %2
          %3 = global module
          %4 = {y: y}
          %3.exports = %4
          %5 = global exports
          %6 = function z
          %5.z = %6
          return
      `),
    );
  });

  it('export =, enums and ambient declarations', () => {
    const code = 'enum E { A } export = E; declare const u: number; declare function ff(): void; declare enum F {} interface I {} type T = 1;';
    expect(printed(code, '<module>')).toBe(
      text(`
        b0:
          %0 = opaque()
          E = %0
          export export= = E
          return
      `),
    );
  });

  it('runs namespaces in place', () => {
    const code = 'namespace N { export const a = 1; export function g() { return a; } namespace M.O { export let z = 2; } } namespace N { g(); } import A = N.a; namespace T { export type X = 1; }';
    expect(printed(code, '<module>')).toBe(
      text(`
        b0:
          %0 = {}
          N = %0
          %1 = function g
          g = %1
          %2 = 1
          a = %2
          N.a = a
          N.g = g
          %3 = {}
          M = %3
          %4 = {}
          O = %4
          %5 = 2
          z = %5
          O.z = z
          M.O = O
          %6 = global g
          %7 = call %6() unused
          %8 = N.a
          A = %8
          return
      `),
    );
  });

  it('keeps the props of JSX', () => {
    const code = "export const e = (p) => <A.B x={p.y} on s='t' {...p}>{p.z}<><b k:l={1}/> text</>{/* none */}</A.B>;";
    expect(printed(code, 'e', '/file.tsx')).toBe(
      text(`
        (p)
        b0:
          %0 = global A
          %1 = %0.B
          %2 = p.y
          %3 = true
          %4 = "t"
          %5 = p.z
          %6 = 1
          %7 = {k:l: %6}
          %8 = opaque()
          %9 = [%7, %8]
          %10 = {children: %9}
          %11 = [%5, %10]
          %12 = {type: %1, x: %2, on: %3, s: %4, ...p, children: %11}
          return %12
      `),
    );
  });
});
