import type {
  ColumnSpec,
  Dialect,
  ExistingColumn,
  ExistingTable,
  Statement,
  TableRef,
  ValueLimit,
} from '@engine/destinations/types'
import { strategyOf } from '@engine/strategies'
import type { ProblemaMaterializacion, TablaMaterializada } from '@shared/model/materializacion'

export type TableProblem = Omit<ProblemaMaterializacion, 'tabla'>

/** A table of a materialization against what stands in the database. */
export interface TableCheck {
  existe: boolean
  problems: TableProblem[]
  /** What makes it, or adds the columns it lacks. */
  ddl: Statement[]
  /** Columns that are written, in order. */
  columnas: ColumnSpec[]
  /** Columns left out by `descartar`, and those that `evolucionar` adds. */
  descartadas: string[]
  agregadas: string[]
  /** By column: what a value must not pass, and columns that take no null. */
  limites: Map<string, ValueLimit>
  /** The key has a unique index of its own over one table: the one that is there or the one that is made. */
  claveUnica: boolean
  sinNulos: Set<string>
}

/**
 * Compares the mapping with the table that is there: what is missing goes by the drift policy; what can't hold the values, takes no
 * values, or would be left without one is an error. A missing table is made, with its key and indexes, when the materialization says so.
 */
export function compareTable(
  tabla: TablaMaterializada,
  target: TableRef,
  existing: ExistingTable | null,
  dialect: Dialect,
): TableCheck {
  const key = strategyOf(tabla.estrategia).key
  const check: TableCheck = {
    existe: existing !== null,
    problems: [],
    ddl: [],
    columnas: [],
    descartadas: [],
    agregadas: [],
    limites: new Map(),
    claveUnica: key !== null,
    sinNulos: new Set(key ?? []),
  }
  if (existing === null) return missingTable(check, tabla, target, key, dialect)
  if (existing.clase !== 'tabla') {
    const what = existing.clase === 'vista' ? 'es una vista' : 'no es una tabla'
    check.problems.push(
      problem('NO_ES_TABLA', null, `«${target.tabla}» ${what}.`, 'Elegir una tabla o un nombre nuevo.'),
    )
    return check
  }
  for (const columna of tabla.columnas) {
    const found = columnOf(existing, columna.nombre, dialect)
    if (found) existingColumn(check, columna, found, dialect)
    else missingColumn(check, columna, tabla, { target, existing, dialect })
  }
  check.problems.push(...obligatory(check, existing, dialect), ...keyProblems(check, key, existing, dialect))
  return check
}

const problem = (
  codigo: string,
  columna: string | null,
  mensaje: string,
  sugerencia: string | null,
  severidad: 'error' | 'aviso' = 'error',
): TableProblem => ({ severidad, codigo, columna, mensaje, sugerencia })

const same = (a: string, b: string, { capabilities }: Dialect): boolean =>
  capabilities.identificador.distingue ? a === b : a.toLowerCase() === b.toLowerCase()

const columnOf = (existing: ExistingTable, name: string, dialect: Dialect): ExistingColumn | undefined =>
  existing.columnas.find(({ nombre }) => same(nombre, name, dialect))

function missingTable(
  check: TableCheck,
  tabla: TablaMaterializada,
  target: TableRef,
  key: readonly string[] | null,
  dialect: Dialect,
): TableCheck {
  check.columnas = tabla.columnas.map(({ nombre, tipo, nulos }) => ({ nombre, tipo, nulos }))
  for (const { nombre, nulos } of tabla.columnas) if (!nulos) check.sinNulos.add(nombre)
  if (tabla.crear) {
    check.ddl = dialect.createTable({
      ref: target,
      columnas: check.columnas,
      clave: key,
      indices: tabla.indices,
    })
  } else {
    check.problems.push(
      problem(
        'TABLA_NO_EXISTE',
        null,
        `No existe la tabla «${target.tabla}».`,
        'Crearla, o permitir que se cree sola.',
      ),
    )
  }
  return check
}

function existingColumn(
  check: TableCheck,
  columna: ColumnSpec,
  found: ExistingColumn,
  dialect: Dialect,
): void {
  const { nombre, tipo, nulos } = columna
  if (found.generada) {
    check.problems.push(
      problem(
        'COLUMNA_GENERADA',
        nombre,
        `«${nombre}» la calcula la base: no se puede escribir.`,
        'Quitarla de la asignación.',
      ),
    )
    return
  }
  const fit = dialect.fit(found, tipo)
  if (!fit.ok) {
    check.problems.push(problem('TIPO_NO_CABE', nombre, `«${nombre}» ${fit.razon}`, fit.sugerencia))
    return
  }
  if (fit.limite) check.limites.set(nombre, fit.limite)
  if (!found.nulos || !nulos) check.sinNulos.add(nombre)
  check.columnas.push({ nombre, tipo, nulos })
}

function missingColumn(
  check: TableCheck,
  { nombre, tipo, nulos }: ColumnSpec,
  tabla: TablaMaterializada,
  { target, existing, dialect }: { target: TableRef; existing: ExistingTable; dialect: Dialect },
): void {
  const twin = existing.columnas.find((other) => other.nombre.toLowerCase() === nombre.toLowerCase())
  const hint = twin ? ` Hay una «${twin.nombre}», que solo difiere en mayúsculas.` : ''
  if (tabla.deriva === 'evolucionar') {
    check.ddl.push(dialect.addColumn(target, { nombre, tipo, nulos: true }))
    check.columnas.push({ nombre, tipo, nulos })
    check.agregadas.push(nombre)
    if (!nulos) check.sinNulos.add(nombre)
    if (twin)
      check.problems.push(problem('SOLO_MAYUSCULAS', nombre, `Se agrega «${nombre}».${hint}`, null, 'aviso'))
    return
  }
  if (tabla.deriva === 'descartar' && !strategyColumns(tabla).includes(nombre)) {
    check.descartadas.push(nombre)
    check.problems.push(
      problem(
        'COLUMNA_DESCARTADA',
        nombre,
        `La tabla no tiene «${nombre}»: no se carga.${hint}`,
        null,
        'aviso',
      ),
    )
    return
  }
  check.problems.push(
    problem(
      'COLUMNA_NO_EXISTE',
      nombre,
      `La tabla no tiene «${nombre}».${hint}`,
      'Agregarla a la tabla, quitarla de la asignación o cambiar qué se hace con las columnas nuevas.',
    ),
  )
}

/** Columns without which the strategy can't do its work: they are never left out. */
function strategyColumns({ estrategia }: TablaMaterializada): string[] {
  if (estrategia.tipo === 'upsert')
    return [...estrategia.clave, ...(estrategia.borrarSi ? [estrategia.borrarSi.columna] : [])]
  if (estrategia.tipo !== 'delete_insert') return []
  const { borrar } = estrategia
  if (borrar.por === 'clave') return borrar.clave
  return borrar.por === 'particion' ? borrar.columnas : borrar.condiciones.map(({ columna }) => columna)
}

const obligatory = (check: TableCheck, existing: ExistingTable, dialect: Dialect): TableProblem[] =>
  existing.columnas
    .filter(({ nulos, tieneDefecto, generada }) => !nulos && !tieneDefecto && !generada)
    .filter(({ nombre }) => !check.columnas.some((columna) => same(columna.nombre, nombre, dialect)))
    .filter(
      ({ nombre }) =>
        !check.problems.some(({ columna }) => columna !== null && same(columna, nombre, dialect)),
    )
    .map(({ nombre }) =>
      problem(
        'COLUMNA_OBLIGATORIA',
        nombre,
        `La tabla pide un valor en «${nombre}» y la asignación no la tiene.`,
        'Asignarla, o darle un valor por defecto en la base.',
      ),
    )

function keyProblems(
  check: TableCheck,
  key: readonly string[] | null,
  existing: ExistingTable,
  dialect: Dialect,
): TableProblem[] {
  if (key === null) return []
  const has = (unique: readonly string[]): boolean =>
    unique.length === key.length && unique.every((name) => key.some((one) => same(one, name, dialect)))
  const unique = existing.unicas.some(has)
  check.claveUnica = unique && !existing.particionada
  if (unique) return []
  return [
    problem(
      'CLAVE_SIN_INDICE',
      null,
      `La tabla no tiene un índice único sobre la clave (${key.join(', ')}): será más lenta y puede tener claves repetidas.`,
      'Crear el índice único en la base.',
      'aviso',
    ),
  ]
}
