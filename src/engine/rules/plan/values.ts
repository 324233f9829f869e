import type { Node } from '../syntax/ast'
import type { Calendar } from './offsets'
import type { Sql } from './sql'
import type { Universe } from './universe'

/** What a cell of a column is. Deltas are DOUBLE microseconds. `null` is None, NaN or NaT written as a literal. */
export type Kind = 'int' | 'float' | 'bool' | 'text' | 'date' | 'delta' | 'list' | 'null'

/** What NULL means: it can't be (`none`), a missing value (`null`), or False (`false`, a comparison). */
export type Nulls = 'none' | 'null' | 'false'

export type Const = string | number | bigint | boolean | null

export interface Scalar {
  t: 'scalar'
  kind: Kind
  sql: Sql
  nulls: Nulls
  /** The value, when it was written in the rule. */
  konst?: Const
  /** Kind of the elements of a list, when not texts. */
  items?: Kind | undefined
  /** A date that stands for its whole month, quarter or year (`to_period`). */
  period?: string | undefined
  /** A text that stands for its decomposed form or its bytes, until it is encoded or decoded. */
  held?: 'decomposed' | 'bytes' | undefined
  infinite?: boolean
}

export interface Column {
  t: 'column'
  universe: Universe
  kind: Kind
  sql: Sql
  nulls: Nulls
  /** Rows the column has, when fewer than its universe. */
  filter: Sql | null
  /** Labels of the rows, when not the record. */
  index: Sql[] | null
  /** True inside a lambda: the value of one row, with Python's methods instead of pandas'. */
  elem: boolean
  /** Inside a group's lambda: the keys that split the column. */
  partition: Sql[] | null
  /** May hold inf, so arithmetic may give NaN. */
  infinite?: boolean
  /** Kind of the elements of a list, when not texts. */
  items?: Kind | undefined
  /** A date that stands for its whole month, quarter or year (`to_period`). */
  period?: string | undefined
  /** A text that stands for its decomposed form or its bytes, until it is encoded or decoded. */
  held?: 'decomposed' | 'bytes' | undefined
  /** An array of numpy: one missing value makes its aggregates missing. */
  array?: boolean | undefined
  name?: string
}

export interface Frame {
  t: 'frame'
  universe: Universe
  columns: Map<string, Column>
  filter: Sql | null
  index: Sql[] | null
  /** Name of the columns in the index, to bring them back. */
  indexNames: string[]
  elem: boolean
  partition: Sql[] | null
  catalog: string | null
  /** Columns that may not be there (the parts of a split): each is taken by its number, none of them counted. */
  open?: boolean
}

export interface Package {
  t: 'package'
  frames: Map<string, Frame>
}

export interface Accessor {
  t: 'accessor'
  of: Column | Scalar | Frame | Vector
  kind: 'str' | 'dt' | 'loc' | 'iloc'
}

export interface Group {
  t: 'group'
  frame: Frame
  keys: Column[]
  keyNames: string[]
  select: string[] | null
  single: boolean
  asIndex: boolean
  dropna: boolean
}

/** `rolling(n)` and `expanding()`. */
export interface Windowed {
  t: 'windowed'
  column: Column
  size: number | null
  minimum: number
}

export interface Vector {
  t: 'vector'
  entries: Map<string, Scalar>
}

export interface ListValue {
  t: 'list'
  flavour: 'list' | 'tuple' | 'set'
  items: Value[]
}

export interface DictValue {
  t: 'dict'
  entries: { key: Scalar; value: Value }[]
}

/** A set of values taken from data: `select` over `universe`. */
export interface SetValue {
  t: 'set'
  kind: Kind
  column: Column
}

/** What one record is walked over: the characters of a text, the parts of a list, `zip`, `enumerate`. */
export interface Iterable {
  t: 'iterable'
  /** The rows that are walked, one walk a row. */
  rows: Column
  list: Sql
  /** One element, given the name it has inside the engine's lambda. */
  item: (name: Sql) => Value
}

/** A step of the calendar, to be added to a date. */
export interface Offset {
  t: 'offset'
  step: Calendar
}

export interface Lambda {
  t: 'lambda'
  params: string[]
  body: Node
  scope: Map<string, Value>
}

export interface Module {
  t: 'module'
  name: string
}

/** A function not yet called: `np.where`, `.str.contains`, `len`. */
export interface FunctionValue {
  t: 'function'
  on: string
  name: string
  self: Value | null
}

export type Value =
  | Scalar
  | Column
  | Frame
  | Package
  | Accessor
  | Group
  | Windowed
  | Vector
  | ListValue
  | DictValue
  | SetValue
  | Iterable
  | Offset
  | Lambda
  | Module
  | FunctionValue

export type Operand = Scalar | Column

export const isOperand = (value: Value): value is Operand => value.t === 'scalar' || value.t === 'column'

/** A column over the same rows as `of`, with another value. */
export function derive(of: Column, kind: Kind, sql: Sql, nulls: Nulls = 'null', infinite = false): Column {
  return {
    ...of,
    kind,
    sql,
    nulls,
    infinite,
    items: undefined,
    period: undefined,
    held: undefined,
    array: undefined,
  }
}

export function scalar(kind: Kind, sql: Sql, nulls: Nulls = 'null'): Scalar {
  return { t: 'scalar', kind, sql, nulls }
}

/** The same kind of operand, with another value. */
export function remake<T extends Operand>(
  of: T,
  kind: Kind,
  sql: Sql,
  nulls: Nulls = 'null',
  infinite = false,
): T {
  const fresh = { kind, sql, nulls, infinite, items: undefined, period: undefined, held: undefined }
  return of.t === 'column' ? { ...of, ...fresh } : { ...of, ...fresh, konst: undefined }
}

const KIND_NAMES: Record<Kind, string> = {
  int: 'número entero',
  float: 'número decimal',
  bool: 'verdadero/falso',
  text: 'texto',
  date: 'fecha',
  delta: 'duración',
  list: 'lista',
  null: 'nulo',
}

export const kindName = (kind: Kind): string => KIND_NAMES[kind]

export function describeValue(value: Value): string {
  switch (value.t) {
    case 'scalar':
      return `un valor (${kindName(value.kind)})`
    case 'column':
      return `una columna de ${kindName(value.kind)}`
    case 'frame':
      return 'una tabla'
    case 'package':
      return 'el paquete de catálogos'
    case 'accessor':
      return `el acceso \`.${value.kind}\``
    case 'group':
      return 'un groupby sin agregar'
    case 'windowed':
      return 'una ventana sin agregar'
    case 'vector':
      return 'una serie por columna'
    case 'list':
      return value.flavour === 'tuple' ? 'una tupla' : value.flavour === 'set' ? 'un conjunto' : 'una lista'
    case 'dict':
      return 'un diccionario'
    case 'set':
      return 'un conjunto'
    case 'offset':
      return 'un salto de calendario'
    case 'iterable':
      return 'un recorrido'
    case 'lambda':
      return 'una lambda'
    case 'module':
      return `el módulo \`${value.name}\``
    case 'function':
      return `la función \`${value.name}\` sin llamar`
  }
}

export const isNumeric = (kind: Kind): boolean => kind === 'int' || kind === 'float'
