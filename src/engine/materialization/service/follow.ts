import type { Columna, TablaMaterializada, TipoColumna } from '@shared/model/materializacion'

const DIGITS = 38
const DECIMALS = 10

/** As wide as the console's own data allow: what is accepted later must fit, with nobody to look after it. */
function wide(tipo: TipoColumna): TipoColumna {
  if (tipo.tipo === 'texto') return { tipo: 'texto' }
  if (tipo.tipo === 'decimal')
    return { tipo: 'decimal', precision: DIGITS, escala: Math.max(DECIMALS, tipo.escala) }
  return tipo
}

/** A table that nobody looks after. */
const loose = (tabla: TablaMaterializada): TablaMaterializada => ({
  ...tabla,
  deriva: 'evolucionar',
  columnas: tabla.columnas.map((columna) => ({ ...columna, tipo: wide(columna.tipo) })),
})

const sourceOf = ({ fuente }: Columna): string => JSON.stringify(fuente)

function followOne(former: TablaMaterializada, now: TablaMaterializada): TablaMaterializada {
  const known = new Map(former.columnas.map((columna) => [sourceOf(columna), columna]))
  const names = new Set(former.columnas.map(({ nombre }) => nombre.toLowerCase()))
  const columnas = now.columnas.flatMap((columna): Columna[] => {
    const kept = known.get(sourceOf(columna))
    if (kept) return [kept]
    // Its name is that of another column that is there: the record keeps what it had.
    if (names.has(columna.nombre.toLowerCase())) return []
    // The rows that are there have no value for it.
    return [{ ...columna, nulos: true }]
  })
  return { ...former, columnas }
}

/** What may not be taken in the console's own data: tables of other casillas, which a load must not add to. */
export interface Naming {
  casilla: string
  /** In lower case. */
  taken: ReadonlySet<string>
}

const slug = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 60) || 'casilla'

/** The name of its catalog; with that of the casilla before it, where another casilla has it. */
function freeName(tabla: string, { casilla, taken }: Naming): string {
  if (!taken.has(tabla.toLowerCase())) return tabla
  const own = `${slug(casilla)}_${tabla}`
  let name = own
  for (let n = 2; taken.has(name.toLowerCase()); n++) name = `${own}_${n}`
  return name
}

/** What the console's own tables are made from, first. */
export const firstTables = (proposed: readonly TablaMaterializada[], naming: Naming): TablaMaterializada[] =>
  proposed.map((tabla) => ({ ...loose(tabla), tabla: freeName(tabla.tabla, naming) }))

/**
 * The tables of a materialization that nobody configured, for an execution that has what `proposed` says: names, types and strategies stay
 * as they were, new catalogs and fields come in. `load`: what that execution has. `keep`: all there ever was.
 */
export function followTables(
  former: readonly TablaMaterializada[],
  proposed: readonly TablaMaterializada[],
  naming: Naming,
): { load: TablaMaterializada[]; keep: TablaMaterializada[] } {
  const known = new Map(former.map((tabla) => [tabla.catalogo, tabla]))
  const load = firstTables(proposed, naming).map((tabla) => {
    const before = known.get(tabla.catalogo)
    return before ? followOne(before, tabla) : tabla
  })
  const loaded = new Map(load.map((tabla) => [tabla.catalogo, tabla]))
  const kept = former.map((tabla) => {
    const now = loaded.get(tabla.catalogo)
    if (!now) return tabla
    const fresh = now.columnas.filter((columna) => !tabla.columnas.includes(columna))
    return fresh.length === 0 ? tabla : { ...tabla, columnas: [...tabla.columnas, ...fresh] }
  })
  return { load, keep: [...kept, ...load.filter(({ catalogo }) => !known.has(catalogo))] }
}
