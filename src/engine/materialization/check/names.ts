import { FILE_NAME_HINT, isFileName } from '@engine/destinations/archivos'
import { RESERVED_PREFIX } from '@engine/destinations/types'
import type { TablaMaterializada } from '@shared/model/materializacion'
import { type DestinationRules, foldName, identifierRules, nameLength } from '../destination-rules'
import { error, type Problem } from './tell'

/** Names of the table and its columns that the destination does not take. What is reserved is quoted, so it is fine. */
export function nameProblems(tabla: TablaMaterializada, destino: DestinationRules): Problem[] {
  const names = [tabla.tabla, ...(tabla.esquema === null ? [] : [tabla.esquema])]
  const columns = tabla.columnas.map(({ nombre }) => nombre)
  return [
    ...names.flatMap((name) => nameProblem(name, null, destino) ?? placeProblem(name, destino)),
    ...columns.flatMap((name) => nameProblem(name, name, destino) ?? []),
    ...repeatedColumns(tabla, destino),
    ...schemaProblem(tabla, destino),
  ]
}

function nameProblem(name: string, columna: string | null, destino: DestinationRules): Problem[] | null {
  const rules = identifierRules(destino)
  if (name.includes('\0'))
    return [error('NOMBRE_INVALIDO', columna, 'Un nombre trae el carácter NUL.', 'Escribir otro nombre.')]
  if (name.toLowerCase().startsWith(RESERVED_PREFIX)) {
    const message = `«${name}» empieza con ${RESERVED_PREFIX}, que es del motor.`
    return [error('NOMBRE_RESERVADO', columna, message, 'Escribir otro nombre.')]
  }
  if (nameLength(name, rules) <= rules.max) return null
  const message = `«${name}» pasa de ${rules.max} ${rules.unidad}, lo más que ${destino.nombre} admite en un nombre.`
  return [error('NOMBRE_LARGO', columna, message, 'Acortar el nombre.')]
}

/** A table of files is a file or a folder inside the destination's: its name can't lead out of it. */
function placeProblem(name: string, destino: DestinationRules): Problem[] {
  if (destino.clase !== 'archivos' || isFileName(name)) return []
  const message = `«${name}» no puede ser el nombre de un archivo en todos los sistemas.`
  return [error('NOMBRE_INVALIDO', null, message, FILE_NAME_HINT)]
}

function repeatedColumns({ columnas }: TablaMaterializada, destino: DestinationRules): Problem[] {
  const rules = identifierRules(destino)
  const first = new Map<string, string>()
  return columnas.flatMap(({ nombre }) => {
    const folded = foldName(nombre, rules)
    const before = first.get(folded)
    if (before === undefined) {
      first.set(folded, nombre)
      return []
    }
    const message =
      before === nombre
        ? `La columna «${nombre}» está dos veces.`
        : `Las columnas «${before}» y «${nombre}» son la misma para ${destino.nombre}, que no distingue mayúsculas.`
    return [error('COLUMNA_REPETIDA', nombre, message, 'Cambiar el nombre de una o quitarla.')]
  })
}

function schemaProblem({ esquema }: TablaMaterializada, destino: DestinationRules): Problem[] {
  if (esquema === null || destino.clase === 'archivos' || destino.dialect.capabilities.esquemas) return []
  const message = `${destino.nombre} no tiene esquemas y la tabla pide «${esquema}».`
  return [error('SIN_ESQUEMAS', null, message, 'Dejar el esquema vacío.')]
}

/** Tables that would be written twice. */
export function repeatedTargets(
  tablas: readonly TablaMaterializada[],
  destino: DestinationRules,
): Map<number, Problem> {
  const rules = identifierRules(destino)
  const first = new Map<string, string>()
  const found = new Map<number, Problem>()
  tablas.forEach(({ esquema, tabla, catalogo }, index) => {
    const target = JSON.stringify(
      [esquema, tabla].map((name) => (name === null ? null : foldName(name, rules))),
    )
    const before = first.get(target)
    if (before === undefined) {
      first.set(target, catalogo)
      return
    }
    const message = `«${catalogo}» y «${before}» se escriben en la misma tabla «${tabla}».`
    found.set(index, error('TABLA_REPETIDA', null, message, 'Dar a cada catálogo su tabla.'))
  })
  return found
}
