import type { Diagnostic } from '@shared/model/schema'
import { Lexer } from 'yaml'
import type { Reporter } from './reporter'

/** Largest YAML read: the fullest real one (87 catalogs) is under 1 MB, and parsing costs about a second per megabyte. */
export const MAX_YAML_BYTES = 4 * 1024 * 1024
/** Deepest nesting: a SAGE YAML needs seven levels. */
export const MAX_DEPTH = 64
/** Most tokens read: 20,000 fields fit. The parser takes some microseconds for each, whatever it is. */
const MAX_TOKENS = 600_000
const MARKERS = new Set(['\u0002', '\u0018', '\u001f'])

export const mebibytes = (bytes: number): string =>
  `${(bytes / 1024 / 1024).toLocaleString('es-PE', { maximumFractionDigits: 1 })} MiB`

const refusal = (
  code: string,
  message: string,
  hint: string,
  offset = 0,
  line = 1,
  column = 1,
): Diagnostic => ({
  severity: 'error',
  code,
  message,
  hint,
  path: '',
  position: { line, column, offset, endOffset: offset },
})

/** The refusal of a file too large to be a YAML. */
export const tooLarge = (bytes: number, maxBytes: number): Diagnostic =>
  refusal(
    'YAML_TOO_LARGE',
    `El YAML pesa ${mebibytes(bytes)}; el máximo es ${mebibytes(maxBytes)}.`,
    'Un SAGE YAML describe los datos, no los contiene. ¿Se eligió el archivo de datos por error?',
  )

/** The longest valid beginning of bytes that are not UTF-8. */
function validPrefix(bytes: Uint8Array): string {
  const decode = (length: number): string | null => {
    try {
      // As a stream, a letter cut short at the end is left out instead of refused.
      const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
      return decoder.decode(bytes.subarray(0, length), { stream: true })
    } catch {
      return null
    }
  }
  let low = 0
  let high = bytes.length
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (decode(middle) === null) high = middle - 1
    else low = middle
  }
  return decode(low) ?? ''
}

/**
 * Bytes of a YAML file as text: UTF-8 with or without mark, or UTF-16 with mark (as YAML itself allows). Anything else is
 * refused with the place of the first bad byte, never read with wrong letters.
 */
export function decodeYaml(
  bytes: Uint8Array,
  maxBytes = MAX_YAML_BYTES,
): { text: string } | { diagnostic: Diagnostic } {
  if (bytes.length > maxBytes) return { diagnostic: tooLarge(bytes.length, maxBytes) }
  const utf16 =
    bytes[0] === 0xff && bytes[1] === 0xfe
      ? 'utf-16le'
      : bytes[0] === 0xfe && bytes[1] === 0xff
        ? 'utf-16be'
        : null
  try {
    return {
      text: new TextDecoder(utf16 ?? 'utf-8', { fatal: true, ignoreBOM: utf16 === null }).decode(bytes),
    }
  } catch {
    const before = utf16 === null ? validPrefix(bytes) : ''
    const lineStart = before.lastIndexOf('\n') + 1
    const line = before.split('\n').length
    return {
      diagnostic: refusal(
        'YAML_NOT_UTF8',
        `El archivo no es texto UTF-8: el byte ${Buffer.byteLength(before) + 1} no se puede leer.`,
        'Guardarlo con codificación UTF-8 y volver a cargarlo.',
        before.length,
        line,
        before.length - lineStart + 1,
      ),
    }
  }
}

/** Refuses what no text editor writes: NUL and control characters. True when the text can be parsed. */
export function checkCharacters(text: string, reporter: Reporter): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]/.exec(text)
  if (control !== null) {
    const code = (control[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
    reporter.error({
      code: 'YAML_BINARY',
      path: '',
      range: [control.index, control.index + 1],
      message: `El archivo no es texto: contiene el carácter de control U+${code}.`,
      hint: 'Un SAGE YAML es un archivo de texto. ¿Se eligió un ZIP o un Excel por error?',
    })
    return false
  }
  const lost = text.indexOf('\ufffd')
  if (lost !== -1) {
    reporter.warning({
      code: 'YAML_LOST_CHARACTER',
      path: '',
      range: [lost, lost + 1],
      message: 'Hay letras que se perdieron al guardar el archivo (�).',
      hint: 'Abrirlo en su codificación original y guardarlo como UTF-8.',
    })
  }
  return true
}

/** Counts the open levels of a token stream: flow brackets, indentation of lines, and indicators chained on one line. */
class DepthMeter {
  private flow = 0
  private indents: number[] = []
  private lineIndent = 0
  private atLineStart = true
  private chained = 0

  /** Depth after this token. */
  feed(token: string): number {
    const first = token[0]
    if (token === '\n' || token === '\r\n') {
      this.atLineStart = true
      this.lineIndent = 0
      this.chained = 0
    } else if (this.atLineStart && (first === ' ' || first === '\t')) {
      this.lineIndent = token.length
    } else if (first !== '#' && first !== ' ') {
      if (this.atLineStart && this.flow === 0) this.openLine()
      this.atLineStart = false
      if (token === '[' || token === '{') this.flow += 1
      else if (token === ']' || token === '}') this.flow = Math.max(0, this.flow - 1)
      else if (token === '-' || token === '?') this.chained += 1
    }
    return this.flow + this.indents.length + this.chained
  }

  private openLine(): void {
    while ((this.indents[this.indents.length - 1] ?? -1) >= this.lineIndent) this.indents.pop()
    this.indents.push(this.lineIndent)
  }
}

/**
 * Refuses nesting past MAX_DEPTH before the parser (which recurses) sees it, and more tokens than a schema has. True when the text
 * can be parsed.
 */
export function checkDepth(text: string, reporter: Reporter): boolean {
  const meter = new DepthMeter()
  let offset = 0
  let tokens = 0
  for (const token of new Lexer().lex(text)) {
    tokens += 1
    if (tokens > MAX_TOKENS) {
      reporter.error({
        code: 'YAML_TOO_LARGE',
        path: '',
        range: [offset, offset],
        message: `El YAML tiene más de ${MAX_TOKENS.toLocaleString('es-PE')} elementos; no se lee más allá de esta línea.`,
        hint: 'Un SAGE YAML describe los datos, no los contiene. ¿Se eligió el archivo de datos por error?',
      })
      return false
    }
    if (MARKERS.has(token)) continue
    if (meter.feed(token) > MAX_DEPTH) {
      reporter.error({
        code: 'YAML_TOO_DEEP',
        path: '',
        range: [offset, offset + 1],
        message: `El YAML anida más de ${MAX_DEPTH} niveles.`,
        hint: 'Un SAGE YAML necesita siete. Revisar los corchetes, las llaves y la sangría de esta línea.',
      })
      return false
    }
    offset += token.length
  }
  return true
}
