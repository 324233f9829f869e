import type { Call } from '../../call'
import { baseColumn } from '../../plan/frames'
import { asDouble, strictBool } from '../../plan/operators'
import { col, depthOf, double, type Sql, sql, text } from '../../plan/sql'
import { Universe } from '../../plan/universe'
import { type Column, isNumeric, remake, type Value } from '../../plan/values'
import type { FunctionDef } from '../../registry'

const plain = (x: Column): Sql => (x.kind === 'bool' && x.nulls === 'false' ? strictBool(x) : x.sql)

/** Columns one below another, of one table or of several. */
function concat(c: Call): Value {
  const given = c.require('objs')
  const items = given.t === 'list' ? given.items : [given]
  const columns = items.map((item) =>
    item.t === 'column'
      ? item
      : c.refuse('`pd.concat` une columnas del mismo tipo', "`pd.concat([df['a'], df['b']])`", 'objs'),
  )
  const first = columns[0]
  if (!first) return c.refuse('no hay columnas que unir', undefined, 'objs')
  const float = columns.some((one) => one.kind === 'float')
  const kind = float ? 'float' : first.kind
  if (columns.some((one) => one.kind !== kind && !(float && isNumeric(one.kind))))
    return c.refuse('las columnas son de tipos distintos', 'convertirlas con `.astype(str)`', 'objs')
  const universe = Universe.derived((r) =>
    columns
      .map((column, i) => {
        const value = r.text(float ? asDouble(column) : plain(column))
        const order = column.universe.order[0]
        const where = column.filter ? ` WHERE ${r.text(column.filter)}` : ''
        const depth = depthOf(column.universe, [column.sql, column.filter, order ?? null])
        return `SELECT ${i} AS p, ${order ? r.text(order) : '0'} AS o, ${value} AS v FROM ${r.from(column.universe, depth)}${where}`
      })
      .join(' UNION ALL '),
  )
  universe.order = [sql`(${col(universe, 'p')} * 1000000000000 + ${col(universe, 'o')})`]
  return {
    ...baseColumn(universe, kind, col(universe, 'v'), first.name),
    infinite: columns.some((one) => one.infinite ?? false),
  }
}

/** Each number by the range it falls in: `(a, b]`, or `[a, b)` with right=False; null outside all of them. */
function cut(c: Call): Value {
  const self = c.operand('x')
  if (!isNumeric(self.kind)) return c.refuse('`pd.cut` reparte números', undefined, 'x')
  const bins = c.require('bins')
  const edges = (bins.t === 'list' ? bins.items : []).map((item) =>
    item.t === 'scalar' && typeof item.konst === 'number'
      ? item.konst
      : c.refuse('los límites van escritos', undefined, 'bins'),
  )
  if (edges.length < 2) return c.refuse('hacen falta dos límites o más', '`bins=[0, 10, 50]`', 'bins')
  const [right, lowest] = [c.flag('right'), c.flag('include_lowest')]
  const labels = c.value('labels')
  const numbered = labels?.t === 'scalar' && labels.konst === false
  const written =
    labels?.t === 'list' ? labels.items.map((item) => c.compiler.asOperand(item, c.where('labels'))) : null
  if (written && written.length !== edges.length - 1)
    return c.refuse(`hacen falta ${edges.length - 1} etiquetas`, undefined, 'labels')
  const x = asDouble(self)
  let piece = sql``
  edges.slice(1).forEach((high, i) => {
    const low = edges[i] ?? 0
    const above = right && !(lowest && i === 0) ? sql`${x} > ${double(low)}` : sql`${x} >= ${double(low)}`
    const below = right ? sql`${x} <= ${double(high)}` : sql`${x} < ${double(high)}`
    const name = right ? `(${low}, ${high}]` : `[${low}, ${high})`
    const value = numbered ? sql`${i}` : (written?.[i]?.sql ?? text(name))
    piece = sql`${piece} WHEN ${above} AND ${below} THEN ${value}`
  })
  return remake(self, numbered ? 'int' : (written?.[0]?.kind ?? 'text'), sql`CASE${piece} END`)
}

export const series: FunctionDef[] = [
  {
    name: 'concat',
    on: 'pd',
    params: 'objs, ignore_index=False, axis=0',
    help: 'Columnas una debajo de otra.',
    example: "pd.concat([df['ventas']['cliente'], df['pagos']['cliente']]).nunique() > 10",
    call: (c) =>
      c.konst('axis') === 0 ? concat(c) : c.refuse('solo se unen una debajo de otra', undefined, 'axis'),
  },
  {
    name: 'cut',
    on: 'pd',
    params: 'x, bins, right=True, labels=None, include_lowest=False',
    help: 'El tramo en que cae cada número.',
    example: "pd.cut(df['edad'], bins=[0, 18, 65, 120], labels=['menor', 'adulto', 'mayor']) != 'menor'",
    call: cut,
  },
  {
    name: 'unique',
    on: 'pd',
    params: 'values',
    help: 'Los valores distintos.',
    example: "len(pd.unique(df['estado'])) <= 4",
    call: (c) => c.compiler.call(c.compiler.attribute(c.require('values'), 'unique', c.span), [], c.span),
  },
  {
    name: 'size',
    on: 'conjunto',
    params: '',
    property: true,
    help: 'Cuántos valores hay.',
    example: "np.setdiff1d(df['estado'].dropna(), ['A', 'B']).size == 0",
    call: (c) =>
      c.compiler.call(
        { t: 'function', on: 'python', name: 'len', self: null },
        [{ name: null, given: { value: c.self, span: c.span } }],
        c.span,
      ),
  },
]
