import type {
  Columna,
  Condicion,
  Cuando,
  Estrategia,
  FormatoArchivo,
  TablaMaterializada,
  TipoColumna,
} from '@shared/model/materializacion'
import { createDrafts } from '../../../api/drafts'
import {
  isFlag,
  isNumber,
  isText,
  listOf,
  oneOf,
  optional,
  orNull,
  recordOf,
  shaped,
  tagged,
} from '../../../api/shape'
import { isFrecuenciaDraft } from '../../../blocks/frecuencia-draft'
import {
  COMPRESION_VALUES,
  CONTROL_VALUES,
  DERIVA_VALUES,
  OPERADOR_VALUES,
} from '../../../blocks/materializacion/values'
import type { MatDraft } from './draft'

type De<T, K extends string> = Extract<T, { tipo: K }>
const names = listOf(isText)

const isEstrategia = tagged<Estrategia, 'tipo'>('tipo', {
  append: {},
  upsert: {
    clave: names,
    borrarSi: optional(shaped<{ columna: string; valor: string }>({ columna: isText, valor: isText })),
  },
  delete_insert: {
    borrar: tagged<De<Estrategia, 'delete_insert'>['borrar'], 'por'>('por', {
      clave: { clave: names },
      condicion: {
        condiciones: listOf(
          shaped<Condicion>({ columna: isText, operador: oneOf(OPERADOR_VALUES), valores: names }),
        ),
      },
      particion: { columnas: names },
    }),
  },
  truncate_insert: {},
  full: { conservar: isNumber },
})

const isColumna = shaped<Columna>({
  nombre: isText,
  fuente: tagged<Columna['fuente'], 'de'>('de', {
    campo: { campo: isText },
    constante: { valor: orNull(isText) },
    control: { control: oneOf(CONTROL_VALUES) },
  }),
  tipo: tagged<TipoColumna, 'tipo'>('tipo', {
    texto: { largo: optional(isNumber) },
    entero: {},
    decimal: { precision: isNumber, escala: isNumber },
    doble: {},
    booleano: {},
    fecha: {},
    fecha_hora: { zona: isFlag },
  }),
  nulos: isFlag,
})

const isTabla = shaped<TablaMaterializada>({
  catalogo: isText,
  esquema: orNull(isText),
  tabla: isText,
  columnas: listOf(isColumna),
  estrategia: isEstrategia,
  filtro: orNull(isText),
  crear: isFlag,
  indices: listOf(shaped<TablaMaterializada['indices'][number]>({ columnas: names, unico: isFlag })),
  deriva: oneOf(DERIVA_VALUES),
  formato: orNull(
    tagged<FormatoArchivo, 'tipo'>('tipo', {
      parquet: { compresion: oneOf(COMPRESION_VALUES), filasPorGrupo: isNumber, particiones: names },
      csv: { delimitador: isText, encabezado: isFlag },
      jsonl: {},
      excel: { hoja: isText },
    }),
  ),
})

/** Whether the wizard can show it; what it says, and still lacks, is for the engine to judge. */
export const isMatDraft = shaped<MatDraft>({
  step: isNumber,
  nombre: isText,
  descripcion: isText,
  activa: isFlag,
  casillaId: orNull(isNumber),
  catalogos: names,
  filtros: recordOf(isText),
  destinoId: orNull(isNumber),
  tablas: listOf(isTabla),
  propuestaPara: orNull(isText),
  cuando: oneOf<Cuando['tipo']>(['cada_ejecucion', 'manual', 'programada']),
  frecuencia: isFrecuenciaDraft,
  maxIntentos: orNull(isNumber),
})

/** Connections and their passwords belong to the destination, which is saved: none is ever here. */
export const matDrafts = createDrafts<MatDraft>({ key: 'sage.materializacion.borradores', is: isMatDraft })

/** Where what is saved is changed, and where a new one is written: one for each casilla that it was begun from. */
export const editPath = (id: number) => `/materializaciones/${id}/editar`
export const newPath = (casillaId: number | null) =>
  `/materializaciones/nueva${casillaId === null ? '' : `?casilla=${casillaId}`}`
