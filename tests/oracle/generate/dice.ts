/** Takes small choices out of a few numbers, digit by digit. Zeros choose the first of everything, so shrinking simplifies. */
export class Dice {
  readonly #numbers: number[];
  #turn = 0;

  /** @param numbers what to take the choices from */
  constructor(...numbers: readonly number[]) {
    this.#numbers = [...numbers];
  }

  /** @returns 0 … sides-1 */
  roll(sides: number): number {
    const index = this.#turn++ % this.#numbers.length;
    const number = this.#numbers[index] ?? 0;
    this.#numbers[index] = Math.floor(number / sides);
    return number % sides;
  }

  /** @returns true once in that many times; never for zeros */
  isOneIn(sides: number): boolean {
    return this.roll(sides) === sides - 1;
  }

  /** @returns one of the weighted alternatives; the first for zeros */
  pick<T>(alternatives: readonly (readonly [weight: number, value: T])[]): T {
    let rest = this.roll(alternatives.reduce((sum, [weight]) => sum + weight, 0));
    for (const [weight, value] of alternatives) {
      if (rest < weight) return value;
      rest -= weight;
    }
    throw new Error('no alternatives');
  }
}
