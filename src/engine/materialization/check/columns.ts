import type { Columna, TablaMaterializada } from '@shared/model/materializacion'
import type { FieldType } from '@shared/model/schema'
import type { DestinationRules } from '../destination-rules'
import { type Cast, castOf, controlType, nombreTipo, readConstant } from '../rows'
import { aviso, error, type Problem } from './tell'

export interface CatalogColumns {
  /** What is accepted, after the transformations. */
  columns: readonly { name: string; type: FieldType }[]
  /** Columns that always have a value. */
  filled: ReadonlySet<string>
}

/** What each column can't hold, and what it would lose. */
export function columnProblems(
  tabla: TablaMaterializada,
  catalog: CatalogColumns,
  destino: DestinationRules,
  clave: readonly string[],
): Problem[] {
  const most = destino.clase === 'sql' ? destino.dialect.capabilities.maxColumnas : null
  const many =
    most !== null && tabla.columnas.length > most
      ? [
          error(
            'MUCHAS_COLUMNAS',
            null,
            `La tabla tiene ${tabla.columnas.length} columnas y ${destino.nombre} admite ${most}.`,
            'Quitar columnas o repartirlas en varias tablas.',
          ),
        ]
      : []
  return [
    ...many,
    ...tabla.columnas.flatMap((columna) => [
      ...sourceProblems(columna, catalog),
      ...typeProblems(columna, destino, clave.includes(columna.nombre)),
    ]),
  ]
}

function typeProblems({ nombre, tipo }: Columna, destino: DestinationRules, inKey: boolean): Problem[] {
  if (tipo.tipo === 'decimal' && tipo.escala > tipo.precision) {
    const message = `«${nombre}» pide más decimales (${tipo.escala}) que cifras (${tipo.precision}).`
    return [error('ESCALA_MAYOR', nombre, message, 'Subir la precisión o bajar la escala.')]
  }
  if (destino.clase === 'archivos') return []
  const native = destino.dialect.type(tipo, inKey ? 'clave' : 'columna')
  return native.ok ? [] : [error(native.codigo, nombre, native.razon, native.sugerencia)]
}

function sourceProblems(columna: Columna, catalog: CatalogColumns): Problem[] {
  const { fuente, nombre } = columna
  switch (fuente.de) {
    case 'campo': {
      const field = catalog.columns.find(({ name }) => name === fuente.campo)
      if (!field) {
        const message = `El catálogo no acepta ningún campo «${fuente.campo}».`
        return [error('CAMPO_DESCONOCIDO', nombre, message, 'Elegir un campo del YAML o quitar la columna.')]
      }
      const cast = castProblems(
        columna,
        castOf(field.type, columna.tipo),
        `«${fuente.campo}» (${field.type})`,
      )
      const empty = !columna.nulos && !catalog.filled.has(fuente.campo)
      return empty ? [...cast, mayBeEmpty(nombre, fuente.campo)] : cast
    }
    case 'control':
      return castProblems(columna, castOf(controlType(fuente.control), columna.tipo), `«${fuente.control}»`)
    case 'constante':
      return constantProblems(columna, fuente.valor)
  }
}

function castProblems({ nombre, tipo }: Columna, cast: Cast | null, what: string): Problem[] {
  if (!cast) {
    const message = `«${nombre}» es ${nombreTipo(tipo)} y no puede guardar ${what}.`
    return [
      error('TIPO_NO_GUARDA', nombre, message, 'Cambiar el tipo de la columna, o el del campo en el YAML.'),
    ]
  }
  if (cast.aviso === null) return []
  return [
    aviso(
      'TIPO_PIERDE',
      nombre,
      `«${nombre}» guarda ${what} como ${nombreTipo(tipo)}: ${cast.aviso}.`,
      'Usar decimal para guardar todas las cifras.',
    ),
  ]
}

const mayBeEmpty = (nombre: string, campo: string): Problem =>
  aviso(
    'PUEDE_VENIR_VACIO',
    nombre,
    `«${nombre}» no admite nulos y el YAML no obliga a que «${campo}» traiga valor: la carga que lo traiga vacío se rechazará.`,
    'Marcar el campo como required en el YAML o admitir nulos.',
  )

function constantProblems({ nombre, tipo, nulos }: Columna, valor: string | null): Problem[] {
  const hint = `Escribirla como ${nombreTipo(tipo)}.`
  if (valor === null)
    return nulos
      ? []
      : [
          error(
            'CONSTANTE_INVALIDA',
            nombre,
            `La constante de «${nombre}» es nula y la columna no admite nulos.`,
            hint,
          ),
        ]
  const read = readConstant(tipo, valor)
  return read.ok
    ? []
    : [error('CONSTANTE_INVALIDA', nombre, `La constante «${valor}» de «${nombre}» ${read.razon}.`, hint)]
}
