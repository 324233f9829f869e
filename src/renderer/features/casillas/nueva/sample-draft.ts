import type {
  CatalogoInferido,
  CorreccionMuestra,
  EsquemaCorregido,
  MuestraInferida,
} from '@shared/model/muestra'
import type { FieldType } from '@shared/model/schema'

export type CatalogoCorregido = EsquemaCorregido['catalogos'][number]
export type ColumnaCorregida = CatalogoCorregido['columnas'][number]

const catalogOf = (inferido: CatalogoInferido): CatalogoCorregido => ({
  id: inferido.id,
  nombre: inferido.nombre,
  archivo: inferido.archivo,
  formato: inferido.formato,
  delimitador: inferido.delimitador,
  hoja: inferido.hoja,
  codificacion: inferido.codificacion,
  encabezado: inferido.decision.encabezado,
  columnas: inferido.columnas.map((columna) => ({
    nombre: columna.nombre,
    tipo: columna.tipo,
    formato: columna.formato,
    decimal: columna.decimal,
    miles: columna.miles,
    recortar: columna.recortar,
    obligatorio: columna.obligatorio,
    unico: columna.unico,
    // Suggested, not assumed: a list that is closed in the sample may not be in the next file.
    valores: null,
  })),
})

/** The proposal as it is edited. */
export const schemaOf = (inferida: MuestraInferida): EsquemaCorregido => ({
  nombre: inferida.nombre,
  descripcion: '',
  empaquetado: inferida.empaquetado,
  catalogos: inferida.catalogos.map(catalogOf),
  relaciones: [],
})

const sameShape = (a: CatalogoCorregido, b: CatalogoCorregido): boolean =>
  a.id === b.id &&
  a.encabezado === b.encabezado &&
  a.delimitador === b.delimitador &&
  a.hoja === b.hoja &&
  a.columnas.length === b.columnas.length

/** After the sample was read again: what was edited stays in the files that are still read the same way. */
export function mergeSchema(edited: EsquemaCorregido, inferida: MuestraInferida): EsquemaCorregido {
  const fresh = schemaOf(inferida)
  const catalogos = fresh.catalogos.map((next) => {
    const before = edited.catalogos.find((catalogo) => sameShape(catalogo, next))
    if (before) return before
    const renamed = edited.catalogos.find((catalogo) => catalogo.id === next.id)
    return renamed ? { ...next, nombre: renamed.nombre, archivo: renamed.archivo } : next
  })
  const exists = (end: { catalogo: string; columna: string }): boolean =>
    catalogos.some(
      ({ id, columnas }) => id === end.catalogo && columnas.some(({ nombre }) => nombre === end.columna),
    )
  return {
    ...edited,
    catalogos,
    relaciones: edited.relaciones.filter(({ desde, hacia }) => exists(desde) && exists(hacia)),
  }
}

/** One more thing the person says of a file of the sample; what was said before of it stays. */
export const withCorrection = (
  corrections: readonly CorreccionMuestra[],
  origen: string,
  part: Omit<CorreccionMuestra, 'origen'>,
): CorreccionMuestra[] => {
  const before = corrections.find((item) => item.origen === origen)
  return [...corrections.filter((item) => item.origen !== origen), { ...before, ...part, origen }]
}

export const withColumn = (
  catalogo: CatalogoCorregido,
  index: number,
  part: Partial<ColumnaCorregida>,
): CatalogoCorregido => ({
  ...catalogo,
  columnas: catalogo.columnas.map((columna, i) => (i === index ? { ...columna, ...part } : columna)),
})

/** A column told to be of another type: only the form of that type means anything from then on. */
export const withType = (columna: ColumnaCorregida, tipo: FieldType): ColumnaCorregida => {
  const numeric = tipo === 'entero' || tipo === 'decimal'
  return {
    ...columna,
    tipo,
    formato: tipo === 'fecha' ? columna.formato : null,
    decimal: numeric ? columna.decimal : null,
    miles: numeric ? columna.miles : null,
    valores: tipo === 'texto' ? columna.valores : null,
  }
}

/** A new name for a column, also where relations speak of it. */
export function withName(
  esquema: EsquemaCorregido,
  catalogo: string,
  index: number,
  nombre: string,
): EsquemaCorregido {
  const before = esquema.catalogos.find(({ id }) => id === catalogo)?.columnas[index]?.nombre
  const renamed = (end: { catalogo: string; columna: string }) =>
    end.catalogo === catalogo && end.columna === before ? { ...end, columna: nombre } : end
  return {
    ...esquema,
    catalogos: esquema.catalogos.map((one) =>
      one.id === catalogo ? withColumn(one, index, { nombre }) : one,
    ),
    relaciones: esquema.relaciones.map(({ desde, hacia }) => ({
      desde: renamed(desde),
      hacia: renamed(hacia),
    })),
  }
}

/** Names that are empty or repeated in their catalog: the YAML would be refused for them. */
export function nameFaults(columnas: readonly Pick<ColumnaCorregida, 'nombre'>[]): Set<number> {
  const first = new Map<string, number>()
  const faults = new Set<number>()
  columnas.forEach(({ nombre }, index) => {
    const key = nombre.trim()
    if (key === '' || first.has(key)) faults.add(index)
    else first.set(key, index)
  })
  return faults
}

/** How numbers can be written, as one choice. */
export const NUMBER_FORMS = [
  { id: 'plain', decimal: null, miles: null, example: '1234.56' },
  { id: 'coma', decimal: ',', miles: null, example: '1234,56' },
  { id: 'milesComa', decimal: null, miles: ',', example: '1,234.56' },
  { id: 'milesPunto', decimal: ',', miles: '.', example: '1.234,56' },
  { id: 'milesEspacio', decimal: null, miles: ' ', example: '1 234.56' },
  { id: 'milesEspacioComa', decimal: ',', miles: ' ', example: '1 234,56' },
] as const

export const numberForm = ({ decimal, miles }: Pick<ColumnaCorregida, 'decimal' | 'miles'>): string =>
  NUMBER_FORMS.find((form) => form.decimal === decimal && form.miles === miles)?.id ?? 'plain'

/** The forms that tell anything apart for the column's type, each as it looks: whole numbers have no decimal mark to choose. */
export function numberForms(columna: ColumnaCorregida): { id: string; example: string }[] {
  if (columna.tipo !== 'entero') return NUMBER_FORMS.map(({ id, example }) => ({ id, example }))
  const own = numberForm(columna)
  const whole = NUMBER_FORMS.map(({ id, example }) => ({ id, example: example.slice(0, -3) }))
  const shown = whole.find(({ id }) => id === own)?.example
  const first = (example: string): string | undefined => whole.find((form) => form.example === example)?.id
  return whole.filter(({ id, example }) => id === own || (example !== shown && first(example) === id))
}

/** Forms of dates offered, ISO (none to write) first. */
export const DATE_FORMS = [
  { format: null, example: '2024-12-31' },
  { format: '%d/%m/%Y', example: '31/12/2024' },
  { format: '%m/%d/%Y', example: '12/31/2024' },
  { format: '%d-%m-%Y', example: '31-12-2024' },
  { format: '%d.%m.%Y', example: '31.12.2024' },
  { format: '%Y/%m/%d', example: '2024/12/31' },
  { format: '%Y%m%d', example: '20241231' },
  { format: '%d/%m/%y', example: '31/12/24' },
  { format: '%d/%m/%Y %H:%M', example: '31/12/2024 18:30' },
  { format: '%d/%m/%Y %H:%M:%S', example: '31/12/2024 18:30:00' },
] as const
