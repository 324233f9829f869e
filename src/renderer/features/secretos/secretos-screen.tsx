import { Box, Button, Drawer, Stack, Text } from '@mantine/core'
import type { SecretoInfo } from '@shared/model/secreto'
import { useMemo, useState } from 'react'
import { useOp } from '../../api/hooks'
import { useText } from '../../app/prefs'
import { showDay } from '../../ui/day'
import { ErrorBlock } from '../../ui/error-block'
import { dateColumn, type GridColumn } from '../../ui/grid/columns'
import { DataGrid } from '../../ui/grid/data-grid'
import type { GridSort } from '../../ui/grid/grid-head'
import { useLocalSource } from '../../ui/grid/source'
import { Page } from '../../ui/page'
import { SearchBox } from '../../ui/search-box'
import { isUsable, KeyPanel } from './key-panel'
import { RemoveButton } from './remove-secreto'
import { SecretoForm } from './secreto-form'
import { VigenciaBadge, vigenciaText } from './vigencia-badge'

const plain = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
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
const KEYS: Record<string, (row: SecretoInfo) => string> = {
  nombre: (row) => plain(row.nombre),
  tipo: (row) => row.tipo,
  cambiado: (row) => row.rotadoEn,
  // Those that never expire come after all that do.
  vence: (row) => row.venceEn ?? '9999',
  vigencia: (row) => (row.legible ? String(1 + URGENCY.indexOf(row.vigencia.estado)) : '0'),
}

/** Credentials of databases and clouds: told by name, never shown again. */
export default function SecretosScreen() {
  const { t } = useText()
  const list = useOp('secretos.list', {})
  const estado = useOp('secretos.estado', {})
  const [search, setSearch] = useState('')
  const [sort, setSort] = useState<GridSort>({ column: 'nombre', direction: 'asc' })
  /** null: closed. */
  const [open, setOpen] = useState<{ id: number | null } | null>(null)
  const rows = useMemo(() => {
    const wanted = plain(search.trim())
    const key = KEYS[sort.column]
    const found = (list.data?.items ?? []).filter(
      (row) =>
        wanted === '' ||
        plain(`${row.nombre} ${row.descripcion} ${namesOf(row)} ${usesOf(row)}`).includes(wanted),
    )
    if (!key) return found
    const way = sort.direction === 'asc' ? 1 : -1
    return found.sort((a, b) => (key(a) < key(b) ? -way : key(a) > key(b) ? way : 0))
  }, [list.data, search, sort])
  const source = useLocalSource(rows, {
    loading: list.isPending,
    error: list.error,
    retry: () => void list.refetch(),
  })
  const usable = estado.data !== undefined && isUsable(estado.data)
  const create = usable ? (
    <Button onClick={() => setOpen({ id: null })}>{t('secreto.create')}</Button>
  ) : undefined
  const none = list.data?.items.length === 0
  const opened = open === null ? null : (list.data?.items.find(({ id }) => id === open.id) ?? null)
  // One that was removed elsewhere must not turn into a new one.
  const showing = open !== null && (open.id === null || opened !== null)
  return (
    <Page title={t('secretos.title')} purpose={t('secretos.purpose')} action={none ? undefined : create} fill>
      <Box mb="sm">
        {estado.data ? <KeyPanel estado={estado.data} /> : null}
        {estado.error ? <ErrorBlock error={estado.error.data} onRetry={() => void estado.refetch()} /> : null}
      </Box>
      <DataGrid
        id="secretos"
        label={t('secretos.title')}
        columns={useColumns()}
        source={source}
        sort={sort}
        onSort={setSort}
        onOpen={(secreto) => setOpen({ id: secreto.id })}
        resetKey={search}
        counter={(n) => t('secretos.count', { n })}
        empty={none ? { text: t('secretos.empty'), action: create } : { text: t('secretos.none') }}
        toolbar={
          <SearchBox
            label={t('secretos.search')}
            width={260}
            delay={0}
            value={search}
            onChange={(q) => setSearch(q ?? '')}
          />
        }
      />
      <Drawer
        opened={showing}
        onClose={() => setOpen(null)}
        title={opened?.nombre ?? t('secreto.new')}
        size={560}
      >
        {showing ? (
          <Stack gap="sm">
            {opened && !opened.legible ? (
              <Text size="sm" c="red">
                {t('secreto.ilegible.hacer')}
              </Text>
            ) : null}
            {opened && opened.usadoPor.length > 0 ? (
              <Text size="sm" c="dimmed">
                {t('secreto.loUsa', { names: usesOf(opened) })}
              </Text>
            ) : null}
            <SecretoForm
              key={open?.id ?? 'new'}
              secreto={opened}
              onSaved={() => setOpen(null)}
              more={opened ? <RemoveButton secreto={opened} onRemoved={() => setOpen(null)} /> : null}
            />
          </Stack>
        ) : null}
      </Drawer>
    </Page>
  )
}
