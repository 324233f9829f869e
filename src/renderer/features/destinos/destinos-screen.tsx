import { Alert, Button, Drawer, Group, Menu, Stack, Text } from '@mantine/core'
import { modals } from '@mantine/modals'
import type { Destino } from '@shared/model/destino'
import { IconPencil, IconPlugConnected, IconTrash } from '@tabler/icons-react'
import { useSearch } from 'wouter'
import { useCommand, useOp } from '../../api/hooks'
import { navigate } from '../../app/hash-location'
import { useText, type Text as Words } from '../../app/prefs'
import { PruebaPanel } from '../../blocks/conexion/prueba-panel'
import { AreaTabs } from '../../blocks/materializacion/area-tabs'
import { DestinoForm } from '../../blocks/materializacion/destino-form'
import { ConfirmName } from '../../ui/confirm-name'
import { ErrorBlock } from '../../ui/error-block'
import { ListGrid } from '../../ui/grid/list-grid'
import { notifyError } from '../../ui/notify'
import { Page } from '../../ui/page'
import { RowMenu } from '../../ui/row-menu'
import { DESTINO_RULES, useDestinoColumns } from './destino-columns'

const PATH = '/materializaciones/destinos'

/** Where records can be taken to: databases, files, and the console's own. */
export default function DestinosScreen() {
  const { t } = useText()
  const list = useOp('destinos.list', {})
  const shown = new URLSearchParams(useSearch()).get('destino')
  const show = (id: number | 'nuevo' | null) => navigate(id === null ? PATH : `${PATH}?destino=${id}`)
  const menu = (row: Destino) => <DestinoMenu row={row} onOpen={() => show(row.id)} />
  const columns = useDestinoColumns(menu)
  const items = list.data?.items
  return (
    <Page
      title={t('destinos.title')}
      purpose={t('destinos.purpose')}
      action={<Button onClick={() => show('nuevo')}>{t('destino.create')}</Button>}
      fill
    >
      <AreaTabs current="destinos" />
      <ListGrid
        id="destinos"
        label={t('destinos.title')}
        columns={columns}
        query={list}
        rules={DESTINO_RULES}
        searchLabel={t('destinos.search')}
        onOpen={(row) => show(row.id)}
        counter={(n) => t('destinos.count', { n })}
        empty={{ none: t('destinos.none') }}
      />
      <DestinoDrawer
        shown={shown}
        destino={items?.find(({ id }) => String(id) === shown)}
        loaded={items !== undefined}
        onClose={() => show(null)}
      />
    </Page>
  )
}

interface DestinoDrawerProps {
  shown: string | null
  destino: Destino | undefined
  loaded: boolean
  onClose: () => void
}

function DestinoDrawer({ shown, destino, loaded, onClose }: DestinoDrawerProps) {
  const { t } = useText()
  const fresh = shown === 'nuevo'
  return (
    <Drawer
      opened={shown !== null}
      onClose={onClose}
      title={fresh ? t('destino.new') : (destino?.nombre ?? t('destinos.title'))}
      size={520}
    >
      {fresh ? <DestinoForm destino={null} onSaved={onClose} /> : null}
      {destino && !fresh ? <DestinoDetail key={destino.id} destino={destino} onDone={onClose} /> : null}
      {loaded && !fresh && !destino ? <Text size="sm">{t('destino.gone')}</Text> : null}
    </Drawer>
  )
}

function DestinoDetail({ destino, onDone }: { destino: Destino; onDone: () => void }) {
  const { t } = useText()
  return (
    <Stack gap="md">
      {destino.ultimaPrueba ? (
        <PruebaPanel prueba={destino.ultimaPrueba} />
      ) : (
        <Text size="sm" c="dimmed">
          {t('destino.neverTested')}
        </Text>
      )}
      {destino.tipo === 'interno' ? (
        <>
          <Alert variant="light">{t('destino.interno')}</Alert>
          <TestSaved destino={destino} />
        </>
      ) : (
        <DestinoForm
          destino={destino}
          onSaved={onDone}
          more={
            <Button
              variant="subtle"
              color="red"
              disabled={destino.usos > 0}
              title={destino.usos > 0 ? t('destino.inUse', { n: destino.usos }) : undefined}
              onClick={() => openRemove(t, destino, onDone)}
            >
              {t('action.remove')}
            </Button>
          }
        />
      )}
    </Stack>
  )
}

function TestSaved({ destino }: { destino: Destino }) {
  const { t } = useText()
  const test = useCommand('destinos.probar', ['destinos.list'])
  return (
    <Stack gap="sm">
      <Group>
        <Button
          variant="default"
          leftSection={<IconPlugConnected size={16} />}
          loading={test.isPending}
          onClick={() => test.mutate({ id: destino.id })}
        >
          {t('destino.probar')}
        </Button>
      </Group>
      {test.error ? <ErrorBlock error={test.error.data} /> : null}
    </Stack>
  )
}

const openRemove = (t: Words['t'], destino: Destino, onDone: () => void) =>
  modals.open({
    title: t('casilla.removeTitle', { name: destino.nombre }),
    children: <RemoveDestino destino={destino} onDone={onDone} />,
  })

function RemoveDestino({ destino, onDone }: { destino: Destino; onDone: () => void }) {
  const { t } = useText()
  const remove = useCommand('destinos.remove', ['destinos.list', 'secretos.list'])
  return (
    <ConfirmName
      name={destino.nombre}
      loses={t('destino.removeLoses')}
      busy={remove.isPending}
      onConfirm={() =>
        remove.mutate(
          { id: destino.id },
          {
            onSuccess: () => {
              modals.closeAll()
              onDone()
            },
            onError: (error) => notifyError(error.data),
          },
        )
      }
    />
  )
}

function DestinoMenu({ row, onOpen }: { row: Destino; onOpen: () => void }) {
  const { t } = useText()
  const test = useCommand('destinos.probar', ['destinos.list'])
  const own = row.tipo === 'interno'
  return (
    <RowMenu label={t('grid.actionsOf', { name: row.nombre })}>
      <Menu.Item
        leftSection={<IconPlugConnected size={16} />}
        onClick={() =>
          test.mutate({ id: row.id }, { onSuccess: onOpen, onError: (error) => notifyError(error.data) })
        }
      >
        {t('destino.probar')}
      </Menu.Item>
      <Menu.Item leftSection={<IconPencil size={16} />} onClick={onOpen}>
        {t(own ? 'action.open' : 'destino.edit')}
      </Menu.Item>
      {own ? null : (
        <Menu.Item
          color="red"
          leftSection={<IconTrash size={16} />}
          disabled={row.usos > 0}
          title={row.usos > 0 ? t('destino.inUse', { n: row.usos }) : undefined}
          onClick={() => openRemove(t, row, () => undefined)}
        >
          {t('action.remove')}
        </Menu.Item>
      )}
    </RowMenu>
  )
}
