import type { Destino } from '@shared/model/destino'
import { type ReactNode, useMemo } from 'react'
import { useText } from '../../app/prefs'
import { PruebaBadge, pruebaTexto } from '../../blocks/conexion/prueba-badge'
import { actionsColumn, dateColumn, type GridColumn } from '../../ui/grid/columns'
import type { GridSort } from '../../ui/grid/grid-head'

const plain = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()

const KEYS: Record<string, (row: Destino) => string | number> = {
  nombre: (row) => plain(row.nombre),
  tipo: (row) => row.tipo,
  usos: (row) => row.usos,
  prueba: (row) => row.ultimaPrueba?.en ?? '',
}

/** The destinations that match, in their order. */
export function listDestinos(items: readonly Destino[], search: string, sort: GridSort): Destino[] {
  const wanted = plain(search.trim())
  const key = KEYS[sort.column] ?? KEYS.nombre
  const way = sort.direction === 'asc' ? 1 : -1
  return items
    .filter((row) => wanted === '' || plain(`${row.nombre} ${row.lugar}`).includes(wanted))
    .sort((a, b) => {
      const [x, y] = [key?.(a) ?? '', key?.(b) ?? '']
      return x < y ? -way : x > y ? way : 0
    })
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
