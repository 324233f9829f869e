import { acceptedColumns } from '@engine/execution/stage/accepted-columns'
import type {
  Columna,
  Control,
  ProblemaMaterializacion,
  TablaMaterializada,
  TipoColumna,
} from '@shared/model/materializacion'
import { tablaMaterializadaSchema } from '@shared/model/materializacion'
import type { CatalogSpec, FieldSpec, FieldType, SageSchema } from '@shared/model/schema'
import { type DestinationRules, identifierRules } from '../destination-rules'
import { inOrderOfReferences, keyOf } from './keys'
import { legalName } from './legal-name'
import type { ColumnProfile, Profiles } from './profile'

/** A decimal of which nothing was seen. */
const DEFAULT_DECIMAL = { precision: 18, escala: 4 }
/** Digits left free beyond what was seen: a value that does not fit is refused, never rounded. */
const ROOM = { enteros: 4, decimales: 2 }
const MOST_DIGITS = 38
/** Of a text in a key, where the database can't have one without limit. */
const KEY_LENGTH = 255

/** What tells where a row came from; left out where rows are updated, for it would make every row a changed one. */
const CONTROLS: { control: Control; tipo: TipoColumna }[] = [
  { control: 'ejecucion', tipo: { tipo: 'texto', largo: 36 } },
  { control: 'archivo', tipo: { tipo: 'texto', largo: 255 } },
  { control: 'registro', tipo: { tipo: 'entero' } },
  { control: 'cargado_en', tipo: { tipo: 'fecha_hora', zona: true } },
]

export interface ProposalInput {
  schema: SageSchema
  /** null: all of the YAML. */
  catalogos: readonly string[] | null
  destino: DestinationRules
  /** Schema of every table; null: the destination's own. */
  esquema: string | null
  perfiles: Profiles
}

export interface Proposal {
  tablas: TablaMaterializada[]
  avisos: ProblemaMaterializacion[]
}

/**
 * A first mapping of the catalogs of a YAML: each a table after those it refers to; columns under names that the destination takes, of the
 * types that the YAML and the accepted data show; updated by its key where the YAML says one, else appended to.
 */
export function proposeTables(input: ProposalInput): Proposal {
  const wanted = input.catalogos ?? [...input.schema.catalogs.keys()]
  const known = wanted.filter((id) => input.schema.catalogs.has(id))
  const taken = new Set<string>()
  const avisos: ProblemaMaterializacion[] = []
  const tablas = inOrderOfReferences(input.schema, known).flatMap((id, index) => {
    const catalog = input.schema.catalogs.get(id)
    if (!catalog) return []
    const tabla = legalName(id, identifierRules(input.destino), taken, 'tabla')
    return [proposeTable(catalog, tabla, input, (aviso) => avisos.push({ ...aviso, tabla: index }))]
  })
  return { tablas, avisos }
}

type Tell = (aviso: Omit<ProblemaMaterializacion, 'tabla'>) => void

function proposeTable(
  catalog: CatalogSpec,
  tabla: string,
  { destino, esquema, perfiles }: ProposalInput,
  tell: Tell,
): TablaMaterializada {
  const rules = identifierRules(destino)
  const taken = new Set<string>()
  const key = keyOf(catalog)
  const columnas = acceptedColumns(catalog).map(({ name, type }, i): Columna => {
    const nombre = legalName(name, rules, taken, `columna_${i + 1}`)
    const inKey = key?.includes(name) ?? false
    const field = catalog.fields.find((candidate) => candidate.name === name && candidate.type === type)
    const tipo = typeOf(type, field, perfiles.get(catalog.id)?.get(name))
    return {
      nombre,
      fuente: { de: 'campo', campo: name },
      tipo: inKey ? keyType(tipo, nombre, destino, tell) : tipo,
      nulos: !inKey,
    }
  })
  const clave = key?.flatMap((name) => columnas.find((columna) => fieldOf(columna) === name)?.nombre ?? [])
  if (!clave) {
    columnas.push(
      ...CONTROLS.map(({ control, tipo }) =>
        controlColumn(control, tipo, legalName(control, rules, taken, control)),
      ),
    )
    tell({
      severidad: 'aviso',
      codigo: 'SIN_CLAVE',
      columna: null,
      mensaje: `El YAML no dice qué distingue un registro de «${catalog.id}» de otro: cada carga se agrega a las anteriores.`,
      sugerencia: 'Elegir otra estrategia, o marcar en el YAML un campo como required y unique.',
    })
  }
  return tablaMaterializadaSchema.parse({
    catalogo: catalog.id,
    esquema,
    tabla,
    columnas,
    estrategia: clave ? { tipo: 'upsert', clave } : { tipo: 'append' },
    formato: destino.clase === 'archivos' ? { tipo: 'parquet' } : null,
  })
}

const controlColumn = (control: Control, tipo: TipoColumna, nombre: string): Columna => ({
  nombre,
  fuente: { de: 'control', control },
  tipo,
  nulos: true,
})

const fieldOf = ({ fuente }: Columna): string | null => (fuente.de === 'campo' ? fuente.campo : null)

function typeOf(type: FieldType, field: FieldSpec | undefined, seen: ColumnProfile | undefined): TipoColumna {
  switch (type) {
    case 'texto':
      return field?.maxLength === undefined ? { tipo: 'texto' } : { tipo: 'texto', largo: field.maxLength }
    case 'entero':
      return { tipo: 'entero' }
    case 'booleano':
      return { tipo: 'booleano' }
    case 'decimal':
      return { tipo: 'decimal', ...(seen?.visto ? roomFor(seen) : DEFAULT_DECIMAL) }
    case 'fecha':
      return hasTime(field, seen) ? { tipo: 'fecha_hora', zona: false } : { tipo: 'fecha' }
  }
}

function roomFor({ enteros, decimales }: ColumnProfile): { precision: number; escala: number } {
  const escala = Math.min(decimales + ROOM.decimales, Math.max(decimales, MOST_DIGITS - enteros))
  const precision = Math.max(DEFAULT_DECIMAL.precision, enteros + ROOM.enteros + escala)
  return { precision: Math.max(Math.min(precision, MOST_DIGITS), enteros + escala), escala }
}

const TIME_MARKS = /%[HIMSfpcXTR]/

/** A date of which nothing was seen may have a time, unless its own form has none. */
function hasTime(field: FieldSpec | undefined, seen: ColumnProfile | undefined): boolean {
  if (field?.format !== undefined) return TIME_MARKS.test(field.format)
  return seen?.visto ? seen.conHora : true
}

/** A key has to be of a type that the database can index. */
function keyType(tipo: TipoColumna, columna: string, destino: DestinationRules, tell: Tell): TipoColumna {
  if (destino.clase !== 'sql' || tipo.tipo !== 'texto' || tipo.largo !== undefined) return tipo
  if (destino.dialect.type(tipo, 'clave').ok) return tipo
  tell({
    severidad: 'aviso',
    codigo: 'CLAVE_CON_LARGO',
    columna,
    mensaje: `${destino.dialect.nombre} pide un largo para «${columna}», que está en la clave: se propone ${KEY_LENGTH}.`,
    sugerencia: 'Cambiarlo si los valores son más largos.',
  })
  return { tipo: 'texto', largo: KEY_LENGTH }
}
