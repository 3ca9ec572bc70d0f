/** Puts a class's name where built-in errors have theirs: on the prototype, so that it is no own property. Written out, as minifiers rename classes. */
export function named(type: { readonly prototype: Error }, name: string): void {
  Object.defineProperty(type.prototype, 'name', { value: name, configurable: true, writable: true });
}
