import type { YAMLError } from 'yaml'
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
      "Cierra con ' en la misma línea; una comilla dentro del texto se escribe ''.",
    )
  if (error.message.includes('closing "'))
    return say(
      'Falta la comilla doble que cierra el texto.',
      'Cierra con " en la misma línea; una comilla dentro del texto se escribe \\".',
    )
  if (error.message.includes('Comments must'))
    return say(
      'Falta un espacio antes del comentario (#).',
      'Escribe un espacio delante de #, o pon el texto entre comillas si # es parte de él.',
    )
  if (error.message.includes('Implicit map keys'))
    return say(
      'Falta `:` después de la clave.',
      'Escribe `clave: valor`, con un espacio después de los dos puntos.',
    )
  if (error.message.includes('Sequence item'))
    return say('Falta el guion de este elemento de la lista.', 'Cada elemento de una lista empieza con `- `.')
  if (error.message.includes('Missing , '))
    return say(
      'Falta una coma entre los elementos.',
      'Dentro de [ ] y { } los elementos se separan con comas.',
    )
  if (error.message.includes('Missing space after :'))
    return say('Falta un espacio después de `:`.', 'Escribe `clave: valor`.')
  return say('Falta un signo en este lugar.', 'Revisa comillas, comas, dos puntos y corchetes de esta línea.')
}

function indentation(error: YAMLError): Words {
  const hint = 'Alinea con espacios: las claves de un mismo nivel empiezan en la misma columna.'
  if (/end with a ([\]}])/.test(error.message)) {
    const close = /end with a ([\]}])/.exec(error.message)?.[1] ?? ']'
    return {
      code: 'YAML_SYNTAX',
      message: `Falta \`${close}\` que cierra, o su contenido está mal alineado.`,
      hint: `Cierra con \`${close}\` antes de pasar a la clave siguiente.`,
    }
  }
  return { code: 'YAML_INDENT', message: 'La sangría de esta línea no coincide con la de su nivel.', hint }
}

/** What the parser says, in words of a person who writes YAML by hand. */
function words(error: YAMLError, text: string): Words {
  const at = excerpt(text, error.pos)
  const syntax = (message: string, hint: string): Words => ({ code: 'YAML_SYNTAX', message, hint })
  switch (error.code) {
    case 'TAB_AS_INDENT':
      return {
        code: 'YAML_TAB',
        message: 'La sangría usa un tabulador; YAML solo acepta espacios.',
        hint: 'Cambia el tabulador por espacios (dos por nivel).',
      }
    case 'BAD_DQ_ESCAPE':
      return {
        code: 'YAML_ESCAPE',
        message: `\`${at.slice(0, 2)}\` no es un escape válido entre comillas dobles.`,
        hint: `Escribe la barra dos veces (\`\\${at.slice(0, 2)}\`), o usa comillas simples.`,
      }
    case 'BAD_INDENT':
    case 'BLOCK_IN_FLOW':
      return indentation(error)
    case 'MISSING_CHAR':
      return missing(error)
    case 'BAD_SCALAR_START':
      return syntax(
        `Un texto sin comillas no puede empezar con \`${at.slice(0, 1)}\`.`,
        `Ponlo entre comillas: "${at.slice(0, 1)}…".`,
      )
    case 'BLOCK_AS_IMPLICIT_KEY':
      return syntax(
        'Hay dos `:` en la misma línea.',
        'Pon el valor entre comillas, o baja la segunda clave a la línea siguiente con más sangría.',
      )
    case 'MULTILINE_IMPLICIT_KEY':
      return syntax(
        'Esta línea no tiene la forma `clave: valor`.',
        'Añade `:` después de la clave, o pon el texto entre comillas.',
      )
    case 'KEY_OVER_1024_CHARS':
      return syntax(
        'La clave mide más de 1,024 caracteres.',
        'Revisa si falta una comilla o un salto de línea.',
      )
    case 'BAD_ALIAS':
    case 'ALIAS_PROPS':
    case 'MULTIPLE_ANCHORS':
      return syntax(
        'La referencia (`*` o `&`) está mal escrita.',
        'Si `*` o `&` son parte del texto, ponlo entre comillas.',
      )
    case 'MULTIPLE_DOCS':
      return {
        code: 'YAML_MULTIPLE_DOCS',
        message: 'El archivo tiene más de un documento (`---`).',
        hint: 'Deja un solo SAGE YAML por archivo.',
      }
    case 'RESOURCE_EXHAUSTION':
      return {
        code: 'YAML_TOO_DEEP',
        message: 'El YAML anida demasiados niveles.',
        hint: 'Revisa los corchetes, las llaves y la sangría.',
      }
    case 'TAG_RESOLVE_FAILED':
    case 'BAD_COLLECTION_TYPE':
    case 'MULTIPLE_TAGS':
    case 'BAD_PROP_ORDER':
      return {
        code: 'YAML_TAG',
        message: 'La etiqueta (`!`) no se usa en un SAGE YAML y se ignora.',
        hint: 'Bórrala, o pon el texto entre comillas si `!` es parte de él.',
      }
    case 'BAD_DIRECTIVE':
      return syntax('La directiva (`%`) no es válida.', 'Borra la línea que empieza con `%`.')
    default:
      return syntax(
        `No se esperaba \`${at === '' ? 'el final' : at}\` en este lugar.`,
        'Revisa comillas, dos puntos, corchetes y sangría de esta línea y de la anterior.',
      )
  }
}

/** A parser error as a mistake of ours. A file that begins with a code fence says so, whatever the parser tripped on. */
export function syntaxMistake(error: YAMLError, text: string): Mistake {
  const range: Range = [error.pos[0], Math.max(error.pos[1], error.pos[0])]
  if (text.startsWith('```', range[0])) {
    return {
      code: 'YAML_FENCE',
      path: '',
      range: [range[0], range[0] + 3],
      message: 'El archivo contiene una marca de código (```), no solo YAML.',
      hint: 'Borra las líneas con ``` al principio y al final.',
    }
  }
  return { ...words(error, text), path: '', range }
}
