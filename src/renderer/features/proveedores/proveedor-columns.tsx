import type { Proveedor, TipoProveedor } from '@shared/model/proveedor'
import { type ReactNode, useMemo } from 'react'
import { useText } from '../../app/prefs'
import { PruebaBadge, pruebaTexto } from '../../blocks/conexion/prueba-badge'
import { actionsColumn, dateColumn, type GridColumn } from '../../ui/grid/columns'
import type { GridSort } from '../../ui/grid/grid-head'
import { lugarDe } from './campos'
import type { Usos } from './use-usos'

const plain = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()

const byName = (row: Proveedor) => plain(row.nombre)
const KEYS: Record<string, (row: Proveedor) => string> = {
  tipo: (row) => row.tipo,
  prueba: (row) => row.ultimaPrueba?.en ?? '',
}

/** The providers that match, in their order. */
export function listProveedores(items: readonly Proveedor[], search: string, sort: GridSort): Proveedor[] {
  const wanted = plain(search.trim())
  const key = KEYS[sort.column] ?? byName
  const way = sort.direction === 'asc' ? 1 : -1
  return items
    .filter(
      (row) => wanted === '' || plain(`${row.nombre} ${row.descripcion} ${lugarDe(row)}`).includes(wanted),
    )
    .sort((a, b) => {
      const [x, y] = [key(a), key(b)]
      return x < y ? -way : x > y ? way : 0
    })
}

export function useProveedorColumns(
  tipos: readonly TipoProveedor[],
  usos: Usos,
  menu: (row: Proveedor) => ReactNode,
): GridColumn<Proveedor>[] {
  const { t, lang, date } = useText()
  return useMemo(
    () => [
      {
        ...{ id: 'nombre', header: t('column.nombre'), width: 220, grow: true, sortable: true },
        text: (row) => row.nombre,
      },
      {
        ...{ id: 'tipo', header: t('column.tipoDestino'), width: 150, sortable: true },
        text: (row) => tipos.find(({ tipo }) => tipo === row.tipo)?.nombre[lang] ?? row.tipo,
      },
      {
        ...{ id: 'lugar', header: t('destino.lugar'), width: 240, grow: true, mono: true },
        text: lugarDe,
      },
      {
        ...{ id: 'usos', header: t('secreto.usadoPor'), width: 150 },
        text: ({ id }) => (usos.get(id) ?? []).join(', '),
      },
      {
        ...{ id: 'salud', header: t('column.prueba'), width: 130 },
        text: (row) => pruebaTexto(t, row.ultimaPrueba),
        render: (row) => <PruebaBadge prueba={row.ultimaPrueba} />,
      },
      {
        ...{ id: 'prueba', header: t('column.probado'), sortable: true, ...dateColumn(lang) },
        text: (row) => (row.ultimaPrueba ? date(row.ultimaPrueba.en) : ''),
      },
      { ...actionsColumn(t('column.acciones')), render: menu },
    ],
    [t, lang, date, tipos, usos, menu],
  )
}
