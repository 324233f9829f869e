import type { TablaMaterializada, TipoColumna } from '@shared/model/materializacion'
import type { StrategyProblem } from '../types'

const columnOf = (tabla: TablaMaterializada, nombre: string) =>
  tabla.columnas.find((columna) => columna.nombre === nombre)

/** Columns that a strategy names (`what`: «la clave») and that the mapping must have, once each. */
export function mappedColumns(
  nombres: readonly string[],
  tabla: TablaMaterializada,
  what: string,
): StrategyProblem[] {
  const problems: StrategyProblem[] = []
  for (const [place, nombre] of nombres.entries()) {
    const repeated = nombres.indexOf(nombre) !== place
    if (columnOf(tabla, nombre) && !repeated) continue
    problems.push({
      severidad: 'error',
      codigo: repeated ? 'CLAVE_DOS_VECES' : 'CLAVE_SIN_ASIGNAR',
      columna: nombre,
      mensaje: repeated
        ? `«${nombre}» está dos veces en ${what}.`
        : `«${nombre}» está en ${what} y no en la asignación.`,
      sugerencia: repeated ? 'Dejarla una vez.' : 'Asignar la columna o quitarla.',
    })
  }
  return problems
}

const SHAPES: Partial<Record<TipoColumna['tipo'], RegExp>> = {
  entero: /^[+-]?\d+$/,
  decimal: /^[+-]?\d+(\.\d+)?$/,
  doble: /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i,
  booleano: /^(true|false)$/,
  fecha: /^\d{4}-\d{2}-\d{2}$/,
  fecha_hora: /^\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}(:\d{2})?)?)?$/,
}

/** A value that a strategy compares with a column must read as the column's type. */
export function valueProblems(
  nombre: string,
  valores: readonly string[],
  tabla: TablaMaterializada,
): StrategyProblem[] {
  const columna = columnOf(tabla, nombre)
  const shape = columna && SHAPES[columna.tipo.tipo]
  const wrong = shape ? valores.find((valor) => !shape.test(valor)) : undefined
  if (!columna || wrong === undefined) return []
  return [
    {
      severidad: 'error',
      codigo: 'VALOR_DE_OTRO_TIPO',
      columna: nombre,
      mensaje: `«${wrong}» no es un valor de «${nombre}» (${columna.tipo.tipo}).`,
      sugerencia: 'Escribirlo como 123, 123.45, true, 2026-01-31 o 2026-01-31 10:20:30, según el tipo.',
    },
  ]
}
