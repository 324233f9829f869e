import { type Document, visit, type YAMLError } from 'yaml'
import { clip } from './nearest'
import type { Mistake, Range } from './reporter'

interface Words {
  code: string
  message: string
  hint: string
}

/** Errors after which the rest of the tree still means what its author wrote. */
const MILD = new Set(['BAD_DQ_ESCAPE', 'TAG_RESOLVE_FAILED', 'BAD_ALIAS'])

export const isMild = (error: YAMLError): boolean => MILD.has(error.code)

const excerpt = (text: string, [from, to]: Range): string =>
  text.slice(from, Math.min(Math.max(to, from + 1), from + 20)).trim()

function missing(error: YAMLError): Words {
  const say = (message: string, hint: string): Words => ({ code: 'YAML_SYNTAX', message, hint })
  if (error.message.includes("closing '"))
    return say(
      'Falta la comilla simple que cierra el texto.',
      "Cerrar con ' en la misma línea; una comilla dentro del texto se escribe ''.",
    )
  if (error.message.includes('closing "'))
    return say(
      'Falta la comilla doble que cierra el texto.',
      'Cerrar con " en la misma línea; una comilla dentro del texto se escribe \\".',
    )
  if (error.message.includes('Comments must'))
    return say(
      'Falta un espacio antes del comentario (#).',
      'Escribir un espacio delante de #, o poner el texto entre comillas si # es parte de él.',
    )
  if (error.message.includes('Implicit map keys'))
    return say(
      'Falta `:` después de la clave.',
      'Escribir `clave: valor`, con un espacio después de los dos puntos.',
    )
  if (error.message.includes('Sequence item'))
    return say('Falta el guion de este elemento de la lista.', 'Cada elemento de una lista empieza con `- `.')
  if (error.message.includes('Missing , '))
    return say(
      'Falta una coma entre los elementos.',
      'Dentro de [ ] y { } los elementos se separan con comas.',
    )
  if (error.message.includes('Missing space after :'))
    return say('Falta un espacio después de `:`.', 'Escribir `clave: valor`.')
  return say(
    'Falta un signo en este lugar.',
    'Revisar comillas, comas, dos puntos y corchetes de esta línea.',
  )
}

function indentation(error: YAMLError): Words {
  const hint = 'Alinear con espacios: las claves de un mismo nivel empiezan en la misma columna.'
  if (/end with a ([\]}])/.test(error.message)) {
    const close = /end with a ([\]}])/.exec(error.message)?.[1] ?? ']'
    return {
      code: 'YAML_SYNTAX',
      message: `Falta \`${close}\` que cierra, o su contenido está mal alineado.`,
      hint: `Cerrar con \`${close}\` antes de pasar a la clave siguiente.`,
    }
  }
  return { code: 'YAML_INDENT', message: 'La sangría de esta línea no coincide con la de su nivel.', hint }
}

const syntax = (message: string, hint: string): Words => ({ code: 'YAML_SYNTAX', message, hint })

/** What the parser says, in words of a person who writes YAML by hand. `at`: the text there; `two`: its two characters. */
const WORDS: Readonly<Record<string, (at: string, two: string) => Words>> = {
  TAB_AS_INDENT: () => ({
    code: 'YAML_TAB',
    message: 'La sangría usa un tabulador; YAML solo acepta espacios.',
    hint: 'Cambiar el tabulador por espacios (dos por nivel).',
  }),
  BAD_DQ_ESCAPE: (_, two) => ({
    code: 'YAML_ESCAPE',
    message: `\`${two}\` no es un escape válido entre comillas dobles.`,
    hint: `Escribir la barra dos veces (\`\\${two}\`), o usar comillas simples.`,
  }),
  BAD_SCALAR_START: (at) =>
    syntax(
      `Un texto sin comillas no puede empezar con \`${at.slice(0, 1)}\`.`,
      `Ponerlo entre comillas: "${at.slice(0, 1)}…".`,
    ),
  BLOCK_AS_IMPLICIT_KEY: () =>
    syntax(
      'Hay dos `:` en la misma línea.',
      'Poner el valor entre comillas, o bajar la segunda clave a la línea siguiente con más sangría.',
    ),
  MULTILINE_IMPLICIT_KEY: () =>
    syntax(
      'Esta línea no tiene la forma `clave: valor`.',
      'Añadir `:` después de la clave, o poner el texto entre comillas.',
    ),
  KEY_OVER_1024_CHARS: () =>
    syntax('La clave mide más de 1,024 caracteres.', 'Revisar si falta una comilla o un salto de línea.'),
  BAD_ALIAS: () =>
    syntax(
      'La referencia (`*` o `&`) está mal escrita.',
      'Si `*` o `&` son parte del texto, ponerlo entre comillas.',
    ),
  MULTIPLE_DOCS: () => ({
    code: 'YAML_MULTIPLE_DOCS',
    message: 'El archivo tiene más de un documento (`---`).',
    hint: 'Dejar un solo SAGE YAML por archivo.',
  }),
  RESOURCE_EXHAUSTION: () => ({
    code: 'YAML_TOO_DEEP',
    message: 'El YAML anida demasiados niveles.',
    hint: 'Revisar los corchetes, las llaves y la sangría.',
  }),
  TAG_RESOLVE_FAILED: () => ({
    code: 'YAML_TAG',
    message: 'La etiqueta (`!`) no se usa en un SAGE YAML y se ignora.',
    hint: 'Borrarla, o poner el texto entre comillas si `!` es parte de él.',
  }),
  BAD_DIRECTIVE: () => syntax('La directiva (`%`) no es válida.', 'Borrar la línea que empieza con `%`.'),
}

/** Codes that read like another one. */
const LIKE: Readonly<Record<string, string>> = {
  ALIAS_PROPS: 'BAD_ALIAS',
  MULTIPLE_ANCHORS: 'BAD_ALIAS',
  BAD_COLLECTION_TYPE: 'TAG_RESOLVE_FAILED',
  MULTIPLE_TAGS: 'TAG_RESOLVE_FAILED',
  BAD_PROP_ORDER: 'TAG_RESOLVE_FAILED',
}

function words(error: YAMLError, text: string): Words {
  const at = excerpt(text, error.pos)
  if (error.code === 'BAD_INDENT' || error.code === 'BLOCK_IN_FLOW') return indentation(error)
  if (error.code === 'MISSING_CHAR') return missing(error)
  const say = WORDS[LIKE[error.code] ?? error.code]
  if (say !== undefined) return say(at, text.slice(error.pos[0], error.pos[0] + 2))
  const hint = 'Revisar comillas, dos puntos, corchetes y sangría de esta línea y de la anterior.'
  return syntax(`No se esperaba \`${at === '' ? 'el final' : clip(at, 20)}\` en este lugar.`, hint)
}

/** Where each quoted text begins, by where it ends; built once, only when a quote is missing. */
export class Quotes {
  private starts: Map<number, number> | null = null

  constructor(private readonly document: Document.Parsed) {}

  /** The opening quote of a text that never closes: the parser points at the end of the file, where nobody looks. */
  opening(end: number): number | undefined {
    if (this.starts === null) {
      const starts = new Map<number, number>()
      visit(this.document, {
        Scalar(_, node) {
          if (node.range && node.type?.startsWith('QUOTE')) starts.set(node.range[1], node.range[0])
        },
      })
      this.starts = starts
    }
    return this.starts.get(end)
  }
}

/** A parser error as a mistake of ours. A file that begins with a code fence says so, whatever the parser tripped on. */
export function syntaxMistake(error: YAMLError, text: string, quotes: Quotes): Mistake {
  const unclosed = /closing ['"]/.test(error.message) ? quotes.opening(error.pos[0]) : undefined
  const start = unclosed ?? error.pos[0]
  const range: Range = [start, Math.max(error.pos[1], start)]
  if (text.startsWith('```', start)) {
    const hint = 'Borrar las líneas con ``` al principio y al final.'
    const message = 'El archivo contiene una marca de código (```), no solo YAML.'
    return { code: 'YAML_FENCE', path: '', range: [start, start + 3], message, hint }
  }
  return { ...words(error, text), path: '', range }
}
