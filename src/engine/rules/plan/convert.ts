import { aggregate } from './aggregates'
import { strictBool } from './operators'
import { type Sql, sql, text } from './sql'
import { derive, type Kind, type Operand, remake } from './values'

/** Text of a value as Python's `str` writes it; a null is the text `nan`, as in pandas. */
export function toText(self: Operand, nulls: 'keep' | 'nan' = 'nan'): Operand {
  const done = (piece: Sql): Operand => {
    if (nulls === 'keep' || self.nulls !== 'null')
      return remake(self, 'text', piece, self.nulls === 'null' ? 'null' : 'none')
    const none = self.kind === 'date' || self.kind === 'delta' ? 'NaT' : 'nan'
    return remake(self, 'text', sql`coalesce(${piece}, ${text(none)})`, 'none')
  }
  switch (self.kind) {
    case 'text':
      return done(self.sql)
    case 'int':
      // Whole numbers may be held as DOUBLE after arithmetic; they are written without decimals all the same.
      return done(
        isPlain(self)
          ? sql`(${self.sql})::VARCHAR`
          : sql`coalesce(TRY_CAST(${self.sql} AS HUGEINT)::VARCHAR, (${self.sql})::VARCHAR)`,
      )
    case 'float':
      return done(sql`(${self.sql})::DOUBLE::VARCHAR`)
    case 'bool':
      return done(
        sql`CASE ${self.nulls === 'false' ? strictBool(self) : self.sql} WHEN TRUE THEN 'True' WHEN FALSE THEN 'False' END`,
      )
    case 'date':
      return done(self.period ? periodText(self, self.period) : dateText(self))
    case 'delta':
      return done(sql`((${self.sql} / 86400e6)::BIGINT || ' days')`)
    case 'null':
      return remake(self, 'text', text('nan'), 'none')
    case 'list':
      return done(sql`(${self.sql})::VARCHAR`)
  }
}

/** A column as read, or a written number: already BIGINT in SQL. */
function isPlain(self: Operand): boolean {
  const only = self.sql.parts.length === 1 ? self.sql.parts[0] : undefined
  return (
    (typeof only === 'object' && only.tag === 'col' && only.name.startsWith('c')) ||
    (self.t === 'scalar' && self.konst !== undefined)
  )
}

/** A period is written as short as it says: 2025-01, 2025Q1, 2025. */
function periodText(self: Operand, period: string): Sql {
  if (period === 'M') return sql`strftime(${self.sql}, '%Y-%m')`
  if (period === 'Q') return sql`(year(${self.sql}) || 'Q' || quarter(${self.sql}))`
  if (period === 'Y' || period === 'A') return sql`strftime(${self.sql}, '%Y')`
  if (period === 'W')
    return sql`(strftime(${self.sql}, '%Y-%m-%d') || '/' || strftime(${self.sql} + to_days(6), '%Y-%m-%d'))`
  return sql`strftime(${self.sql}, '%Y-%m-%d')`
}

/** pandas writes the time of a column of dates only when one of them has a time. */
function dateText(self: Operand): Sql {
  const day = sql`strftime(${self.sql}, '%Y-%m-%d')`
  const whole = sql`CASE WHEN microsecond(${self.sql}) % 1000000 = 0 THEN strftime(${self.sql}, '%Y-%m-%d %H:%M:%S') ELSE strftime(${self.sql}, '%Y-%m-%d %H:%M:%S.%f') END`
  if (self.t === 'scalar' || self.elem) return whole
  const midnight = aggregate(
    'all',
    derive(self, 'bool', sql`(${self.sql} = date_trunc('day', ${self.sql}))`, 'null'),
    {},
    { from: 0, to: 0 },
  )
  return sql`CASE WHEN ${midnight.sql} THEN ${day} ELSE ${whole} END`
}

export const NUMBER_TEXT = '^[\\s]*[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]+)?[\\s]*$'

/** A number read from a text: null (never a failed query) when it is not one. */
export function textToDouble(x: Sql): Sql {
  return sql`CASE WHEN regexp_matches(${x}, ${text(NUMBER_TEXT)}) THEN TRY_CAST(trim(${x}) AS DOUBLE) WHEN lower(trim(${x})) IN ('inf', '+inf', 'infinity') THEN 'inf'::DOUBLE WHEN lower(trim(${x})) IN ('-inf', '-infinity') THEN '-inf'::DOUBLE END`
}

export function toFloat(self: Operand): Operand | null {
  if (self.kind === 'float') return self
  if (self.kind === 'int') return remake(self, 'float', sql`(${self.sql})::DOUBLE`, self.nulls)
  if (self.kind === 'bool')
    return remake(
      self,
      'float',
      sql`CASE ${self.nulls === 'false' ? strictBool(self) : self.sql} WHEN TRUE THEN 1e0 WHEN FALSE THEN 0e0 END`,
      self.nulls === 'null' ? 'null' : 'none',
    )
  if (self.kind === 'text') return remake(self, 'float', textToDouble(self.sql), 'null', true)
  if (self.kind === 'null') return remake(self, 'float', sql`NULL::DOUBLE`)
  return null
}

/** Towards zero, as `int()` does. */
export function toInt(self: Operand): Operand | null {
  if (self.kind === 'int') return self
  if (self.kind === 'float') return remake(self, 'int', sql`trunc(${self.sql})`, self.nulls)
  if (self.kind === 'text') {
    const whole = sql`CASE WHEN regexp_matches(${self.sql}, '^\\s*[+-]?[0-9]+\\s*$') THEN TRY_CAST(trim(${self.sql}) AS HUGEINT) END`
    return remake(self, 'int', whole, 'null')
  }
  if (self.kind === 'bool')
    return remake(
      self,
      'int',
      sql`CASE ${self.nulls === 'false' ? strictBool(self) : self.sql} WHEN TRUE THEN 1 WHEN FALSE THEN 0 END`,
      self.nulls === 'null' ? 'null' : 'none',
    )
  if (self.kind === 'date')
    return remake(self, 'int', sql`(epoch_us(${self.sql})::HUGEINT * 1000)`, self.nulls)
  return self.kind === 'null' ? remake(self, 'int', sql`NULL::BIGINT`) : null
}

export function toBool(self: Operand): Operand | null {
  // NaN is true, as for numbers.
  if (self.kind === 'bool')
    return self.nulls === 'null' ? remake(self, 'bool', sql`coalesce(${self.sql}, TRUE)`, 'none') : self
  if (self.kind === 'int' || self.kind === 'float')
    return remake(self, 'bool', sql`coalesce(${self.sql} <> 0, TRUE)`, 'none')
  if (self.kind === 'text') return remake(self, 'bool', sql`coalesce(${self.sql} <> '', TRUE)`, 'none')
  return null
}

const ISO_TEXT = '^\\s*[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,9})?)?)?\\s*$'
const COMPACT_TEXT = '^\\s*[0-9]{8}\\s*$'
const SLASH_TEXT = '^\\s*[0-9]{1,2}[/-][0-9]{1,2}[/-][0-9]{4}\\s*$'
const YMD_TEXT = '^\\s*[0-9]{4}/[0-9]{1,2}/[0-9]{1,2}\\s*$'

/** A date read from a text in the forms pandas takes without a format: ISO, y/m/d, m/d/y (d/m/y with dayfirst). */
export function textToDate(x: Sql, dayFirst: boolean): Sql {
  const one = sql`replace(trim(${x}), '-', '/')`
  const first = dayFirst ? sql`'%d/%m/%Y'` : sql`'%m/%d/%Y'`
  const second = dayFirst ? sql`'%m/%d/%Y'` : sql`'%d/%m/%Y'`
  return sql`CASE WHEN regexp_matches(${x}, ${text(ISO_TEXT)}) THEN TRY_CAST(trim(${x}) AS TIMESTAMP) WHEN regexp_matches(${x}, ${text(COMPACT_TEXT)}) THEN try_strptime(trim(${x}), '%Y%m%d') WHEN regexp_matches(${x}, ${text(SLASH_TEXT)}) THEN coalesce(try_strptime(${one}, ${first}), try_strptime(${one}, ${second})) WHEN regexp_matches(${x}, ${text(YMD_TEXT)}) THEN try_strptime(trim(${x}), '%Y/%m/%d') END`
}

export const KIND_OF_DTYPE: Record<string, Kind> = {
  float: 'float',
  float64: 'float',
  Float64: 'float',
  float32: 'float',
  double: 'float',
  int: 'int',
  int64: 'int',
  Int64: 'int',
  int32: 'int',
  Int32: 'int',
  int16: 'int',
  Int16: 'int',
  int8: 'int',
  Int8: 'int',
  uint8: 'int',
  str: 'text',
  string: 'text',
  object: 'null',
  category: 'null',
  bool: 'bool',
  boolean: 'bool',
  datetime64: 'date',
  'datetime64[ns]': 'date',
  'M8[ns]': 'date',
}
