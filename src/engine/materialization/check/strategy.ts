import { strategyOf } from '@engine/strategies'
import type { Estrategia, FormatoArchivo, TablaMaterializada } from '@shared/model/materializacion'
import type { DestinationRules } from '../destination-rules'
import { aviso, error, type Problem } from './tell'

/** Columns that a strategy finds rows by. */
export const keyColumns = (estrategia: Estrategia): readonly string[] =>
  estrategia.tipo === 'upsert'
    ? estrategia.clave
    : estrategia.tipo === 'delete_insert' && estrategia.borrar.por === 'clave'
      ? estrategia.borrar.clave
      : []

/** What a strategy lacks for this table and destination. */
export function strategyProblems(tabla: TablaMaterializada, destino: DestinationRules): Problem[] {
  const clave = keyColumns(tabla.estrategia)
  return [
    ...strategyOf(tabla.estrategia).check(tabla),
    ...clave.flatMap((nombre) => nullableKey(tabla, nombre)),
    ...(destino.clase === 'sql' ? sqlProblems(tabla, destino, clave) : fileProblems(tabla)),
  ]
}

function nullableKey({ columnas }: TablaMaterializada, nombre: string): Problem[] {
  const columna = columnas.find((candidate) => candidate.nombre === nombre)
  if (!columna?.nulos) return []
  const message = `«${nombre}» está en la clave y admite nulos: un registro sin clave no se puede encontrar.`
  return [error('CLAVE_ADMITE_NULOS', nombre, message, 'Marcarla como columna que no admite nulos.')]
}

function sqlProblems(
  { formato, indices, columnas }: TablaMaterializada,
  destino: Extract<DestinationRules, { clase: 'sql' }>,
  clave: readonly string[],
): Problem[] {
  const found: Problem[] = []
  const most = destino.dialect.capabilities.maxColumnasClave
  if (clave.length > most) {
    const message = `La clave tiene ${clave.length} columnas y ${destino.nombre} admite ${most}.`
    found.push(error('CLAVE_LARGA', null, message, 'Quitar columnas de la clave.'))
  }
  if (formato !== null) {
    const message = `${destino.nombre} no escribe archivos: el formato no se usa.`
    found.push(error('FORMATO_SOBRA', null, message, 'Quitar el formato o elegir un destino de archivos.'))
  }
  for (const indice of indices) {
    for (const nombre of indice.columnas) {
      const columna = columnas.find((candidate) => candidate.nombre === nombre)
      if (!columna) {
        found.push(
          error(
            'INDICE_SIN_COLUMNA',
            nombre,
            `Un índice pide «${nombre}», que no está en la asignación.`,
            'Quitarla del índice o asignarla.',
          ),
        )
        continue
      }
      const native = destino.dialect.type(columna.tipo, 'clave')
      if (!native.ok)
        found.push(error(native.codigo, nombre, `Para un índice: ${native.razon}`, native.sugerencia))
    }
    if (indice.columnas.length > most)
      found.push(
        error(
          'INDICE_LARGO',
          null,
          `Un índice tiene ${indice.columnas.length} columnas y ${destino.nombre} admite ${most}.`,
          'Quitar columnas del índice.',
        ),
      )
  }
  return found
}

function fileProblems(tabla: TablaMaterializada): Problem[] {
  const { formato, indices } = tabla
  if (formato === null)
    return [
      error(
        'FORMATO_FALTA',
        null,
        'Un destino de archivos necesita el formato de la tabla.',
        'Elegir Parquet, CSV, JSON o Excel.',
      ),
    ]
  const found: Problem[] = []
  if (indices.length > 0)
    found.push(
      aviso('INDICES_SIN_USO', null, 'Los archivos no tienen índices: los pedidos no se usan.', 'Quitarlos.'),
    )
  return [
    ...found,
    ...excelProblems(tabla, formato),
    ...partitionProblems(tabla, formato),
    ...jsonKeyProblems(tabla, formato),
  ]
}

function excelProblems({ estrategia }: TablaMaterializada, formato: FormatoArchivo): Problem[] {
  if (formato.tipo !== 'excel' || estrategia.tipo === 'full' || estrategia.tipo === 'truncate_insert')
    return []
  const message =
    'Un libro de Excel solo se reemplaza entero: no se puede agregar a él ni cambiar filas sueltas.'
  return [error('EXCEL_SOLO_REEMPLAZA', null, message, 'Usar la estrategia de reemplazo, o CSV o Parquet.')]
}

function partitionProblems({ columnas }: TablaMaterializada, formato: FormatoArchivo): Problem[] {
  if (formato.tipo !== 'parquet' || formato.particiones.length === 0) return []
  const found: Problem[] = []
  formato.particiones.forEach((nombre, place) => {
    const columna = columnas.find((candidate) => candidate.nombre === nombre)
    if (!columna)
      found.push(
        error(
          'PARTICION_SIN_COLUMNA',
          nombre,
          `«${nombre}» parte la tabla y no está en la asignación.`,
          'Asignarla o quitarla de las particiones.',
        ),
      )
    else if (formato.particiones.indexOf(nombre) < place)
      found.push(
        error('PARTICION_REPETIDA', nombre, `«${nombre}» parte la tabla dos veces.`, 'Dejarla una vez.'),
      )
    else if (columna.tipo.tipo === 'doble')
      found.push(
        error(
          'PARTICION_DOBLE',
          nombre,
          `«${nombre}» es un doble: sus valores no se escriben siempre igual en el nombre de una carpeta.`,
          'Partir por una fecha, un texto o un entero.',
        ),
      )
  })
  if (found.length === 0 && formato.particiones.length === columnas.length)
    found.push(
      error(
        'PARTICION_TODO',
        null,
        'Todas las columnas parten la tabla: no queda ninguna para los archivos.',
        'Dejar al menos una columna fuera de las particiones.',
      ),
    )
  return found
}

/** Digits that a number of JSON keeps whoever reads it. */
const JSON_DIGITS = 15

/** Columns that existing rows are found by, read back from the lines of the file. */
function jsonKeyProblems(tabla: TablaMaterializada, formato: FormatoArchivo): Problem[] {
  if (formato.tipo !== 'jsonl') return []
  return comparedColumns(tabla.estrategia).flatMap((nombre) => {
    const tipo = tabla.columnas.find((candidate) => candidate.nombre === nombre)?.tipo
    if (tipo?.tipo !== 'decimal' || tipo.precision <= JSON_DIGITS) return []
    const message = `«${nombre}» tiene ${tipo.precision} cifras y en JSON no se comparan con exactitud más de ${JSON_DIGITS}.`
    return [
      error(
        'CLAVE_DECIMAL_JSON',
        nombre,
        message,
        'Bajar la precisión, guardarla como texto o usar Parquet.',
      ),
    ]
  })
}

function comparedColumns(estrategia: Estrategia): readonly string[] {
  if (estrategia.tipo !== 'delete_insert') return keyColumns(estrategia)
  const { borrar } = estrategia
  if (borrar.por === 'clave') return borrar.clave
  return borrar.por === 'particion' ? borrar.columnas : borrar.condiciones.map(({ columna }) => columna)
}
