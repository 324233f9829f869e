import { type Dialect, RESERVED_PREFIX, type TableRef } from '@engine/destinations/types'
import { strategyOf } from '@engine/strategies'
import type { ProblemaMaterializacion, TablaMaterializada } from '@shared/model/materializacion'

type Problem = Omit<ProblemaMaterializacion, 'tabla'>

const error = (codigo: string, columna: string | null, mensaje: string, sugerencia: string): Problem => ({
  severidad: 'error',
  codigo,
  columna,
  mensaje,
  sugerencia,
})

export const targetOf = (
  tabla: Pick<TablaMaterializada, 'esquema' | 'tabla'>,
  dialect: Dialect,
  defaultSchema: string | null,
): TableRef => ({
  esquema: dialect.capabilities.esquemas ? (tabla.esquema ?? defaultSchema) : null,
  tabla: tabla.tabla,
})

/**
 * What can be said of a materialization's tables without asking the database: names, types, keys and parameters. Refused when it is
 * saved; a load of what is refused does not start.
 */
export function validateTables(
  tablas: readonly TablaMaterializada[],
  dialect: Dialect,
  defaultSchema: string | null,
): ProblemaMaterializacion[] {
  const seen = new Map<string, number>()
  return tablas.flatMap((tabla, place) => {
    const problems = oneTable(tabla, dialect)
    const { esquema, tabla: name } = targetOf(tabla, dialect, defaultSchema)
    const known = JSON.stringify([esquema, name].map((part) => part && folded(part, dialect)))
    if (seen.has(known))
      problems.push(
        error(
          'TABLA_DOS_VECES',
          null,
          `«${name}» es el destino de dos catálogos.`,
          'Dar a cada catálogo su tabla, o cargarlos con dos materializaciones.',
        ),
      )
    seen.set(known, place)
    return problems.map((problem) => ({ ...problem, tabla: place }))
  })
}

const folded = (name: string, { capabilities }: Dialect): string =>
  capabilities.identificador.distingue ? name : name.toLowerCase()

function oneTable(tabla: TablaMaterializada, dialect: Dialect): Problem[] {
  const { capabilities } = dialect
  const strategy = strategyOf(tabla.estrategia)
  const problems: Problem[] = []
  if (tabla.esquema !== null && !capabilities.esquemas)
    problems.push(
      error('SIN_ESQUEMAS', null, `${dialect.nombre} no tiene esquemas.`, 'Quitar el esquema de la tabla.'),
    )
  for (const name of [tabla.esquema, tabla.tabla]) problems.push(...nameProblems(name, null, dialect))
  if (tabla.columnas.length > capabilities.maxColumnas)
    problems.push(
      error(
        'DEMASIADAS_COLUMNAS',
        null,
        `Son ${tabla.columnas.length} columnas y ${dialect.nombre} admite ${capabilities.maxColumnas}.`,
        'Asignar menos columnas.',
      ),
    )
  problems.push(...columnProblems(tabla, dialect, keyed(tabla, strategy.key)))
  if ((strategy.key?.length ?? 0) > capabilities.maxColumnasClave)
    problems.push(
      error(
        'CLAVE_LARGA',
        null,
        `${dialect.nombre} admite ${capabilities.maxColumnasClave} columnas en una clave.`,
        'Usar menos columnas en la clave.',
      ),
    )
  return [...problems, ...strategy.check(tabla), ...indexProblems(tabla)]
}

const keyed = (tabla: TablaMaterializada, key: readonly string[] | null): Set<string> =>
  new Set([...(key ?? []), ...tabla.indices.flatMap(({ columnas }) => columnas)])

function columnProblems(tabla: TablaMaterializada, dialect: Dialect, keys: ReadonlySet<string>): Problem[] {
  const seen = new Set<string>()
  return tabla.columnas.flatMap(({ nombre, tipo }) => {
    const problems = nameProblems(nombre, nombre, dialect)
    if (nombre.toLowerCase().startsWith(RESERVED_PREFIX))
      problems.push(
        error(
          'NOMBRE_RESERVADO',
          nombre,
          `«${nombre}» empieza como las columnas del motor.`,
          'Darle otro nombre.',
        ),
      )
    if (seen.has(folded(nombre, dialect)))
      problems.push(
        error(
          'COLUMNA_DOS_VECES',
          nombre,
          `«${nombre}» está dos veces${dialect.capabilities.identificador.distingue ? '' : ', sin contar mayúsculas'}.`,
          'Dejar una, o darle otro nombre.',
        ),
      )
    seen.add(folded(nombre, dialect))
    const type = dialect.type(tipo, keys.has(nombre) ? 'clave' : 'columna')
    if (!type.ok) problems.push(error(type.codigo, nombre, `«${nombre}»: ${type.razon}`, type.sugerencia))
    return problems
  })
}

function nameProblems(
  name: string | null,
  columna: string | null,
  { nombre, capabilities }: Dialect,
): Problem[] {
  if (name === null) return []
  const { max, unidad } = capabilities.identificador
  const length = unidad === 'bytes' ? Buffer.byteLength(name) : [...name].length
  if (name.includes('\0'))
    return [error('NOMBRE_NO_VALIDO', columna, 'El nombre tiene un carácter nulo.', 'Escribirlo de nuevo.')]
  if (length <= max) return []
  return [
    error(
      'NOMBRE_LARGO',
      columna,
      `«${name.slice(0, 80)}» mide ${length} ${unidad} y ${nombre} admite ${max}.`,
      'Acortar el nombre.',
    ),
  ]
}

const indexProblems = ({ indices, columnas }: TablaMaterializada): Problem[] =>
  indices.flatMap((indice) =>
    indice.columnas
      .filter((name) => !columnas.some(({ nombre }) => nombre === name))
      .map((name) =>
        error(
          'INDICE_SIN_ASIGNAR',
          name,
          `«${name}» está en un índice y no en la asignación.`,
          'Asignar la columna o quitarla del índice.',
        ),
      ),
  )
