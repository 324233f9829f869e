import { Button, Drawer } from '@mantine/core'
import { modals } from '@mantine/modals'
import type { Emisor } from '@shared/model/emisor'
import { useMemo, useState } from 'react'
import { useCommand, useOp } from '../../api/hooks'
import { useText } from '../../app/prefs'
import { EmisorForm } from '../../blocks/emisor-form'
import { ConfirmName } from '../../ui/confirm-name'
import type { GridColumn } from '../../ui/grid/columns'
import { ListGrid } from '../../ui/grid/list-grid'
import type { ListRules } from '../../ui/grid/list-rows'
import { notifyError } from '../../ui/notify'
import { Page } from '../../ui/page'
import { plain } from '../../ui/plain'

function useColumns(): GridColumn<Emisor>[] {
  const { t, date } = useText()
  return useMemo(
    () => [
      {
        id: 'nombre',
        header: t('emisor.nombre'),
        width: 220,
        grow: true,
        sortable: true,
        text: (row) => row.nombre,
      },
      {
        id: 'organizacion',
        header: t('emisor.organizacion'),
        width: 160,
        sortable: true,
        text: (row) => row.organizacion,
      },
      {
        id: 'tipo',
        header: t('emisor.tipo'),
        width: 116,
        sortable: true,
        text: (row) => t(`tipoEmisor.${row.tipo}`),
      },
      {
        id: 'codigo',
        header: t('emisor.codigoInterno'),
        width: 120,
        sortable: true,
        text: (row) => row.codigoInterno,
      },
      {
        id: 'casillas',
        header: t('emisor.casillas'),
        width: 190,
        text: (row) => row.casillas.map(({ nombre }) => nombre).join(', '),
      },
      {
        id: 'ultimo',
        header: t('emisor.ultimoEnvio'),
        width: 138,
        sortable: true,
        text: (row) => (row.ultimoEnvio ? date(row.ultimoEnvio) : ''),
      },
      {
        id: 'activo',
        header: t('column.activa'),
        width: 86,
        sortable: true,
        text: (row) => t(row.activo ? 'emisor.estado.activo' : 'emisor.estado.inactivo'),
      },
      { id: 'email', header: t('emisor.email'), width: 180, hidden: true, text: (row) => row.email },
      { id: 'telefono', header: t('emisor.telefono'), width: 130, hidden: true, text: (row) => row.telefono },
    ],
    [t, date],
  )
}

const RULES: ListRules<Emisor> = {
  text: (row) => `${row.nombre} ${row.organizacion} ${row.codigoInterno} ${row.email}`,
  keys: {
    nombre: (row) => plain(row.nombre),
    organizacion: (row) => plain(row.organizacion),
    tipo: (row) => row.tipo,
    codigo: (row) => row.codigoInterno,
    ultimo: (row) => row.ultimoEnvio ?? '',
    activo: (row) => String(row.activo),
  },
}

/** Who sends files to the casillas. */
export default function EmisoresScreen() {
  const { t } = useText()
  const list = useOp('emisores.list', {})
  /** null: closed. */
  const [open, setOpen] = useState<{ emisor: Emisor | null } | null>(null)
  const create = <Button onClick={() => setOpen({ emisor: null })}>{t('emisor.create')}</Button>
  const none = list.data?.items.length === 0
  return (
    <Page title={t('emisores.title')} purpose={t('emisores.purpose')} action={none ? undefined : create} fill>
      <ListGrid
        id="emisores"
        label={t('emisores.title')}
        columns={useColumns()}
        query={list}
        rules={RULES}
        searchLabel={t('emisores.search')}
        onOpen={(emisor) => setOpen({ emisor })}
        counter={(n) => t('emisores.count', { n })}
        empty={{ none: t('emisores.none'), nothing: { text: t('emisores.empty'), action: create } }}
      />
      <Drawer
        opened={open !== null}
        onClose={() => setOpen(null)}
        title={open?.emisor?.nombre ?? t('emisor.new')}
        size={480}
      >
        {open ? (
          <EmisorForm
            key={open.emisor?.id ?? 'new'}
            emisor={open.emisor}
            onSaved={() => setOpen(null)}
            more={open.emisor ? <RemoveButton emisor={open.emisor} onRemoved={() => setOpen(null)} /> : null}
          />
        ) : null}
      </Drawer>
    </Page>
  )
}

interface RemoveProps {
  emisor: Emisor
  onRemoved: () => void
}

function RemoveButton({ emisor, onRemoved }: RemoveProps) {
  const { t } = useText()
  return (
    <Button
      variant="subtle"
      color="red"
      onClick={() =>
        modals.open({
          title: t('emisor.removeTitle', { name: emisor.nombre }),
          children: <RemoveEmisor emisor={emisor} onRemoved={onRemoved} />,
        })
      }
    >
      {t('action.remove')}
    </Button>
  )
}

/** Its permissions go with it. */
function RemoveEmisor({ emisor, onRemoved }: RemoveProps) {
  const { t } = useText()
  const remove = useCommand('emisores.remove', ['emisores.list', 'casillas.permisos', 'calendario.list'])
  return (
    <ConfirmName
      name={emisor.nombre}
      loses={t('emisor.removeLoses', { n: emisor.casillas.length })}
      busy={remove.isPending}
      onConfirm={() =>
        remove.mutate(
          { id: emisor.id },
          {
            onSuccess: () => {
              modals.closeAll()
              onRemoved()
            },
            onError: (error) => notifyError(error.data),
          },
        )
      }
    />
  )
}
