import { Alert, Button, Drawer, Group } from '@mantine/core'
import { modals } from '@mantine/modals'
import type { Casilla } from '@shared/model/casilla'
import type { Permiso } from '@shared/model/emisor'
import { IconPlus } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import { Link } from 'wouter'
import { useCommand, useOp } from '../../api/hooks'
import { useText } from '../../app/prefs'
import { frecuenciaText } from '../../blocks/frecuencia-draft'
import { formatInZone } from '../../ui/format'
import type { GridColumn } from '../../ui/grid/columns'
import { DataGrid } from '../../ui/grid/data-grid'
import { useLocalSource } from '../../ui/grid/source'
import { notifyError } from '../../ui/notify'
import { PunctualityBadge, punctualityKey } from '../../ui/reception-badge'
import { PermisoForm } from './permiso-form'

function useColumns(zona: string): GridColumn<Permiso>[] {
  const { t, lang, date } = useText()
  return useMemo(
    () => [
      {
        id: 'emisor',
        header: t('permiso.emisor'),
        width: 150,
        grow: true,
        text: (row) =>
          row.emisorActivo ? row.emisorNombre : t('permiso.inactivo', { name: row.emisorNombre }),
      },
      {
        id: 'situacion',
        header: t('permiso.situacion'),
        width: 148,
        text: (row) => t(punctualityKey(row.puntualidad.estado)),
        render: (row) => <PunctualityBadge estado={row.puntualidad.estado} />,
      },
      {
        id: 'metodos',
        header: t('permiso.metodos.corto'),
        width: 132,
        text: (row) => row.metodos.map((metodo) => t(`metodo.${metodo}`)).join(', '),
      },
      {
        id: 'subdirectorio',
        header: t('permiso.subdirectorio'),
        width: 110,
        mono: true,
        text: (row) => row.subdirectorio,
      },
      {
        id: 'frecuencia',
        header: t('casilla.tab.frecuencia'),
        width: 148,
        text: (row) =>
          row.frecuencia ? frecuenciaText({ t, lang }, row.frecuencia) : t('permiso.frecuencia.heredada'),
      },
      {
        id: 'proxima',
        header: t('frecuencia.proximaEsperada'),
        width: 174,
        text: (row) =>
          row.puntualidad.proximaEsperada ? formatInZone(lang, row.puntualidad.proximaEsperada, zona) : '',
      },
      {
        id: 'ultimo',
        header: t('emisor.ultimoEnvio'),
        width: 138,
        hidden: true,
        text: (row) => (row.puntualidad.ultimoEnvio ? date(row.puntualidad.ultimoEnvio) : ''),
      },
      {
        id: 'responsable',
        header: t('permiso.responsable'),
        width: 120,
        text: ({ responsable }) =>
          [responsable.nombre, responsable.email, responsable.telefono]
            .filter((part) => part !== '')
            .join(' · '),
      },
      {
        id: 'organizacion',
        header: t('emisor.organizacion'),
        width: 150,
        hidden: true,
        text: (row) => row.organizacion,
      },
    ],
    [t, lang, date, zona],
  )
}

/** Who may send to this casilla, by which methods and from which sub-folder. */
export function EmisoresTab({ casilla }: { casilla: Casilla }) {
  const { t } = useText()
  const list = useOp('casillas.permisos', { casillaId: casilla.id }, { refetchInterval: 60_000 })
  /** null: closed. */
  const [open, setOpen] = useState<{ permiso: Permiso | null } | null>(null)
  const source = useLocalSource(list.data?.items, {
    loading: list.isPending,
    error: list.error,
    retry: () => void list.refetch(),
  })
  const taken = list.data?.items.map(({ emisorId }) => emisorId) ?? []
  const add = (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setOpen({ permiso: null })}>
      {t('permiso.add')}
    </Button>
  )
  const unseen =
    !casilla.vigilancia.subcarpetas && list.data?.items.some(({ subdirectorio }) => subdirectorio !== '')
  const none = list.data?.items.length === 0
  return (
    <>
      {unseen ? (
        <Alert variant="light" color="orange" mb="sm" style={{ flexShrink: 0 }}>
          {t('permiso.sinSubcarpetas')}
        </Alert>
      ) : null}
      <DataGrid
        id="casilla-emisores"
        label={t('casilla.tab.emisores')}
        columns={useColumns(casilla.zonaHoraria)}
        source={source}
        onOpen={(permiso) => setOpen({ permiso })}
        counter={(n) => t('emisores.count', { n })}
        empty={{ text: t('permiso.empty'), action: add }}
        toolbar={none ? null : add}
        tools={
          <Link href="/casillas/emisores" className="sage-link" style={{ fontSize: 12 }}>
            {t('permiso.all')}
          </Link>
        }
      />
      <Drawer
        opened={open !== null}
        onClose={() => setOpen(null)}
        title={open?.permiso?.emisorNombre ?? t('permiso.add')}
        size={520}
      >
        {open ? (
          <PermisoForm
            key={open.permiso?.emisorId ?? 'new'}
            casilla={casilla}
            permiso={open.permiso}
            taken={taken}
            onSaved={() => setOpen(null)}
            more={
              open.permiso ? <RemovePermiso permiso={open.permiso} onRemoved={() => setOpen(null)} /> : null
            }
          />
        ) : null}
      </Drawer>
    </>
  )
}

function RemovePermiso({ permiso, onRemoved }: { permiso: Permiso; onRemoved: () => void }) {
  const { t } = useText()
  const remove = useCommand('casillas.quitarPermiso', [
    'casillas.permisos',
    'casillas.get',
    'casillas.list',
    'emisores.list',
    'calendario.list',
  ])
  const { casillaId, emisorId, emisorNombre, subdirectorio } = permiso
  const confirm = () =>
    modals.openConfirmModal({
      title: t('permiso.removeTitle', { name: emisorNombre }),
      children: subdirectorio
        ? t('permiso.removeTextFolder', { folder: subdirectorio })
        : t('permiso.removeText'),
      labels: { confirm: t('permiso.remove'), cancel: t('action.cancel') },
      confirmProps: { color: 'red' },
      onConfirm: () =>
        remove.mutate(
          { casillaId, emisorId },
          { onSuccess: onRemoved, onError: (error) => notifyError(error.data) },
        ),
    })
  return (
    <Group>
      <Button variant="subtle" color="red" loading={remove.isPending} onClick={confirm}>
        {t('permiso.remove')}
      </Button>
    </Group>
  )
}
