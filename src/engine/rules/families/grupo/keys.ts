import type { Call } from '../../call'
import { columnNames } from '../../plan/frames'
import { strictBool } from '../../plan/operators'
import type { Sql } from '../../plan/sql'
import type { Column, Frame, Group, Value } from '../../plan/values'

export const KEY_PARAMS =
  'by=None, axis=0, level=None, as_index=True, sort=True, dropna=True, observed=False, group_keys=True'

export function groupOf(c: Call): Group {
  return c.self.t === 'group' ? c.self : c.refuse('se esperaba un groupby')
}

/** The key columns of `groupby`: names, columns, or a list of them. */
function keyColumns(c: Call, frame: Frame | null, value: Value): { columns: Column[]; names: string[] } {
  const items = value.t === 'list' ? value.items : [value]
  const columns: Column[] = []
  const names: string[] = []
  for (const item of items) {
    if (item.t === 'column') {
      columns.push(item)
      names.push(item.name ?? `key_${names.length}`)
    } else if (frame) {
      const name = columnNames(item, c.where('by'))[0] ?? ''
      columns.push(c.compiler.columnOf(frame, name, c.where('by')))
      names.push(name)
    } else c.refuse('la clave debe ser una columna', undefined, 'by')
  }
  if (columns.length === 0) c.refuse('falta la clave del groupby', undefined, 'by')
  return { columns, names }
}

export function groupby(c: Call): Value {
  const self = c.self
  const by = c.value('by')
  if (self.t === 'column') {
    const column = { ...self, name: self.name ?? '0' }
    const frame: Frame = {
      t: 'frame',
      universe: self.universe,
      columns: new Map([[column.name, column]]),
      filter: self.filter,
      index: null,
      indexNames: [],
      elem: false,
      partition: null,
      catalog: null,
    }
    if (c.konst('level') !== null && self.index) {
      const keys = self.index.map(
        (piece, i): Column => ({
          ...self,
          kind: self.universe.keyKinds[i] ?? 'text',
          sql: piece,
          nulls: 'null',
          index: null,
        }),
      )
      return {
        t: 'group',
        frame,
        keys,
        keyNames: keys.map((_, i) => `key_${i}`),
        select: [column.name],
        single: true,
        asIndex: true,
        dropna: true,
      }
    }
    const keys = keyColumns(c, null, by ?? c.refuse('falta la clave del groupby'))
    return {
      t: 'group',
      frame,
      keys: keys.columns,
      keyNames: keys.names,
      select: [column.name],
      single: true,
      asIndex: true,
      dropna: c.flag('dropna'),
    }
  }
  if (self.t !== 'frame') return c.refuse('se esperaba una tabla')
  const keys = keyColumns(c, self, by ?? c.refuse('falta la clave del groupby'))
  if (keys.columns.some((key) => key.universe !== self.universe))
    return c.refuse('la clave es de otra tabla', undefined, 'by')
  return {
    t: 'group',
    frame: self,
    keys: keys.columns,
    keyNames: keys.names,
    select: null,
    single: false,
    asIndex: c.flag('as_index'),
    dropna: c.flag('dropna'),
  }
}

export const selected = (c: Call, group: Group): Column[] => {
  const names =
    group.select ?? [...group.frame.columns.keys()].filter((name) => !group.keyNames.includes(name))
  return names.map((name) => c.compiler.columnOf(group.frame, name, c.span))
}

/** What works record by record leaves out those without a key. */
export function requireKeys(c: Call, group: Group): void {
  if (!group.dropna)
    c.refuse(
      '`dropna=False` solo se admite con un agregado por grupo',
      "rellenar antes la clave: `.fillna('')`",
    )
}

export const keySql = (group: Group): Sql[] =>
  group.keys.map((key) => (key.kind === 'bool' && key.nulls === 'false' ? strictBool(key) : key.sql))
