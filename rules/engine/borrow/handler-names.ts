/**
 * Where types say nothing, `onChunk`, `callback` and the like are what handlers are called everywhere.
 *
 * @param name - the name of what is called; undefined where there is none
 * @returns true for such a name
 */
export function isHandlerName(name: string | undefined): boolean {
  return name !== undefined && /^(?:on[A-Z_]|cb$|callback$|done$|next$|handler$|listener$)/.test(name);
}
