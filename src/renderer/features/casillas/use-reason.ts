import type { ArchivoRecibido } from '@shared/model/recepcion'
import { useCallback } from 'react'
import { useText } from '../../app/prefs'

/** Why a received file stands as it does: the engine's words, or what its verdict means. */
export function useReason(): (row: ArchivoRecibido) => string {
  const { t, date } = useText()
  return useCallback(
    ({ motivo, desenlace, proximoIntento }) => {
      if (proximoIntento)
        return `${motivo ?? ''} ${t('column.proximoIntento')}: ${date(proximoIntento)}`.trim()
      if (motivo !== null) return motivo
      if (desenlace === 'rechazado') return t('archivo.refusedByYaml')
      return desenlace === 'parcial' ? t('archivo.partlyRefused') : ''
    },
    [t, date],
  )
}
