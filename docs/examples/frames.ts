/** Frames on a byte stream: a length of 4 bytes, big-endian, then as many bytes. */

const HEADER = 4;

/** A frame, ready to be written. */
export function frameOf(...parts: readonly Uint8Array[]): Buffer {
  const header = Buffer.alloc(HEADER);
  header.writeUInt32BE(parts.reduce((sum, part) => sum + part.length, 0));
  return Buffer.concat([header, ...parts]);
}

/** Cuts chunks into frames. */
export class FrameSplitter {
  readonly #maxBytes: number;
  #rest: Buffer = Buffer.alloc(0);

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Whether a frame has begun that has not ended. */
  get isInside(): boolean {
    return this.#rest.length > 0;
  }

  /**
   * The frames that a chunk completes, as views of it.
   *
   * @throws {RangeError} when a frame is announced that is too long; what came before it was yielded
   */
  *split(chunk: Buffer): Generator<Buffer, void, undefined> {
    let bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    this.#rest = Buffer.alloc(0);
    while (bytes.length >= HEADER) {
      const length = bytes.readUInt32BE(0);
      if (length > this.#maxBytes) throw new RangeError(`a frame of ${length} bytes is too long: at most ${this.#maxBytes}`);
      if (bytes.length < HEADER + length) break;
      yield bytes.subarray(HEADER, HEADER + length);
      bytes = bytes.subarray(HEADER + length);
    }
    this.#rest = bytes;
  }
}
