import type { Call } from '../../call'
import { sql, text } from '../../plan/sql'
import { remake, type Value } from '../../plan/values'
import type { FunctionDef } from '../../registry'

const ASCII_ONLY = text('[^\\x{0}-\\x{7f}]')

/** The engine has no decomposed form of its own: it is kept in mind until `encode('ascii')`, the reason people ask for it. */
function normalize(c: Call): Value {
  const self = c.self_('text')
  const form = c.choice('form', ['NFC', 'NFKC', 'NFD', 'NFKD'] as const)
  if (form === 'NFC') return remake(self, 'text', sql`nfc_normalize(${self.sql})`, self.nulls)
  if (form === 'NFKC')
    return c.refuse('la forma NFKC no se admite', 'usar NFC, o NFKD con `.str.encode`', 'form')
  return { ...self, held: 'decomposed' }
}

function encode(c: Call): Value {
  const held = c.self.t === 'column' || c.self.t === 'scalar' ? c.self.held : undefined
  const self = c.self_('text')
  const encoding = c.text('encoding').toLowerCase().replace('_', '-')
  if (encoding === 'ascii') {
    if (c.text('errors') !== 'ignore')
      return c.refuse('con letras que no son ASCII fallaría', "usar `errors='ignore'`", 'errors')
    const plain = held === 'decomposed' ? sql`strip_accents(${self.sql})` : self.sql
    return {
      ...remake(self, 'text', sql`regexp_replace(${plain}, ${ASCII_ONLY}, '', 'g')`, self.nulls),
      held: 'bytes',
    }
  }
  if (encoding !== 'utf-8' && encoding !== 'utf8')
    return c.refuse('solo se admiten `ascii` y `utf-8`', undefined, 'encoding')
  if (held === 'decomposed')
    return c.refuse("tras `normalize('NFKD')` va `.str.encode('ascii', errors='ignore')`")
  return { ...self, held: 'bytes' }
}

export const encodings: FunctionDef[] = [
  {
    name: 'normalize',
    on: 'texto',
    params: "form='NFC'",
    help: 'El texto en una forma Unicode; NFKD, para quitar tildes con `encode`.',
    example: "df['nombre'].str.normalize('NFC') == df['nombre']",
    call: normalize,
  },
  {
    name: 'encode',
    on: 'texto',
    params: "encoding='utf-8', errors='strict'",
    help: "Los bytes del texto: `.str.len()` los cuenta; en `ascii` con `errors='ignore'` se van las tildes.",
    example:
      "df['nombre'].str.normalize('NFKD').str.encode('ascii', errors='ignore').str.decode('utf-8') != ''",
    call: encode,
  },
  {
    name: 'decode',
    on: 'texto',
    params: "encoding='utf-8', errors='strict'",
    help: 'El texto de los bytes.',
    example: "df['nombre'].str.encode('ascii', errors='ignore').str.decode('utf-8').str.isalpha()",
    call: (c) => {
      const self = c.self
      if ((self.t !== 'column' && self.t !== 'scalar') || self.held !== 'bytes')
        return c.refuse('`decode` va tras `encode`')
      return { ...self, held: undefined }
    },
  },
]
