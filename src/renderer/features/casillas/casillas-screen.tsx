import { Button, Group, Text, TextInput } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import type { Casilla } from '@shared/model/casilla'
import { IconSearch } from '@tabler/icons-react'
import { useMemo, useRef, useState } from 'react'
import { Link } from 'wouter'
import { useOp } from '../../api/hooks'
import { navigate } from '../../app/hash-location'
import { useText } from '../../app/prefs'
import type { GridColumn } from '../../ui/grid/columns'
import { DataGrid } from '../../ui/grid/data-grid'
import type { GridSort } from '../../ui/grid/grid-head'
import { useLocalSource } from '../../ui/grid/source'
import { Page } from '../../ui/page'
import { ExecutionBadge } from '../../ui/state-badge'
import { estadoValue, faseValue } from './last-execution'

const plain = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()

function useColumns(): GridColumn<Casilla>[] {
  const { t, date, number } = useText()
  return useMemo(
    () => [
      {
        id: 'nombre',
        header: t('column.nombre'),
        width: 220,
        grow: true,
        sortable: true,
        text: (row) => row.nombre,
        render: (row) => (
          <Link href={`/casillas/${row.id}`} className="sage-link sage-cut" tabIndex={-1}>
            {row.nombre}
          </Link>
        ),
      },
      { id: 'descripcion', header: t('column.descripcion'), width: 240, text: (row) => row.descripcion },
      {
        id: 'ultima',
        header: t('column.ultima'),
        width: 140,
        text: (row) => row.ultimaEjecucion?.estado ?? row.ultimaEjecucion?.fase ?? '',
        render: (row) => {
          const fase = faseValue(row.ultimaEjecucion?.fase)
          if (!fase)
            return (
              <Text size="sm" c="dimmed">
                {t('casilla.never')}
              </Text>
            )
          return <ExecutionBadge fase={fase} estado={estadoValue(row.ultimaEjecucion?.estado)} />
        },
      },
      {
        id: 'terminada',
        header: t('column.terminada'),
        width: 140,
        sortable: true,
        text: (row) => (row.ultimaEjecucion?.terminadaEn ? date(row.ultimaEjecucion.terminadaEn) : ''),
      },
      {
        id: 'catalogos',
        header: t('column.catalogos'),
        width: 92,
        align: 'right',
        sortable: true,
        text: (row) => number(row.catalogos.length),
      },
      {
        id: 'yaml',
        header: t('column.yaml'),
        width: 190,
        text: (row) => `${row.nombreYaml} · v${row.yamlVersion}`,
      },
      {
        id: 'activa',
        header: t('column.activa'),
        width: 90,
        text: (row) => t(row.activa ? 'casilla.active' : 'casilla.inactive'),
      },
      {
        id: 'politica',
        header: t('column.politica'),
        width: 150,
        hidden: true,
        text: (row) => t(`politica.${row.politica}`),
      },
      {
        id: 'creadaEn',
        header: t('column.creadaEn'),
        width: 140,
        hidden: true,
        sortable: true,
        text: (row) => date(row.creadaEn),
      },
    ],
    [t, date, number],
  )
}

const KEYS: Record<string, (row: Casilla) => string | number> = {
  nombre: (row) => plain(row.nombre),
  terminada: (row) => row.ultimaEjecucion?.terminadaEn ?? '',
  catalogos: (row) => row.catalogos.length,
  creadaEn: (row) => row.creadaEn,
}

/** The data mailboxes, each with the YAML that judges its files. */
export default function CasillasScreen() {
  const { t } = useText()
  const list = useOp('casillas.list', {})
  const [search, setSearch] = useState('')
  const [sort, setSort] = useState<GridSort>({ column: 'nombre', direction: 'asc' })
  const input = useRef<HTMLInputElement>(null)
  useHotkeys([['/', () => input.current?.focus()]])
  const rows = useMemo(() => {
    const wanted = plain(search.trim())
    const key = KEYS[sort.column]
    const found = (list.data?.items ?? []).filter(
      (row) => wanted === '' || plain(`${row.nombre} ${row.descripcion} ${row.nombreYaml}`).includes(wanted),
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
  const create = (
    <Button component={Link} href="/casillas/nueva">
      {t('casilla.create')}
    </Button>
  )
  const none = list.data?.items.length === 0
  return (
    <Page title={t('nav.casillas')} purpose={t('casillas.purpose')} action={none ? undefined : create} fill>
      <DataGrid
        id="casillas"
        label={t('nav.casillas')}
        columns={useColumns()}
        source={source}
        sort={sort}
        onSort={setSort}
        onOpen={(row) => navigate(`/casillas/${row.id}`)}
        resetKey={search}
        counter={(n) => t('casillas.count', { n })}
        empty={none ? { text: t('casillas.empty'), action: create } : { text: t('casillas.none') }}
        toolbar={
          <Group gap="xs">
            <TextInput
              ref={input}
              w={260}
              size="xs"
              aria-label={t('casillas.search')}
              placeholder={t('casillas.search')}
              leftSection={<IconSearch size={14} />}
              value={search}
              onChange={(event) => setSearch(event.currentTarget.value)}
            />
          </Group>
        }
      />
    </Page>
  )
}
