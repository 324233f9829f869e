import { acceptedColumns } from '@engine/execution/stage/accepted-columns'
import type {
  MaterializacionConfig,
  ProblemaMaterializacion,
  TablaMaterializada,
} from '@shared/model/materializacion'
import type { CatalogSpec, SageSchema } from '@shared/model/schema'
import type { DestinationRules } from '../destination-rules'
import { filterRows } from '../rows'
import { type CatalogColumns, columnProblems } from './columns'
import { nameProblems, repeatedTargets } from './names'
import { keyColumns, strategyProblems } from './strategy'
import { error, type Problem } from './tell'

export interface CheckInput {
  config: MaterializacionConfig
  /** The YAML that the casilla has now. */
  schema: SageSchema
  destino: DestinationRules
}

/**
 * Every problem of a materialization that can be told with no connection: what is refused when it is saved, and what may surprise. What an
 * existing table adds is told by the trial of a load.
 */
export function checkConfig({ config, schema, destino }: CheckInput): ProblemaMaterializacion[] {
  const repeated = repeatedTargets(config.tablas, destino)
  return config.tablas.flatMap((tabla, index) => {
    const twice = repeated.get(index)
    const found = [
      ...(twice ? [twice] : []),
      ...tableProblems(tabla, schema.catalogs.get(tabla.catalogo), destino),
    ]
    return found.map((problem) => ({ ...problem, tabla: index }))
  })
}

function tableProblems(
  tabla: TablaMaterializada,
  catalog: CatalogSpec | undefined,
  destino: DestinationRules,
): Problem[] {
  const own = [...nameProblems(tabla, destino), ...strategyProblems(tabla, destino)]
  if (!catalog) {
    const message = `El YAML de la casilla no tiene el catálogo «${tabla.catalogo}».`
    return [
      error('CATALOGO_DESCONOCIDO', null, message, 'Elegir un catálogo del YAML o quitar la tabla.'),
      ...own,
    ]
  }
  const columns = columnsOf(catalog)
  return [
    ...own,
    ...columnProblems(tabla, columns, destino, keyColumns(tabla.estrategia)),
    ...filterProblems(tabla, columns),
  ]
}

function columnsOf(catalog: CatalogSpec): CatalogColumns {
  const filled = new Set(
    catalog.fields
      .filter(({ required, default: fallback }) => required || fallback !== undefined)
      .map(({ name }) => name),
  )
  for (const spec of catalog.transformations) {
    if (spec.kind === 'rename') {
      const renamed = [...filled].map((name) =>
        Object.hasOwn(spec.names, name) ? (spec.names[name] ?? name) : name,
      )
      filled.clear()
      for (const name of renamed) filled.add(name)
    } else if (spec.kind === 'set' || spec.kind === 'map') filled.delete(spec.column)
  }
  return { columns: acceptedColumns(catalog), filled }
}

/** The filter as it will be compiled for a load; each problem says where it is. */
function filterProblems({ filtro, catalogo }: TablaMaterializada, { columns }: CatalogColumns): Problem[] {
  if (filtro === null) return []
  const found = filterRows(filtro, { catalog: catalogo, relation: 'x', columns }, new Date())
  if (found.ok) return []
  return found.problems.map(({ message, hint, from, to }) => {
    const part = filtro.slice(from, to)
    const place = part === '' ? `en el carácter ${from + 1}` : `en «${part}» (carácter ${from + 1})`
    return error(
      'FILTRO_INVALIDO',
      null,
      `El filtro no se puede usar, ${place}: ${message}`,
      hint ?? 'Corregir la expresión.',
    )
  })
}
