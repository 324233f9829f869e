import { Box, Button, Drawer, Stack, Text } from '@mantine/core'
import type { SecretoInfo } from '@shared/model/secreto'
import { useMemo, useState } from 'react'
import { useOp } from '../../api/hooks'
import { useText } from '../../app/prefs'
import { showDay } from '../../ui/day'
import { ErrorBlock } from '../../ui/error-block'
import { dateColumn, type GridColumn } from '../../ui/grid/columns'
import { ListGrid } from '../../ui/grid/list-grid'
import type { ListRules } from '../../ui/grid/list-rows'
import { Page } from '../../ui/page'
import { plain } from '../../ui/plain'
import { isUsable, KeyPanel } from './key-panel'
import { RemoveButton } from './remove-secreto'
import { SecretoForm } from './secreto-form'
import { VigenciaBadge, vigenciaText } from './vigencia-badge'

const namesOf = (row: SecretoInfo) => row.valores.map(({ nombre }) => nombre).join(', ')
const usesOf = (row: SecretoInfo) => row.usadoPor.map(({ nombre }) => nombre).join(', ')

function useColumns(): GridColumn<SecretoInfo>[] {
  const { t, date, lang } = useText()
  return useMemo(
    () => [
      {
        ...{ id: 'nombre', header: t('secreto.nombre'), width: 220, grow: true, sortable: true },
        text: (row) => row.nombre,
      },
      {
        ...{ id: 'tipo', header: t('secreto.tipo'), width: 130, sortable: true },
        text: (row) => t(`tipoSecreto.${row.tipo}`),
      },
      { ...{ id: 'valores', header: t('secreto.valores'), width: 180, mono: true }, text: namesOf },
      {
        ...{ id: 'cambiado', header: t('secreto.cambiado'), sortable: true, ...dateColumn(lang) },
        text: (row) => date(row.rotadoEn),
      },
      {
        ...{ id: 'vence', header: t('secreto.vence'), width: 104, sortable: true },
        text: (row) => (row.venceEn === null ? '' : showDay(lang, row.venceEn)),
      },
      {
        ...{ id: 'vigencia', header: t('secreto.vigencia'), width: 160, sortable: true },
        text: (row) => vigenciaText(t, row),
        render: (row) => <VigenciaBadge secreto={row} />,
      },
      { id: 'usos', header: t('secreto.usadoPor'), width: 150, text: usesOf },
      {
        ...{ id: 'descripcion', header: t('secreto.descripcion'), width: 200, hidden: true },
        text: (row) => row.descripcion,
      },
    ],
    [t, date, lang],
  )
}

/** The most pressing first. */
const URGENCY = ['vencido', 'por_vencer', 'por_rotar', 'vigente', 'sin_plazo']
const RULES: ListRules<SecretoInfo> = {
  text: (row) => `${row.nombre} ${row.descripcion} ${namesOf(row)} ${usesOf(row)}`,
  keys: {
    nombre: (row) => plain(row.nombre),
    tipo: (row) => row.tipo,
    cambiado: (row) => row.rotadoEn,
    // Those that never expire come after all that do.
    vence: (row) => row.venceEn ?? '9999',
    vigencia: (row) => (row.legible ? 1 + URGENCY.indexOf(row.vigencia.estado) : 0),
  },
}

/** Credentials of databases and clouds: told by name, never shown again. */
export default function SecretosScreen() {
  const { t } = useText()
  const list = useOp('secretos.list', {})
  const estado = useOp('secretos.estado', {})
  /** null: closed. */
  const [open, setOpen] = useState<{ id: number | null } | null>(null)
  const usable = estado.data !== undefined && isUsable(estado.data)
  const create = usable ? (
    <Button onClick={() => setOpen({ id: null })}>{t('secreto.create')}</Button>
  ) : undefined
  const none = list.data?.items.length === 0
  const opened = open === null ? null : (list.data?.items.find(({ id }) => id === open.id) ?? null)
  return (
    <Page title={t('secretos.title')} purpose={t('secretos.purpose')} action={none ? undefined : create} fill>
      <Box mb="sm">
        {estado.data ? <KeyPanel estado={estado.data} /> : null}
        {estado.error ? <ErrorBlock error={estado.error.data} onRetry={() => void estado.refetch()} /> : null}
      </Box>
      <ListGrid
        id="secretos"
        label={t('secretos.title')}
        columns={useColumns()}
        query={list}
        rules={RULES}
        searchLabel={t('secretos.search')}
        onOpen={(secreto) => setOpen({ id: secreto.id })}
        counter={(n) => t('secretos.count', { n })}
        empty={{ none: t('secretos.none'), nothing: { text: t('secretos.empty'), action: create } }}
      />
      <SecretoDrawer open={open} secreto={opened} onClose={() => setOpen(null)} />
    </Page>
  )
}

interface SecretoDrawerProps {
  /** null: closed; without a number, a new one. */
  open: { id: number | null } | null
  secreto: SecretoInfo | null
  onClose: () => void
}

function SecretoDrawer({ open, secreto, onClose }: SecretoDrawerProps) {
  const { t } = useText()
  // One that was removed elsewhere must not turn into a new one.
  const showing = open !== null && (open.id === null || secreto !== null)
  return (
    <Drawer opened={showing} onClose={onClose} title={secreto?.nombre ?? t('secreto.new')} size={560}>
      {showing ? (
        <Stack gap="sm">
          {secreto && !secreto.legible ? (
            <Text size="sm" c="var(--sage-red)">
              {t('secreto.ilegible.hacer')}
            </Text>
          ) : null}
          {secreto && secreto.usadoPor.length > 0 ? (
            <Text size="sm" c="dimmed">
              {t('secreto.loUsa', { names: usesOf(secreto) })}
            </Text>
          ) : null}
          <SecretoForm
            key={open?.id ?? 'new'}
            secreto={secreto}
            onSaved={onClose}
            more={secreto ? <RemoveButton secreto={secreto} onRemoved={onClose} /> : null}
          />
        </Stack>
      ) : null}
    </Drawer>
  )
}
