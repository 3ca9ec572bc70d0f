/** What every error of this package has beside a message. */
export interface Coded<Code extends string> {
  /** Stable across versions; compare this, not the message. */
  readonly code: Code;
}

/**
 * The base of a class of errors. Its name stands where built-in errors have theirs: on the prototype, so that it is no own property, and
 * written out, as minifiers rename classes. In an `extends`, call it `/* @__PURE__ *\/`: a bundle leaves out the classes it does not use.
 */
export function coded<Parameters extends unknown[], E extends Error, Code extends string>(
  base: new (...parameters: Parameters) => E,
  name: string,
  code: Code,
): new (...parameters: Parameters) => E & Coded<Code> {
  const Base = class extends (base as unknown as new (...parameters: unknown[]) => Error) {
    readonly code = code;
  };
  Object.defineProperty(Base.prototype, 'name', { value: name, configurable: true, writable: true });
  return Base as unknown as new (...parameters: Parameters) => E & Coded<Code>;
}
