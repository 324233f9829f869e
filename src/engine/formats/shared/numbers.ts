/** A growing column of numbers: eight bytes each, whatever their count. */
export class NumberColumn {
  length = 0
  #values = new Float64Array(1024)

  push(value: number): void {
    if (this.length === this.#values.length) {
      const wider = new Float64Array(this.length * 2)
      wider.set(this.#values)
      this.#values = wider
    }
    this.#values[this.length++] = value
  }

  done(): Float64Array {
    return this.#values.slice(0, this.length)
  }
}
