import { fail, type Span } from '../problem'

const SIMPLE: Record<string, string> = {
  '\n': '',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
}

/** The value of a Python string literal (prefixes r, b, u; single, double and triple quotes; escapes). */
export function readString(text: string, span: Span): string {
  const match = /^([A-Za-z]*)('''|"""|'|")([\s\S]*)\2$/.exec(text)
  if (!match) return fail('SYNTAX', 'la cadena de texto no está cerrada', span)
  const prefix = (match[1] ?? '').toLowerCase()
  const body = match[3] ?? ''
  if (prefix.includes('f'))
    return fail(
      'UNSUPPORTED',
      'no se admiten cadenas f"…"',
      span,
      'escribir el texto completo o concatenar con +',
    )
  if (prefix.includes('b')) return fail('UNSUPPORTED', 'no se admiten cadenas de bytes b"…"', span)
  return prefix.includes('r') ? body : unescapePython(body, span)
}

function unescapePython(body: string, span: Span): string {
  return body.replace(
    /\\(?:([0-7]{1,3})|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|N\{[^}]*\}|([\s\S]))/g,
    (whole: string, octal?: string, hex?: string, u4?: string, u8?: string, other?: string) => {
      if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8))
      const digits = hex ?? u4 ?? u8
      if (digits !== undefined) {
        const code = Number.parseInt(digits, 16)
        if (code > 0x10ffff) return fail('SYNTAX', 'el código de carácter no existe', span)
        return String.fromCodePoint(code)
      }
      if (other === undefined) return fail('UNSUPPORTED', 'no se admiten escapes \\N{…}', span)
      // Python keeps the backslash of an escape it does not know: '\S' is two characters.
      return SIMPLE[other] ?? whole
    },
  )
}
