interface Words {
  message: string
  hint?: string
}

const quoted = (names: string): string => names.replaceAll(/"([^"]*)"/g, '«$1»')

/** Of the engine itself: nobody means one of these. */
const OWN_TABLE = /^(pg_|sqlite_|duckdb_|information_schema|_sage_)/

/** What DuckDB says of the mistakes that people make most, and how it is said here. The first that matches. */
const KNOWN: [RegExp, (found: RegExpExecArray) => Words][] = [
  [
    /Parser Error: syntax error at end of input/,
    () => ({
      message: 'La consulta está incompleta.',
      hint: 'Falta algo al final, como cerrar un paréntesis.',
    }),
  ],
  [
    /Parser Error: syntax error at or near "([\s\S]*?)"$/m,
    ([, near]) => ({ message: `La consulta no se entiende cerca de «${near}».` }),
  ],
  [
    /Parser Error: SELECT clause without selection list/,
    () => ({ message: 'SELECT no dice qué columnas.', hint: 'Nombrarlas, o poner * para todas.' }),
  ],
  [
    /Parser Error: unterminated quoted (identifier|string)/,
    ([, what]) => ({
      message: what === 'string' ? 'Un texto queda sin cerrar.' : 'Un nombre queda sin cerrar.',
      hint: what === 'string' ? 'Cerrarlo con una comilla simple.' : 'Cerrarlo con comillas dobles.',
    }),
  ],
  [
    /Table with name "?(.+?)"? does not exist(?:!\nDid you mean "(.+?)"\?)?/,
    ([, table, near]) => ({
      message: `No existe la tabla «${table}».`,
      ...(near && !OWN_TABLE.test(near) ? { hint: `Quizá sea «${near}».` } : {}),
    }),
  ],
  [
    /Referenced column "(.+?)" not found(?:[^\n]*\nCandidate bindings: ([^\n]+))?/,
    ([, column, near]) => ({
      message: `No existe la columna «${column}».`,
      ...(near ? { hint: `Quizá sea ${quoted(near)}. Un texto va entre comillas simples.` } : {}),
    }),
  ],
  [
    /Referenced table "(.+?)" not found(?:!\nCandidate tables: ([^\n]+))?/,
    ([, table, near]) => ({
      message: `La consulta no tiene ninguna tabla «${table}» en FROM.`,
      ...(near ? { hint: `Quizá sea ${quoted(near)}.` } : {}),
    }),
  ],
  [
    /Function with name (.+?) does not exist(?:!\nDid you mean "(.+?)"\?)?/,
    ([, name, near]) => ({
      message: `No existe la función «${name}».`,
      ...(near ? { hint: `Quizá sea «${near}».` } : {}),
    }),
  ],
  [
    /column "(.+?)" must appear in the GROUP BY clause/,
    ([, column]) => ({
      message: `«${column}» no está en GROUP BY ni dentro de una función que agrupe.`,
      hint: `Agregarla a GROUP BY, o usar una función como max o any_value.`,
    }),
  ],
  [
    /Ambiguous reference to column name "(.+?)" \(use: (.+?)\)/,
    ([, column, near]) => ({
      message: `«${column}» está en más de una tabla.`,
      hint: `Decir de cuál: ${quoted(near ?? '').replace(' or ', ' o ')}.`,
    }),
  ],
  [
    /No function matches the given name and argument types '(.+?)'/,
    ([, call]) => ({
      message: `Ninguna función acepta esos argumentos: ${call}.`,
      hint: 'Convertirlos antes con CAST, por ejemplo CAST(columna AS DOUBLE).',
    }),
  ],
  [
    /Conversion Error: Could not convert string '([\s\S]*?)' to (\w+)/,
    ([, value, type]) => ({
      message: `«${value}» no se puede convertir a ${type}.`,
      hint: 'Usar TRY_CAST para que lo que no se pueda quede vacío.',
    }),
  ],
]

const POINTER = /\n+LINE \d+: [\s\S]*$/
const PREFIX = /^(?:Failed to [a-z ]+: )/

/**
 * What DuckDB says of a statement, for the person who wrote it: the cause, and what to do where that is known. Its pointer to the place
 * (`LINE 1: …` and a caret) stays at the end, for who shows the statement. What is not known is told as DuckDB tells it.
 */
export function inWords(text: string): Words {
  const pointer = POINTER.exec(text)?.[0] ?? ''
  const said = text.slice(0, text.length - pointer.length).replace(PREFIX, '')
  for (const [pattern, words] of KNOWN) {
    const found = pattern.exec(said)
    if (found === null) continue
    const { message, hint } = words(found)
    return { message: `${message}${pointer}`, ...(hint === undefined ? {} : { hint }) }
  }
  return { message: `${said}${pointer}` }
}
