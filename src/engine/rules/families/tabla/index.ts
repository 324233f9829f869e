import type { Call } from '../../call'
import { rowNumber, sliceRows } from '../../plan/access'
import { columnNames, keepRows, subFrame } from '../../plan/frames'
import { compare, constant, strictBool } from '../../plan/operators'
import { sql } from '../../plan/sql'
import { type Column, derive, describeValue, type Frame, isOperand, type Value } from '../../plan/values'
import { RuleError } from '../../problem'
import type { Family, FunctionDef } from '../../registry'
import { parseExpression } from '../../syntax/parse'
import { duplicated } from '../columna/membership'
import { MERGE_PARAMS, mergeFrames } from './merge'
import { rowCount } from './shape'

function frameOf(c: Call): Frame {
  return c.self.t === 'frame' ? c.self : c.refuse('se esperaba una tabla')
}

const property = (
  name: string,
  on: string,
  help: string,
  example: string,
  call: (c: Call) => Value,
): FunctionDef => ({ name, on, params: '', property: true, help, example, call })

const method = (
  name: string,
  params: string,
  help: string,
  example: string,
  call: (c: Call) => Value,
): FunctionDef => ({ name, on: 'df', params, help, example, call })

/** The expression inside `query` and `eval`: column names are names, and `&`, `|`, `~` bind like `and`, `or`, `not`. */
function inner(c: Call, frame: Frame): Value {
  const written = c.text('expr')
  const loose = written.replace(
    /'[^']*'|"[^"]*"|`[^`]*`|[&|~]/g,
    (piece) => ({ '&': ' and ', '|': ' or ', '~': ' not ' })[piece] ?? piece,
  )
  const names: string[] = []
  // A name between accents graves is a column whose name is not an identifier.
  const source = loose.replace(/`([^`]*)`/g, (_whole, name: string) => `_col${names.push(name) - 1}`)
  const scope = new Map<string, Value>()
  for (const name of frame.columns.keys())
    if (new RegExp(`(?<![\\w])${name.replace(/[^\w]/g, '\\$&')}(?![\\w])`, 'u').test(loose))
      scope.set(name, c.compiler.columnOf(frame, name, c.where('expr')))
  names.forEach((name, i) => {
    scope.set(`_col${i}`, c.compiler.columnOf(frame, name, c.where('expr')))
  })
  try {
    return c.compiler.evaluate(parseExpression(source), scope)
  } catch (error) {
    // Places inside the text are places of another text: the argument as a whole is named.
    if (error instanceof RuleError) return c.refuse(error.message, error.hint, 'expr')
    throw error
  }
}

/** The columns named, or all. */
function chosen(c: Call, frame: Frame, argument: string): Column[] {
  const value = c.value(argument)
  if (!value || (value.t === 'scalar' && value.kind === 'null')) return c.compiler.columnsOf(frame, c.span)
  return columnNames(value, c.where(argument)).map((name) =>
    c.compiler.columnOf(frame, name, c.where(argument)),
  )
}

function apply(c: Call): Value {
  const frame = frameOf(c)
  const fn = c.require('func')
  const axis = c.konst('axis')
  if (axis === 1 || axis === 'columns') return byRow(c, frame, fn)
  const columns = new Map(frame.columns)
  for (const column of c.compiler.columnsOf(frame, c.span)) {
    const value = c.compiler.apply(fn, [column], c.where('func'))
    if (value.t !== 'column') {
      if (value.t === 'scalar') return perColumn(c, frame, fn)
      return c.refuse(`la función da ${describeValue(value)}`, undefined, 'func')
    }
    columns.set(column.name ?? '', value)
  }
  return { ...frame, columns }
}

function perColumn(c: Call, frame: Frame, fn: Value): Value {
  const entries = new Map()
  for (const column of c.compiler.columnsOf(frame, c.span)) {
    const value = c.compiler.apply(fn, [column], c.where('func'))
    if (value.t === 'scalar') entries.set(column.name ?? '', value)
  }
  return { t: 'vector', entries }
}

function byRow(c: Call, frame: Frame, fn: Value): Value {
  const value = c.compiler.apply(fn, [{ ...frame, elem: true }], c.where('func'))
  if (!isOperand(value))
    return c.refuse(`la función da ${describeValue(value)}`, 'debe dar un valor por registro', 'func')
  if (value.t === 'column') return { ...value, elem: frame.elem }
  const any = [...frame.columns.values()][0]
  if (!any) return value
  return {
    ...derive({ ...any, filter: frame.filter, index: frame.index }, value.kind, value.sql, value.nulls),
    elem: false,
    name: undefined,
  }
}

function setIndex(c: Call): Value {
  const frame = frameOf(c)
  const names = columnNames(c.require('keys'), c.where('keys'))
  const keys = names.map((name) => c.compiler.columnOf(frame, name, c.where('keys')))
  for (const key of keys) frame.universe.labelled(key.sql, key.kind)
  const columns = new Map(frame.columns)
  if (c.flag('drop')) for (const name of names) columns.delete(name)
  return { ...frame, columns, index: keys.map((key) => key.sql), indexNames: names }
}

function dropna(c: Call): Value {
  const frame = frameOf(c)
  const columns = chosen(c, frame, 'subset')
  const all = c.choice('how', ['any', 'all'] as const) === 'all'
  const tests = columns.map((column) =>
    column.nulls === 'null' ? sql`${column.sql} IS NOT NULL` : sql`TRUE`,
  )
  const first = tests[0]
  if (!first) return frame
  return keepRows(
    frame,
    tests.slice(1).reduce((out, one) => (all ? sql`${out} OR ${one}` : sql`${out} AND ${one}`), first),
  )
}

function dropDuplicates(c: Call): Value {
  const frame = frameOf(c)
  return keepRows(frame, sql`NOT ${duplicated(c, chosen(c, frame, 'subset')).sql}`)
}

function drop(c: Call): Value {
  const frame = frameOf(c)
  const given = c.has('columns') ? 'columns' : 'labels'
  if (given === 'labels' && c.konst('axis') !== 1 && c.konst('axis') !== 'columns')
    return c.refuse('solo se quitan columnas', "usar `drop(columns=['a'])`")
  const columns = new Map(frame.columns)
  for (const name of columnNames(c.require(given), c.where(given))) {
    c.compiler.columnOf(frame, name, c.where(given))
    columns.delete(name)
  }
  return { ...frame, columns }
}

function rename(c: Call): Value {
  const frame = frameOf(c)
  const names = c.require('columns')
  if (names.t !== 'dict')
    return c.refuse("las columnas se renombran con un diccionario: `{'a': 'b'}`", undefined, 'columns')
  const columns = new Map<string, Column>()
  for (const [name, column] of frame.columns) {
    const entry = names.entries.find((one) => one.key.konst === name)
    const to = entry?.value.t === 'scalar' && typeof entry.value.konst === 'string' ? entry.value.konst : name
    columns.set(to, { ...column, name: to })
  }
  return { ...frame, columns }
}

function resetIndex(c: Call): Value {
  const self = c.self
  if (self.t === 'frame') return restoreIndex(self, c.flag('drop'))
  const column = c.column()
  if (c.flag('drop') || !column.index) return { ...column, index: null }
  const names = column.index.map((_, i) => (column.index && column.index.length > 1 ? `level_${i}` : 'index'))
  const frame: Frame = {
    t: 'frame',
    universe: column.universe,
    columns: new Map([[column.name ?? '0', column]]),
    filter: column.filter,
    index: column.index,
    indexNames: c.compiler.indexNames.get(column.universe) ?? names,
    elem: false,
    partition: null,
    catalog: null,
  }
  return restoreIndex(frame, false)
}

/** Brings the keys back as columns. */
function restoreIndex(frame: Frame, forget: boolean): Frame {
  if (forget || !frame.index) return { ...frame, index: null, indexNames: [] }
  const columns = new Map<string, Column>()
  const any = [...frame.columns.values()][0]
  frame.index.forEach((piece, i) => {
    const name = frame.indexNames[i] ?? `level_${i}`
    const kind = frame.universe.labelKind(frame.index ?? [], i) ?? 'text'
    if (any) columns.set(name, { ...any, kind, sql: piece, nulls: 'null', index: null, name })
  })
  for (const [name, column] of frame.columns) columns.set(name, { ...column, index: null })
  return { ...frame, columns, index: null, indexNames: [] }
}

const functions: FunctionDef[] = [
  property('columns', 'df', 'Los nombres de las columnas.', 'len(df.columns) == 24', (c) => ({
    t: 'list',
    flavour: 'list',
    items: [...frameOf(c).columns.keys()].map((name) => constant(name)),
  })),
  property('shape', 'df', 'Cantidad de registros y de columnas.', 'df.shape[0] > 0', (c) => ({
    t: 'list',
    flavour: 'tuple',
    items: [rowCount(frameOf(c)), constant(frameOf(c).columns.size)],
  })),
  property('size', 'df', 'Registros por columnas.', 'df.size > 0', (c) => {
    const count = rowCount(frameOf(c))
    return { ...count, sql: sql`(${count.sql} * ${frameOf(c).columns.size})` }
  }),
  property('empty', 'df', 'Verdadero si no hay registros.', 'not df.empty', (c) =>
    compare('==', rowCount(frameOf(c)), constant(0), c.span),
  ),
  property('shape', 'columna', 'Cantidad de registros.', "df['total'].shape[0] > 0", (c) => ({
    t: 'list',
    flavour: 'tuple',
    items: [rowCount(c.column())],
  })),
  property('size', 'columna', 'Cantidad de registros, con nulos.', "df['total'].size == len(df)", (c) =>
    rowCount(c.column()),
  ),
  property('empty', 'columna', 'Verdadero si no hay registros.', "not df['total'].empty", (c) =>
    compare('==', rowCount(c.column()), constant(0), c.span),
  ),
  property('index', 'df', 'Las etiquetas de los registros.', 'len(df.index) > 0', (c) =>
    indexOf(c, frameOf(c)),
  ),
  property(
    'index',
    'columna',
    'Las etiquetas: la clave de un groupby o de value_counts.',
    "df['estado'].value_counts().index.isin(['A', 'B']).all()",
    (c) => indexOf(c, c.column()),
  ),
  property(
    'loc',
    'df',
    'Filas por condición o etiqueta, y columna.',
    "df.loc[df['estado'] == 'PAGADO', 'total'].sum() > 0",
    (c) => ({ t: 'accessor', kind: 'loc', of: frameOf(c) }),
  ),
  property('at', 'df', 'Un valor por etiqueta y columna.', "df.at[0, 'total'] > 0", (c) => ({
    t: 'accessor',
    kind: 'loc',
    of: frameOf(c),
  })),
  property('iloc', 'df', 'Filas por posición.', "df.iloc[0]['total'] > 0", (c) => ({
    t: 'accessor',
    kind: 'iloc',
    of: frameOf(c),
  })),
  method(
    'apply',
    'func, axis=0, result_type=None',
    'Aplica una función a cada registro (axis=1) o a cada columna.',
    "df.apply(lambda r: r['total'] <= r['cantidad'] * r['precio'], axis=1)",
    apply,
  ),
  method('agg', 'func, axis=0', 'Un agregado por nombre.', "df[['a', 'b']].agg('sum')['a'] > 0", (c) =>
    c.compiler.call(
      c.compiler.attribute(c.self, c.text('func'), c.span),
      c.konst('axis') === 1 ? [{ name: 'axis', given: { value: constant(1), span: c.span } }] : [],
      c.span,
    ),
  ),
  method(
    'set_index',
    'keys, drop=True',
    'Usa una columna como clave, para buscar por ella.',
    "df['ventas']['producto'].map(df['productos'].set_index('codigo')['precio'])",
    setIndex,
  ),
  method(
    'reset_index',
    'drop=False',
    'La clave vuelve a ser columna.',
    "df.groupby('cliente')['total'].sum().reset_index()['total'].max() < 9000",
    resetIndex,
  ),
  {
    ...method(
      'reset_index',
      'drop=False',
      'La clave vuelve a ser columna.',
      "df['total'].reset_index(drop=True).sum() > 0",
      resetIndex,
    ),
    on: 'columna',
  },
  method(
    'merge',
    MERGE_PARAMS,
    'Une con otra tabla por su clave.',
    "df['ventas'].merge(df['clientes'], on='cliente_id', how='left')['estatus'].isin(['A', 'T'])",
    (c) => mergeFrames(c, frameOf(c)),
  ),
  method(
    'join',
    "right, on=None, how='left', lsuffix='', rsuffix=''",
    'Une con una tabla por la clave de esta (`set_index`).',
    "df['ventas'].join(df['clientes'].set_index('cliente_id'), on='cliente_id')['estatus'].notna()",
    (c) => mergeFrames(c, frameOf(c)),
  ),
  method(
    'query',
    'expr',
    'Los registros que cumplen una condición escrita como texto.',
    "len(df.query('total > 1000')) < 50",
    (c) => {
      const test = inner(c, frameOf(c))
      return test.t === 'column' && test.kind === 'bool'
        ? keepRows(frameOf(c), strictBool(test))
        : c.refuse('la condición debe dar verdadero o falso', undefined, 'expr')
    },
  ),
  method(
    'eval',
    'expr',
    'Una expresión escrita como texto, con los nombres de las columnas.',
    "df.eval('total <= cantidad * precio')",
    (c) => inner(c, frameOf(c)),
  ),
  method(
    'dropna',
    "subset=None, how='any', axis=0",
    'Solo los registros con valor en esas columnas.',
    "df.dropna(subset=['email'])['email'].str.contains('@')",
    dropna,
  ),
  method(
    'duplicated',
    "subset=None, keep='first'",
    'Verdadero en cada registro repetido.',
    "~df.duplicated(subset=['documento', 'item'])",
    (c) => duplicated(c, chosen(c, frameOf(c), 'subset')),
  ),
  method(
    'drop_duplicates',
    "subset=None, keep='first'",
    'Sin los registros repetidos.',
    "len(df.drop_duplicates(subset=['venta_id'])) == len(df)",
    dropDuplicates,
  ),
  method(
    'drop',
    'labels=None, axis=0, columns=None',
    'Sin esas columnas.',
    "df.drop(columns=['notas']).notna().all(axis=1)",
    drop,
  ),
  method(
    'rename',
    'columns',
    'Con otros nombres de columna.',
    "df.rename(columns={'codigo': 'id'})['id'].notna()",
    rename,
  ),
  method('filter', 'items', 'Solo esas columnas.', "df.filter(items=['a', 'b']).notna().all(axis=1)", (c) =>
    subFrame(c.compiler, frameOf(c), columnNames(c.require('items'), c.where('items')), c.span),
  ),
  method(
    'isin',
    'values',
    'Verdadero donde el valor está en la lista.',
    "df[['a', 'b']].isin([0, 1]).all(axis=1)",
    (c) => {
      const frame = frameOf(c)
      const columns = new Map(frame.columns)
      for (const column of c.compiler.columnsOf(frame, c.span)) {
        const value = c.compiler.call(
          { t: 'function', on: 'columna', name: 'isin', self: column },
          [{ name: null, given: { value: c.require('values'), span: c.where('values') } }],
          c.span,
        )
        if (value.t === 'column') columns.set(column.name ?? '', value)
      }
      return { ...frame, columns }
    },
  ),
  method('head', 'n=5', 'Los primeros n registros.', "df.head(10)['total'].sum() > 0", (c) =>
    sliceRows(frameOf(c), 0, c.integer('n'), 1, c.span),
  ),
  method('tail', 'n=5', 'Los últimos n registros.', "df.tail(10)['total'].sum() > 0", (c) => {
    const frame = frameOf(c)
    return keepRows(frame, sql`${rowNumber(frame, true)} <= ${Math.abs(c.integer('n'))}`)
  }),
  method('copy', 'deep=True', 'La misma tabla.', 'len(df.copy()) > 0', frameOf),
  method('get', 'key', 'La columna con ese nombre.', "df.get('total') > 0", (c) =>
    c.compiler.columnOf(frameOf(c), c.text('key'), c.where('key')),
  ),
  method('abs', '', 'Valor absoluto.', "(df[['a', 'b']].abs() < 10).all(axis=1)", (c) =>
    eachColumn(c, 'abs'),
  ),
  method(
    'round',
    'decimals=0',
    'Redondea a n decimales.',
    "(df[['a', 'b']].round(2) == df[['a', 'b']]).all(axis=1)",
    (c) => eachColumn(c, 'round'),
  ),
  {
    name: 'get',
    on: 'fila',
    params: 'key, default=None',
    help: 'El valor de esa columna en el registro.',
    example: "df.apply(lambda r: r.get('total') > 0, axis=1)",
    call: (c) => rowCell(c),
  },
  ...['isnull', 'isna', 'notnull', 'notna'].map(
    (name): FunctionDef => ({
      name,
      on: 'fila',
      params: '',
      help: 'De cada valor del registro.',
      example: `df.apply(lambda r: r.${name}().any(), axis=1)`,
      call: (c) => c.compiler.call({ t: 'function', on: 'df', name, self: c.self }, [], c.span),
    }),
  ),
  ...['sum', 'min', 'max', 'mean', 'all', 'any', 'count', 'nunique'].map(
    (name): FunctionDef => ({
      name,
      on: 'fila',
      params: '',
      help: 'El agregado de los valores del registro.',
      example: `df[['a', 'b']].apply(lambda r: r.${name}() > 0, axis=1)`,
      call: (c) =>
        c.compiler.call(
          { t: 'function', on: 'df', name, self: c.self },
          [{ name: 'axis', given: { value: constant(1), span: c.span } }],
          c.span,
        ),
    }),
  ),
  ...(['items', 'values'] as const).map(
    (name): FunctionDef => ({
      name,
      on: 'paquete',
      params: '',
      help: name === 'items' ? 'Cada catálogo con su nombre.' : 'Los catálogos.',
      example:
        name === 'items'
          ? 'all(len(tabla) > 0 for nombre, tabla in df.items())'
          : 'all(len(tabla) > 0 for tabla in df.values())',
      call: (c) => ({
        t: 'list',
        flavour: 'list',
        items:
          c.self.t === 'package'
            ? [...c.self.frames].map(([key, frame]) =>
                name === 'values' ? frame : { t: 'list', flavour: 'tuple', items: [constant(key), frame] },
              )
            : [],
      }),
    }),
  ),
  {
    name: 'keys',
    on: 'paquete',
    params: '',
    help: 'Los nombres de los catálogos.',
    example: "'ventas' in df.keys()",
    call: (c) => ({
      t: 'list',
      flavour: 'list',
      items: c.self.t === 'package' ? [...c.self.frames.keys()].map((name) => constant(name)) : [],
    }),
  },
]

function eachColumn(c: Call, name: string): Value {
  const frame = frameOf(c)
  const columns = new Map(frame.columns)
  const args = c.def.parsed
    .filter((param) => c.has(param.name))
    .map((param) => ({
      name: param.name,
      given: { value: c.require(param.name), span: c.where(param.name) },
    }))
  for (const column of c.compiler.columnsOf(frame, c.span)) {
    const value = c.compiler.call({ t: 'function', on: 'columna', name, self: column }, args, c.span)
    if (value.t === 'column') columns.set(column.name ?? '', value)
  }
  return { ...frame, columns }
}

function rowCell(c: Call): Value {
  const frame = frameOf(c)
  const key = c.text('key')
  if (frame.columns.has(key)) return c.compiler.columnOf(frame, key, c.where('key'))
  return c.value('default') ?? constant(null)
}

function indexOf(c: Call, of: Frame | Column): Value {
  const column = of.t === 'column' ? of : [...of.columns.values()][0]
  if (!column) return c.refuse('la tabla no tiene columnas')
  const key = of.index?.[0]
  if (!key)
    return {
      ...column,
      kind: 'int',
      sql: sql`(${column.universe.order[0] ?? sql`1`} - 1)`,
      nulls: 'none',
      filter: of.filter,
      index: null,
    }
  if (of.index && of.index.length > 1)
    return c.refuse('un índice de varias claves no se puede recorrer', 'usar `.reset_index()`')
  return {
    ...column,
    kind: column.universe.labelKind(of.index ?? [], 0) ?? 'text',
    sql: key,
    nulls: 'null',
    filter: of.filter,
    index: null,
  }
}

/** Tables: columns, rows, joins. */
export const family: Family = { name: 'tabla', functions }
