/** Slots a ring starts with and a burst's ring may keep: up to 8 KiB of slots are not worth giving back, and growing again. */
const FEWEST_SLOTS = 16;
const KEPT_SLOTS = 1024;

/** A first-in, first-out buffer: a circle of slots that doubles when it is full and halves when a burst has drained to a quarter. */
export class Ring<T> {
  /** Items held. */
  length = 0;
  #slots: (T | undefined)[];
  #mask: number;
  #head = 0;
  /** Fewer items than this, and half of the slots go; 0 while there is nothing worth giving back. */
  #low = 0;

  /** @param most - items that will ever be held at once: a small channel never gets more slots than it needs */
  constructor(most: number) {
    const slots = powerOfTwo(Math.min(most, FEWEST_SLOTS));
    this.#slots = emptySlots(slots);
    this.#mask = slots - 1;
  }

  /** Slots there are now, for tests of memory. */
  get slots(): number {
    return this.#mask + 1;
  }

  push(item: T): void {
    if (this.length > this.#mask) this.#resize((this.#mask + 1) * 2);
    this.#slots[(this.#head + this.length) & this.#mask] = item;
    this.length++;
  }

  /** Takes the oldest item; only to be called while `length` is above 0. The slot keeps no reference to it. */
  shift(): T {
    const item = this.#slots[this.#head] as T;
    this.#slots[this.#head] = undefined;
    this.#head = (this.#head + 1) & this.#mask;
    this.length--;
    if (this.length < this.#low) this.#resize((this.#mask + 1) / 2);
    return item;
  }

  /** Takes everything, oldest first, and gives the slots back. */
  clear(): T[] {
    const items: T[] = [];
    while (this.length > 0) items.push(this.shift());
    return items;
  }

  #resize(size: number): void {
    const slots = emptySlots<T>(size);
    for (let at = 0; at < this.length; at++) slots[at] = this.#slots[(this.#head + at) & this.#mask];
    this.#slots = slots;
    this.#mask = size - 1;
    this.#head = 0;
    this.#low = size > KEPT_SLOTS ? size >> 2 : 0;
  }
}

/** An array without holes: reading a slot never looks at the prototype. */
function emptySlots<T>(size: number): (T | undefined)[] {
  const slots: (T | undefined)[] = [];
  for (let at = 0; at < size; at++) slots.push(undefined);
  return slots;
}

function powerOfTwo(least: number): number {
  let size = 1;
  while (size < least) size *= 2;
  return size;
}
