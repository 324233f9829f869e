const KEEP = 256

/** Looks at pieces of XML as latin1 text, each joined with the end of the one before, so that nothing is missed at a cut. */
class Pieces {
  #tail = ''

  /** The text to look at, and where what was not seen before begins. */
  join(chunk: Buffer): { text: string; fresh: number } {
    const text = this.#tail + chunk.toString('latin1')
    const fresh = this.#tail.length
    this.#tail = text.slice(-KEEP)
    return { text, fresh }
  }
}

/**
 * Cells of type `s` hold the place of a text in another part of the book. The reader gives a place that is not there as an empty cell, without
 * a word; so the places used and the texts there are counted while the parts are checked.
 */
export class SharedUse {
  #cells = new Pieces()
  #texts = new Pieces()
  #highest = -1
  #count = 0

  readonly sheet = (chunk: Buffer): void => {
    const { text } = this.#cells.join(chunk)
    for (const [, place] of text.matchAll(/\st=["']s["'][^>]*>\s*<(?:\w+:)?v>(\d+)</g)) {
      this.#highest = Math.max(this.#highest, Number(place))
    }
  }

  readonly strings = (chunk: Buffer): void => {
    const { text, fresh } = this.#texts.join(chunk)
    for (const found of text.matchAll(/<(?:\w+:)?si[\s/>]/g)) {
      if (found.index + found[0].length > fresh) this.#count++
    }
  }

  /** A cell points at a text that the book does not have. */
  get broken(): boolean {
    return this.#highest >= this.#count
  }
}
