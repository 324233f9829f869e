import type { EsquemaCorregido } from '@shared/model/muestra'
import { Document } from 'yaml'
import { quoted, slug, unrepeated } from './cells'

type Catalogo = EsquemaCorregido['catalogos'][number]
type Columna = Catalogo['columnas'][number]
type Rule = { name: string; description: string; rule: string; severity: 'error' }

/** A text inside a rule, as Python writes it. */
function pythonText(value: string): string {
  const escaped = value
    .replaceAll('\\', '\\\\')
    .replaceAll("'", "\\'")
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t')
  return `'${escaped}'`
}

const SHOWN_VALUES = 8

function valuesRule({ nombre, valores }: Columna): Rule[] {
  if (valores === null || valores.length === 0) return []
  const shown = valores.slice(0, SHOWN_VALUES).join(', ')
  const more = valores.length > SHOWN_VALUES ? '…' : ''
  return [
    {
      name: `Valores de ${nombre}`,
      description: `El valor debe ser uno de la lista: ${shown}${more}`,
      rule: `df[${pythonText(nombre)}].isin([${valores.map(pythonText).join(', ')}])`,
      severity: 'error',
    },
  ]
}

function fieldNode(columna: Columna): Record<string, unknown> {
  const { tipo, formato, decimal, miles, recortar } = columna
  const numeric = tipo === 'entero' || tipo === 'decimal'
  const rules = valuesRule(columna)
  return {
    name: columna.nombre,
    type: tipo,
    ...(columna.obligatorio ? { required: true } : {}),
    ...(columna.unico ? { unique: true } : {}),
    ...(tipo === 'fecha' && formato ? { format: formato } : {}),
    ...(numeric && decimal ? { decimal } : {}),
    ...(numeric && miles ? { thousands: miles } : {}),
    ...(recortar ? { trim: true } : {}),
    ...(rules.length > 0 ? { validation_rules: rules } : {}),
  }
}

function formatNode({
  formato,
  delimitador,
  hoja,
  codificacion,
  encabezado,
}: Catalogo): Record<string, unknown> {
  return {
    type: formato,
    ...(formato === 'CSV' ? { delimiter: delimitador ?? ',' } : {}),
    header: encabezado,
    // Only what would otherwise be guessed (and said) on each file.
    ...(codificacion === 'windows-1252' ? { encoding: 'windows-1252' } : {}),
    ...(formato === 'EXCEL' && hoja ? { sheet: hoja } : {}),
  }
}

function relationRules({ relaciones, catalogos }: EsquemaCorregido): Rule[] {
  return relaciones.map(({ desde, hacia }) => {
    const from = `df[${pythonText(desde.catalogo)}][${pythonText(desde.columna)}]`
    const to = `df[${pythonText(hacia.catalogo)}][${pythonText(hacia.columna)}]`
    const column = catalogos
      .find(({ id }) => id === desde.catalogo)
      ?.columnas.find(({ nombre }) => nombre === desde.columna)
    // An empty reference points nowhere, and that is for `required` to judge.
    const isIn = `${from}.isin(${to})`
    return {
      name: `${desde.catalogo}.${desde.columna} está en ${hacia.catalogo}`,
      description: `Cada ${quoted(desde.columna)} de ${desde.catalogo} debe estar en ${quoted(hacia.columna)} de ${hacia.catalogo}`,
      rule: column?.obligatorio ? isIn : `${from}.isnull() | ${isIn}`,
      severity: 'error',
    }
  })
}

/**
 * The SAGE YAML of a corrected proposal: one catalog per file, one package (a ZIP's, or of the file's own type), the value sets and
 * relations the person kept as rules. Pure; names and values may hold anything.
 */
export function sampleYaml(esquema: EsquemaCorregido): string {
  const ids = new Set(esquema.catalogos.map(({ id }) => id))
  const [first] = esquema.catalogos
  const relations = relationRules(esquema)
  const catalogs = esquema.catalogos.map((catalogo): [string, unknown] => [
    catalogo.id,
    {
      name: catalogo.nombre,
      description: `Archivo ${catalogo.archivo}`,
      filename: catalogo.archivo,
      file_format: formatNode(catalogo),
      fields: catalogo.columnas.map(fieldNode),
    },
  ])
  const pack = {
    name: esquema.nombre,
    description: esquema.descripcion || `Envío de ${esquema.nombre}`,
    file_format: { type: esquema.empaquetado === 'ZIP' ? 'ZIP' : (first?.formato ?? 'CSV') },
    catalogs: esquema.catalogos.map(({ id }) => id),
    ...(relations.length > 0 ? { package_validation: relations } : {}),
  }
  const document = new Document({
    sage_yaml: {
      name: esquema.nombre,
      description: esquema.descripcion || `Escrito desde una muestra de ${esquema.nombre}`,
      version: '1.0.0',
      author: 'SAGE',
      comments: 'Primer YAML, inferido de una muestra y corregido por una persona',
    },
    catalogs: new Map(catalogs),
    packages: new Map([[unrepeated(slug(esquema.nombre, 'envio'), ids), pack]]),
  })
  return document.toString({ lineWidth: 0, defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'PLAIN' })
}
