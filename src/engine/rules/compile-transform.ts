import type { FieldType } from '@shared/model/schema'
import { guarded, prepare } from './compile-rule'
import { strictBool } from './plan/operators'
import type { Sql } from './plan/sql'
import { isOperand, type Kind, kindName, type Operand } from './plan/values'
import { fail, type Span } from './problem'
import { parseExpression } from './syntax/parse'
import type { FrameSpec, TransformResult } from './types'

const TYPES: Partial<Record<Kind, FieldType>> = {
  text: 'texto',
  int: 'entero',
  float: 'decimal',
  date: 'fecha',
  bool: 'booleano',
  null: 'texto',
}

/**
 * Compiles the value of a business rule (`set`, `filter`): a column over the rows of one frame, as SQL over its columns.
 * Gives the SQL, its type and the positions of the columns it reads.
 */
export function compileTransformValue(expression: string, frame: FrameSpec, now?: Date): TransformResult {
  return guarded(expression, () => {
    const node = parseExpression(expression)
    const setup = prepare({ level: 'row', frames: [frame], ...(now ? { now } : {}) })
    const value = setup.compiler.evaluate(node)
    if (!isOperand(value)) return fail('RESULT', 'la expresión debe dar una columna o un valor', node)
    const type = TYPES[value.kind]
    if (!type)
      return fail(
        'RESULT',
        `la expresión da ${kindName(value.kind)}, que no es un tipo de campo`,
        node,
        'convertirla con `.dt.days`, `.str[0]`...',
      )
    const base = [...setup.bases.keys()][0]
    if (!base || (value.t === 'column' && value.universe !== base))
      return fail('RESULT', 'la expresión debe dar un valor por registro', node)
    if (value.t === 'column' && value.filter)
      return fail(
        'RESULT',
        'la expresión no da un valor en todos los registros',
        node,
        'usar `np.where(...)`',
      )
    const names = setup.compiler.reads.get(base) ?? new Set<string>()
    const reads = [...names]
      .map((name) => Number(name.slice(1)))
      .filter((at) => Number.isInteger(at))
      .sort((a, b) => a - b)
    return { ok: true as const, sql: inline(value, node), type, reads }
  })
}

/** Lifted windows and aggregates written back in place (as OVER clauses): a transformation runs over one select. */
function inline(value: Operand, node: Span): string {
  const piece = value.kind === 'bool' ? strictBool(value) : value.sql
  const text = write(piece, node, false)
  const type = CASTS[value.kind]
  return type === undefined ? text : `TRY_CAST(${text} AS ${type})`
}

const CASTS: Partial<Record<Kind, string>> = {
  int: 'BIGINT',
  float: 'DOUBLE',
  text: 'VARCHAR',
  null: 'VARCHAR',
}

function write(piece: Sql, node: Span, inWindow: boolean): string {
  return piece.parts
    .map((part) => {
      if (typeof part === 'string') return part
      if (part.tag === 'col' && part.depth === 0) return part.name
      if (inWindow || part.tag === 'query') {
        return fail(
          'UNSUPPORTED',
          'una transformación no admite funciones de ventana encadenadas ni otras tablas',
          node,
          'hacerlo en dos pasos: dos `set` seguidos',
        )
      }
      if (part.tag === 'agg') {
        const filter = part.filter ? ` FILTER (WHERE ${write(part.filter, node, true)})` : ''
        return `(${write(part.call, node, true)}${filter} OVER ())`
      }
      const lift = part.universe.lifts.find((one) => one.name === part.name)
      if (!lift || lift.join)
        return fail('UNSUPPORTED', 'una transformación no puede buscar en otra tabla', node)
      return `(${write(lift.expression, node, true)})`
    })
    .join('')
}
