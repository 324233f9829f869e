import type { Proveedor, TipoProveedor } from '@shared/model/proveedor'
import { type ReactNode, useMemo } from 'react'
import { useText } from '../../app/prefs'
import { PruebaBadge, pruebaTexto } from '../../blocks/conexion/prueba-badge'
import { actionsColumn, dateColumn, type GridColumn } from '../../ui/grid/columns'
import type { ListRules } from '../../ui/grid/list-rows'
import { plain } from '../../ui/plain'
import { lugarDe } from './campos'
import type { Usos } from './use-usos'

export const PROVEEDOR_RULES: ListRules<Proveedor> = {
  text: (row) => `${row.nombre} ${row.descripcion} ${lugarDe(row)}`,
  keys: {
    nombre: (row) => plain(row.nombre),
    tipo: (row) => row.tipo,
    prueba: (row) => row.ultimaPrueba?.en ?? '',
  },
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
