import type { Call } from '../../call'
import { toText } from '../../plan/convert'
import { arithmetic, asDouble, constant } from '../../plan/operators'
import { type Sql, sql, text } from '../../plan/sql'
import { isNumeric, kindName, type Operand, remake, type Value } from '../../plan/values'
import type { FunctionDef } from '../../registry'

const SPEC =
  /^(?:(?<fill>.)?(?<align>[<>^]))?(?<zero>0)?(?<width>\d{1,3})?(?:\.(?<digits>\d{1,2}))?(?<type>[dfs])?$/su

/** A value written with a format (`.2f`, `05d`, `>10`): the part of Python's mini-language that data rules use. */
function formatted(c: Call, x: Operand, spec: string): Operand {
  const found = SPEC.exec(spec)?.groups
  if (!found) return c.refuse(`el formato \`${spec}\` no se admite`, 'se admiten `.2f`, `05d`, `>10`...')
  const { fill, align, zero, width, digits, type } = found
  const out = written(c, x, type, digits)
  if (width === undefined) return out
  const size = Number(width)
  const pad = text(zero && !align ? '0' : (fill ?? ' '))
  const side = align ?? (isNumeric(x.kind) ? '>' : '<')
  return remake(out, 'text', padded(out.sql, size, pad, zero !== undefined && !align ? '=' : side), out.nulls)
}

function written(c: Call, x: Operand, type: string | undefined, digits: string | undefined): Operand {
  if (type === 'f' || (digits !== undefined && type === undefined && x.kind === 'float')) {
    if (!isNumeric(x.kind)) return c.refuse(`no se puede escribir ${kindName(x.kind)} con decimales`)
    const pattern = `%.${Number(digits ?? '6')}f`
    return remake(x, 'text', sql`coalesce(printf(${text(pattern)}, ${asDouble(x)}), 'nan')`, 'none')
  }
  if (type === 'd' && x.kind !== 'int') return c.refuse(`\`d\` escribe un entero, no ${kindName(x.kind)}`)
  return toText(x)
}

function padded(x: Sql, size: number, pad: Sql, side: string): Sql {
  const missing = sql`greatest(${size} - length(${x}), 0)`
  if (side === '<') return sql`(${x} || repeat(${pad}, ${missing}))`
  if (side === '^')
    return sql`(repeat(${pad}, ${missing} // 2) || ${x} || repeat(${pad}, ${missing} - ${missing} // 2))`
  if (side === '=')
    return sql`CASE WHEN left(${x}, 1) = '-' THEN '-' || repeat(${pad}, ${missing}) || substring(${x}, 2) ELSE repeat(${pad}, ${missing}) || ${x} END`
  return sql`(repeat(${pad}, ${missing}) || ${x})`
}

/** `'{}-{:.2f}'.format(a, b)`: the pieces of the template and the values, put together. */
function fillTemplate(c: Call): Value {
  const self = c.self_('text')
  if (self.t !== 'scalar' || typeof self.konst !== 'string')
    return c.refuse('`format` se aplica a un texto escrito en la regla')
  let out: Operand = constant('')
  let next = 0
  let from = 0
  const add = (piece: Operand): void => {
    out = arithmetic('+', out, piece, c.span)
  }
  for (const match of self.konst.matchAll(/\{\{|\}\}|\{(\d*)(?::([^{}]*))?\}/g)) {
    add(constant(self.konst.slice(from, match.index)))
    from = match.index + match[0].length
    if (match[0] === '{{' || match[0] === '}}') {
      add(constant(match[0].slice(1)))
      continue
    }
    const at = match[1] ? Number(match[1]) : next++
    const value = c.rest[at]?.value
    if (!value) return c.refuse('al texto le faltan valores', 'uno por cada `{}`')
    add(formatted(c, c.compiler.asOperand(value, c.span), match[2] ?? ''))
  }
  add(constant(self.konst.slice(from)))
  return out
}

export const format: FunctionDef[] = [
  {
    name: 'format',
    on: 'python',
    params: "x, spec=''",
    help: 'El valor escrito con un formato: `.2f`, `05d`, `>10`. También en textos f"{x:.2f}".',
    example: "df['precio'].apply(lambda x: len(format(x, '.2f')) <= 8)",
    call: (c) => formatted(c, c.operand('x'), c.text('spec')),
  },
  {
    name: 'format',
    on: 'texto',
    params: '*values',
    help: 'Los valores en los huecos del texto.',
    example: "df['precio'].map('{:.2f}'.format).str.len() <= 8",
    call: fillTemplate,
  },
]
