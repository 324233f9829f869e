import type { Destino } from '@shared/model/destino'
import { type ReactNode, useMemo } from 'react'
import { useText } from '../../app/prefs'
import { PruebaBadge, pruebaTexto } from '../../blocks/conexion/prueba-badge'
import { actionsColumn, dateColumn, type GridColumn } from '../../ui/grid/columns'
import type { ListRules } from '../../ui/grid/list-rows'
import { plain } from '../../ui/plain'

export const DESTINO_RULES: ListRules<Destino> = {
  text: (row) => `${row.nombre} ${row.lugar}`,
  keys: {
    nombre: (row) => plain(row.nombre),
    tipo: (row) => row.tipo,
    usos: (row) => row.usos,
    prueba: (row) => row.ultimaPrueba?.en ?? '',
  },
}

export function useDestinoColumns(menu: (row: Destino) => ReactNode): GridColumn<Destino>[] {
  const { t, lang, date, number } = useText()
  return useMemo(
    () => [
      {
        id: 'nombre',
        header: t('column.nombre'),
        width: 220,
        grow: true,
        sortable: true,
        text: (row) => row.nombre,
      },
      {
        id: 'tipo',
        header: t('column.tipoDestino'),
        width: 150,
        sortable: true,
        text: (row) => t(`tipoDestino.${row.tipo}`),
      },
      {
        id: 'lugar',
        header: t('destino.lugar'),
        width: 260,
        grow: true,
        mono: true,
        text: (row) => row.lugar,
      },
      {
        id: 'usos',
        header: t('column.usos'),
        width: 138,
        floor: 138,
        align: 'right',
        sortable: true,
        text: (row) => number(row.usos),
      },
      {
        id: 'resultado',
        header: t('column.prueba'),
        width: 130,
        text: (row) => pruebaTexto(t, row.ultimaPrueba),
        render: (row) => <PruebaBadge prueba={row.ultimaPrueba} />,
      },
      {
        id: 'prueba',
        header: t('column.probado'),
        ...dateColumn(lang),
        sortable: true,
        text: (row) => (row.ultimaPrueba ? date(row.ultimaPrueba.en) : ''),
      },
      { ...actionsColumn(t('column.acciones')), render: menu },
    ],
    [t, lang, date, number, menu],
  )
}
