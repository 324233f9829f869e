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

/** The holes of a template: where they are, which value they take (by turn, when null) and its format; a mark of itself has none. */
interface Hole {
  from: number
  to: number
  at: number | null
  spec: string
  mark?: string
}

function bracesOf(template: string): Hole[] {
  return [...template.matchAll(/\{\{|\}\}|\{(\d*)(?::([^{}]*))?\}/g)].map((match) => {
    const place = { from: match.index, to: match.index + match[0].length, spec: match[2] ?? '' }
    if (match[0] === '{{' || match[0] === '}}') return { ...place, at: null, mark: match[0].slice(1) }
    return { ...place, at: match[1] ? Number(match[1]) : null }
  })
}

function percentsOf(template: string): Hole[] {
  return [...template.matchAll(/%%|%(-?)(0?)(\d*)(\.\d+)?([sdf])/g)].map((match) => {
    const [whole, minus, zero, width, digits = '', type = 's'] = match
    const place = { from: match.index, to: match.index + whole.length, at: null }
    if (whole === '%%') return { ...place, spec: '', mark: '%' }
    const side = width && !zero ? (minus ? '<' : '>') : ''
    return { ...place, spec: `${side}${zero}${width}${digits}${type === 's' ? '' : type}` }
  })
}

/** `'{}-{:.2f}'.format(a, b)` and `'%s-%.2f' % (a, b)`: the pieces of the template and the values, put together. */
function fillTemplate(c: Call, holes: (template: string) => Hole[]): Value {
  const self = c.self_('text')
  if (self.t !== 'scalar' || typeof self.konst !== 'string')
    return c.refuse('el formato se aplica a un texto escrito en la regla')
  let out: Operand = constant('')
  let [next, from] = [0, 0]
  const add = (piece: Operand): void => {
    out = arithmetic('+', out, piece, c.span)
  }
  for (const hole of holes(self.konst)) {
    add(constant(self.konst.slice(from, hole.from)))
    from = hole.to
    if (hole.mark !== undefined) {
      add(constant(hole.mark))
      continue
    }
    const value = c.rest[hole.at ?? next++]?.value
    if (!value) return c.refuse('al texto le faltan valores', 'uno por cada hueco')
    add(formatted(c, c.compiler.asOperand(value, c.span), hole.spec))
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
    call: (c) => fillTemplate(c, bracesOf),
  },
  {
    name: '__%',
    on: 'texto',
    params: '*values',
    help: 'Los valores en los huecos `%s`, `%d`, `%.2f` del texto.',
    example: "df['precio'].apply(lambda x: len('%.2f' % x) <= 8)",
    call: (c) => fillTemplate(c, percentsOf),
  },
]
