import type { Columna, TablaMaterializada, TipoColumna } from '@shared/model/materializacion'
import type { Text } from '../../app/prefs'

/** A column's type in a few words: «decimal(12,2)», «fecha y hora con zona». */
export function tipoTexto({ t }: Pick<Text, 't'>, tipo: TipoColumna): string {
  switch (tipo.tipo) {
    case 'texto':
      return tipo.largo === undefined ? t('tipoColumna.texto') : `${t('tipoColumna.texto')}(${tipo.largo})`
    case 'decimal':
      return `${t('tipoColumna.decimal')}(${tipo.precision},${tipo.escala})`
    case 'fecha_hora':
      return t(tipo.zona ? 'tipoColumna.fecha_hora.zona' : 'tipoColumna.fecha_hora')
    default:
      return t(`tipoColumna.${tipo.tipo}`)
  }
}

/** Where a column's values come from, as a person reads it. */
export function fuenteTexto({ t }: Pick<Text, 't'>, { fuente }: Columna): string {
  if (fuente.de === 'campo') return fuente.campo
  if (fuente.de === 'control') return t(`control.${fuente.control}`)
  return fuente.valor === null ? t('mapeo.nulo') : `«${fuente.valor}»`
}

/** Where a table lands: with its schema when it has one. */
export const tablaTexto = ({ esquema, tabla }: Pick<TablaMaterializada, 'esquema' | 'tabla'>): string =>
  esquema === null ? tabla : `${esquema}.${tabla}`

/** Key columns of a strategy: what tells a row from another. */
export function claveDe({ estrategia }: Pick<TablaMaterializada, 'estrategia'>): readonly string[] {
  if (estrategia.tipo === 'upsert') return estrategia.clave
  if (estrategia.tipo === 'delete_insert' && estrategia.borrar.por === 'clave') return estrategia.borrar.clave
  return []
}
