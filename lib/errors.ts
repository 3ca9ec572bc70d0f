/** The bytes are gone: their ArrayBuffer was transferred, or was resized so that the view lies outside of it. */
export class DetachedBufferError extends TypeError {
  static {
    // On the prototype, as the built-in errors have it: `name` is not an own property that shows up in inspection.
    Object.defineProperty(this.prototype, 'name', { value: 'DetachedBufferError', configurable: true, writable: true });
  }

  /** Stable across versions; compare this, not the message. */
  readonly code = 'ERR_DETACHED_BUFFER';
}
