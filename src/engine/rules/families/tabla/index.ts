import type { Call } from '../../call'
import { sliceRows } from '../../plan/access'
import { keepRows, refuseOpen } from '../../plan/frames'
import { arithmetic, compare, constant, strictBool } from '../../plan/operators'
import { rowNumber } from '../../plan/row-picks'
import { sql } from '../../plan/sql'
import type { Value } from '../../plan/values'
import type { Family, FunctionDef } from '../../registry'
import { duplicated } from '../columna/membership'
import { apply, chosen, drop, dropDuplicates, dropna, eachColumn, inner, rename, rowCell } from './columns'
import { indexOf, resetIndex, setIndex } from './labels'
import { MERGE_PARAMS, mergeFrames } from './merge'
import { select } from './select'
import { frameOf, rowsOf } from './shape'

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

const functions: FunctionDef[] = [
  property('columns', 'df', 'Los nombres de las columnas.', 'len(df.columns) == 24', (c) => {
    refuseOpen(frameOf(c), c.span)
    return {
      t: 'list',
      flavour: 'list',
      items: [...frameOf(c).columns.keys()].map((name) => constant(name)),
    }
  }),
  property('shape', 'df', 'Cantidad de registros y de columnas.', 'df.shape[0] > 0', (c) => ({
    t: 'list',
    flavour: 'tuple',
    items: [rowsOf(c, frameOf(c)), constant(frameOf(c).columns.size)],
  })),
  property('size', 'df', 'Registros por columnas.', 'df.size > 0', (c) => {
    return arithmetic('*', rowsOf(c, frameOf(c)), constant(frameOf(c).columns.size), c.span)
  }),
  property('empty', 'df', 'Verdadero si no hay registros.', 'not df.empty', (c) =>
    compare('==', rowsOf(c, frameOf(c)), constant(0), c.span),
  ),
  property('shape', 'columna', 'Cantidad de registros.', "df['total'].shape[0] > 0", (c) => ({
    t: 'list',
    flavour: 'tuple',
    items: [rowsOf(c, c.column())],
  })),
  property('size', 'columna', 'Cantidad de registros, con nulos.', "df['total'].size == len(df)", (c) =>
    rowsOf(c, c.column()),
  ),
  property('empty', 'columna', 'Verdadero si no hay registros.', "not df['total'].empty", (c) =>
    compare('==', rowsOf(c, c.column()), constant(0), c.span),
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

/** What only chooses rows or columns, or counts them, keeps to a group. */
const ROWS_ONLY = new Set([
  ...[
    'columns',
    'shape',
    'size',
    'empty',
    'loc',
    'query',
    'eval',
    'dropna',
    'drop',
    'rename',
    'filter',
    'head',
    'tail',
    'copy',
  ],
  ...['get', 'select_dtypes', 'isin', 'abs', 'round'],
])

/** Tables: columns, rows, joins. */
export const family: Family = {
  name: 'tabla',
  functions: [...functions, ...select].map((def) => ({ ...def, inGroup: ROWS_ONLY.has(def.name) })),
}
