import { open, rm } from 'node:fs/promises'
import type { TextFileInfo } from '../types'
import { writeAll } from './copy-with-hash'
import { fromFs } from './errors'
import { type Inspection, TextInspector } from './text-inspector'

const BATCH = 512 * 1024

/** A cell as this house writes it: quoted only where it must be, so that a reader gets the same text back. */
export const csvCell = (text: string): string =>
  /[",\n\r]|^ | $/.test(text) ? `"${text.replaceAll('"', '""')}"` : text

/** Writes a UTF-8 CSV in batches and inspects it on the way; a file that is not finished does not stay. */
export class CsvWriter {
  readonly #path: string
  readonly #file: Awaited<ReturnType<typeof open>>
  readonly #inspector = new TextInspector({ delimiter: ',' })
  #batch = ''

  private constructor(path: string, file: Awaited<ReturnType<typeof open>>) {
    this.#path = path
    this.#file = file
  }

  static async create(path: string): Promise<CsvWriter> {
    const file = await open(path, 'wx').catch((error: unknown) => {
      throw fromFs(error, path)
    })
    return new CsvWriter(path, file)
  }

  /** True when it is time to wait for `flush`. */
  row(cells: readonly string[]): boolean {
    // A lone empty cell would be an empty line, which is no record to most readers.
    this.#batch += cells.length === 1 && cells[0] === '' ? '""\n' : `${cells.map(csvCell).join(',')}\n`
    return this.#batch.length > BATCH
  }

  async flush(): Promise<void> {
    if (this.#batch === '') return
    const bytes = Buffer.from(this.#batch, 'utf8')
    this.#batch = ''
    this.#inspector.push(bytes)
    await writeAll(this.#file, bytes).catch((error: unknown) => {
      throw fromFs(error, this.#path)
    })
  }

  async finish(): Promise<TextFileInfo> {
    await this.flush()
    await this.#file.close()
    const { utf16: _utf16, ascii: _ascii, ...info }: Inspection = this.#inspector.finish()
    return { ...info, transcoded: true }
  }

  async abandon(): Promise<void> {
    await this.#file.close().catch(() => undefined)
    await rm(this.#path, { force: true })
  }
}
