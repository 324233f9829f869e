import { type DialectBase, RESERVED_PREFIX, type TableRef, type TableRule } from '../types'

/** A column and the one of another table that must have its value. */
export interface Reference {
  nombre: string
  columna: string
  tabla: TableRef
  ajena: string
}

/** Foreign keys as rules, of their columns in order: a row with a null in the key is taken, as the standard says. */
export function referenceRules(
  references: readonly Reference[],
  { ident, table }: Pick<DialectBase, 'ident'> & { table(ref: TableRef): string },
): TableRule[] {
  const keys = new Map<string, Reference[]>()
  for (const one of references) keys.set(one.nombre, [...(keys.get(one.nombre) ?? []), one])
  const other = ident(`${RESERVED_PREFIX}r`)
  return [...keys.values()].flatMap((columns) => {
    const [first] = columns
    if (!first) return []
    const { nombre, tabla: lee } = first
    const nulls = columns.map(({ columna }) => `s.${ident(columna)} IS NULL`)
    const same = columns.map(({ columna, ajena }) => `${other}.${ident(ajena)} = s.${ident(columna)}`)
    const found = `EXISTS (SELECT 1 FROM ${table(lee)} ${other} WHERE ${same.join(' AND ')})`
    const names = columns.map(({ columna }) => columna).join(', ')
    return [{ nombre, lee, pide: `«${names}» en «${lee.tabla}»`, sql: `${nulls.join(' OR ')} OR ${found}` }]
  })
}
